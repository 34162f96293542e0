"""One record of a system as the audit keeps it: ids, keyed hashes, times and opt-outs, never an address."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

EMAIL, ROLE, PHONE = "email:", "role:", "phone:"
"""What a mark begins with; the rest is a keyed hash. A role address is one that a team reads: nobody's own."""


class Entry(NamedTuple):
    """One record. Small, because a run holds hundreds of thousands.

    ``has_email``: it has an email address, be it one that we cannot read. ``created`` is in milliseconds since 1970
    (None: the vendor does not say), ``last_seen`` the vendor's text. ``marks`` are its sorted identifiers. ``opt_outs``
    is what its owner refused, as the vendor knows it; None where the vendor did not say.
    """

    record: str
    has_email: bool
    created: int | None
    last_seen: str
    opt_outs: str | None
    marks: tuple[str, ...]

    def line(self) -> str:
        """As one line of the spool."""
        return json.dumps(self, separators=(",", ":"))


def read_line(line: str | bytes) -> Entry:
    """An entry from its line."""
    record, has_email, created, last_seen, opt_outs, marks = json.loads(line)
    return Entry(record, has_email, created, last_seen, opt_outs, tuple(marks))


@dataclass(frozen=True)
class Marking:
    """How raw identifiers become marks: normalised as identity does it, then hashed under its pepper.

    ``regions`` are tried, after the record's own country, for a phone number that names none.
    """

    normalize_email: Callable[[str], str | None]
    normalize_phone: Callable[[str, Sequence[str]], str | None]
    normalize_country: Callable[[str], str | None]
    key: Callable[[tuple[str, str]], str]
    is_role: Callable[[tuple[str, str]], bool]
    regions: tuple[str, ...] = ()

    def marks(self, emails: Iterable[str], phones: Iterable[str], country: str) -> tuple[str, ...]:
        """The marks of a record; what does not normalise is nobody's."""
        code = self.normalize_country(country)
        regions = [*([code] if code else []), *self.regions]
        read_emails = {self.normalize_email(raw) for raw in emails}
        read_phones = {self.normalize_phone(raw, regions) for raw in phones}
        found = {self._email_mark(email) for email in read_emails if email}
        return tuple(sorted(found | {PHONE + self.key(("phone", phone)) for phone in read_phones if phone}))

    def _email_mark(self, email: str) -> str:
        identifier = ("email", email)
        return (ROLE if self.is_role(identifier) else EMAIL) + self.key(identifier)


def milliseconds(text: str | None) -> int | None:
    """An ISO 8601 time with a zone as milliseconds since 1970; None for anything else."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return None if moment.tzinfo is None else round(moment.astimezone(UTC).timestamp() * 1000)
