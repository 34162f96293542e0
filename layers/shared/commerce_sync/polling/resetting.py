"""Setting a cursor to another time, by an operator. Pure.

Backward is harmless: what is read again is known. Forward leaves unread what lies between, so it must be said; over
opt-outs it is not done at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from commerce_sync.polling.cursors import Cursor

CONSENT: Final = ("klaviyo#", "hubspot#")
"""What the names of sources of consent begin with."""


@dataclass(frozen=True, slots=True)
class Reset:
    """A cursor as it would stand, and what would never be read: from and to; None where all is read."""

    cursor: Cursor
    skips: tuple[datetime, datetime] | None


def reset(source: str, cursor: Cursor, through: datetime, now: datetime, *, by: str, reason: str) -> Reset:
    """The cursor set to a time, with who did it and why in its history. An open window is left.

    :raises ValueError: the time is to come, or opt-outs would be left unread.
    """
    if through > now:
        raise ValueError("through lies in the future: what happens until then would not be read")
    skips = (cursor.through, through) if through > cursor.through else None
    if skips and source.startswith(CONSENT):
        raise ValueError(f"{source} tells of consent: it is never set forward, for an opt-out could be lost")
    told: dict[str, Any] = {
        "at": now.isoformat(),
        "by": by,
        "reason": reason,
        "from": cursor.through.isoformat(),
        "through": through.isoformat(),
    }
    return Reset(cursor.reset(through, told), skips)


def told(source: str, before: Cursor, after: Reset) -> Mapping[str, Any]:
    """What a reset does, in words that stay the same for a look and for the deed."""
    skips = after.skips and {"from": after.skips[0].isoformat(), "to": after.skips[1].isoformat()}
    return {
        "source": source,
        "from": before.through.isoformat(),
        "through": after.cursor.through.isoformat(),
        "leaves_window": before.window is not None,
        "skips": skips,
    }
