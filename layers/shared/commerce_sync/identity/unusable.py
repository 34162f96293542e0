"""Why a value is no identifier. It is kept as it was written, and never becomes a key."""

from typing import Final, Literal

from commerce_sync.contracts.events import Unusable
from commerce_sync.identity.text import visible

KEPT: Final = 200
"""Characters of a value that travel on; the archive has the whole body."""
FEWEST_DIGITS: Final = 3
"""Fewer are nobody's number, but somebody's ``n/a``."""
MOST_DIGITS: Final = 15
"""Of one number (ITU-T E.164); more are several, or a number and something else."""


def unusable_email(raw: str) -> Unusable | None:
    """Why this is no email address; None where nothing was written at all."""
    return _unusable("email", raw, visible(raw[:KEPT]).count("@"), few=1, many=1)


def unusable_phone(raw: str) -> Unusable | None:
    """Why this is no phone number; None where nothing was written at all."""
    return _unusable("phone", raw, sum(map(str.isdigit, raw[:KEPT])), few=FEWEST_DIGITS, many=MOST_DIGITS)


def _unusable(kind: Literal["email", "phone"], raw: str, found: int, *, few: int, many: int) -> Unusable | None:
    if not visible(raw[:KEPT]):
        return None
    reason: Literal["nothing", "several", "not_valid"] = "not_valid"
    if found < few:
        reason = "nothing"
    elif found > many:
        reason = "several"
    return Unusable(kind=kind, raw=_writable(raw[:KEPT]), reason=reason)


def _writable(raw: str) -> str:
    """The text without halves of characters, which no message can carry."""
    return raw.encode("utf-8", "replace").decode()
