"""Which record of a person would stay, and which others could be merged into it.

The survivor has an email address, if any of them has; among those it is the oldest; among those of one age it has the
smallest id. Merging moves the vendors' own consent states in ways of their own, so two records whose owner refused
different things are never merged by us: the refusal might be lost, and somebody messaged against their will.
"""

from collections.abc import Mapping
from typing import Literal

from commerce_sync.duplicates.entries import EMAIL, PHONE, ROLE, Entry
from commerce_sync.duplicates.grouping import Group

Refusal = Literal["consent_differs", "consent_unknown", "only_through_others"]
LONG_AFTER = 1 << 62


def age_order(entry: Entry) -> tuple[bool, int, int, str]:
    """Sorts the survivor first. Ids that are numbers are compared as numbers."""
    number = int(entry.record) if entry.record.isdecimal() else LONG_AFTER
    created = LONG_AFTER if entry.created is None else entry.created
    return not entry.has_email, created, number, entry.record


def why_first(first: Entry, second: Entry) -> str:
    """By what the survivor comes before the next."""
    if first.has_email != second.has_email:
        return "only_with_email"
    return "oldest" if age_order(first)[1] != age_order(second)[1] else "smallest_id"


def why_not(survivor: Entry, other: Entry) -> Refusal | None:
    """Why these two may not be merged; None where they may.

    They must share an address, or a phone number while at most one of them has an email address, and that no team's;
    and each must be known to have refused just what the other refused.
    """
    shared = set(survivor.marks) & set(other.marks)
    of_a_team = any(mark.startswith(ROLE) for mark in survivor.marks + other.marks)
    by_phone = any(mark.startswith(PHONE) for mark in shared) and not (survivor.has_email and other.has_email)
    if not any(mark.startswith(EMAIL) for mark in shared) and (of_a_team or not by_phone):
        return "only_through_others"
    if survivor.opt_outs is None or other.opt_outs is None:
        return "consent_unknown"
    return None if survivor.opt_outs == other.opt_outs else "consent_differs"


def in_order(group: Group) -> list[Entry]:
    """The records of a person, the survivor first."""
    return sorted(group.entries, key=age_order)


def refusals(group: Group) -> Mapping[str, Refusal]:
    """Which records of a person may not be merged into the survivor, and why."""
    survivor, *others = in_order(group)
    found = {other.record: why_not(survivor, other) for other in others}
    return {record: refusal for record, refusal in found.items() if refusal}
