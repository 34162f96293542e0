"""From what is known of a person to what a destination shall have: pure, line by line of the field map.

What was not read is not said. What was read and is empty is None only where its line may clear, else not said either;
what cannot be read is never cleared: it is named, and stays as it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from commerce_sync.contracts.fields import FieldLine, FieldValues, Known
from commerce_sync.profiles.transforms import WHERE_NOTHING_IS, Transform, moment

MODIFIED = "lastmodifieddate"
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Mapped:
    """Values for one destination, and the sources whose texts were none of their fields' type."""

    values: FieldValues
    unreadable: tuple[str, ...] = ()


def mapped(known: Known, lines: Iterable[FieldLine], transforms: Mapping[str, Transform]) -> Mapped:
    """What is known, by the lines of one destination."""
    values: dict[str, str | None] = {}
    unreadable: list[str] = []
    for line in lines:
        if line.source not in known:
            continue
        text = (known[line.source] or "").strip()
        value = transforms[line.transform](text, line.type, known) if text else WHERE_NOTHING_IS.get(line.transform)
        if value is not None:
            values[line.key] = value
        elif text:
            unreadable.append(line.source)
        elif line.clear:
            values[line.key] = None
    return Mapped(values, tuple(dict.fromkeys(unreadable)))


def speakers(contacts: Sequence[Mapping[str, Any]], emails: Mapping[str, str]) -> dict[str, Mapping[str, Any]]:
    """By email address, the contact that speaks for it: of several, the one that was modified last.

    ``emails`` are normalised addresses by contact id; contacts that are not in it speak for nobody.
    """
    chosen = {}
    for contact in sorted(contacts, key=_modified):
        if email := emails.get(str(contact["id"])):
            chosen[email] = contact
    return chosen


def _modified(contact: Mapping[str, Any]) -> tuple[datetime, int, str]:
    """Of one moment, the younger contact: ids grow."""
    contact_id = str(contact["id"])
    return moment(str(contact["properties"].get(MODIFIED) or "")) or LONG_AGO, len(contact_id), contact_id
