"""Which records of one system are one person: a function of the set of records, however they were read.

================= ============================================================================== ==========
same_email        they share an email address                                                    one person
same_phone        they share a phone number, and at most one of them has an email address         one person
shared_phone      they share a phone number and have different addresses: a family, a counter     listed
phones_disagree   phone numbers that would each join one address with others, but several in all  listed
role_address      the address, or that of somebody with the phone number, is a team's (info@)     listed
shared_too_widely more than ``most_sharing`` records share it                                     listed
================= ============================================================================== ==========
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from commerce_sync.duplicates.entries import EMAIL, PHONE, ROLE, Entry
from commerce_sync.duplicates.phones import Names, judge_phones
from commerce_sync.duplicates.units import Units

Reason = Literal["same_email", "same_phone", "shared_phone", "phones_disagree", "role_address", "shared_too_widely"]
Found = tuple[Reason, Iterable[str], Iterable[str]]
"""A reason, the marks that are shared, and the records that share them."""
MOST_SHARING = 10


@dataclass(frozen=True)
class Group:
    """Records that share ``marks``, in the order of their ids' texts."""

    reason: Reason
    marks: tuple[str, ...]
    entries: tuple[Entry, ...]

    @property
    def is_one_person(self) -> bool:
        """Whether these records are one person; otherwise they are only listed."""
        return self.reason in {"same_email", "same_phone"}


@dataclass(frozen=True)
class Findings:
    """What an audit of one system found."""

    records: int
    groups: tuple[Group, ...]

    @property
    def people(self) -> int:
        """How many distinct people the records stand for."""
        return self.records - sum(len(group.entries) - 1 for group in self.groups if group.is_one_person)

    @property
    def inflation(self) -> Decimal:
        """(records - people) / people in percent, to two digits."""
        people = max(self.people, 1)
        return (Decimal(100 * (self.records - self.people)) / people).quantize(Decimal("0.01"))


def find_duplicates(read: Callable[[], Iterable[Entry]], most_sharing: int = MOST_SHARING) -> Findings:
    """Group the records that ``read`` yields; it is called twice, so that only those that share anything are held.

    A record that comes twice counts once; of two states of it one is taken, the same whatever their order.
    """
    records, shared = _shared(read())
    held: dict[str, Entry] = {}
    for entry in read():
        if not shared.isdisjoint(entry.marks):
            known = held.get(entry.record)
            held[entry.record] = entry if known is None else max(known, entry, key=Entry.line)
    groups = [_group(held, *found) for found in _groups(held, _holders(held.values()), most_sharing)]
    return Findings(records, tuple(sorted(groups, key=_place)))


def _shared(entries: Iterable[Entry]) -> tuple[int, frozenset[str]]:
    """How many records there are, and the marks that more than one of them carries."""
    records: dict[str, str] = {}
    first: dict[str, str] = {}
    shared: set[str] = set()
    for entry in entries:
        record = records.setdefault(entry.record, entry.record)
        shared.update(mark for mark in entry.marks if first.setdefault(mark, record) != record)
    return len(records), frozenset(shared)


def _holders(entries: Iterable[Entry]) -> Mapping[str, Names]:
    holders: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for mark in entry.marks:
            holders[mark].add(entry.record)
    return {mark: frozenset(names) for mark, names in holders.items() if len(names) > 1}


def _groups(held: Mapping[str, Entry], holders: Mapping[str, Names], most_sharing: int) -> Iterator[Found]:
    near = {mark: names for mark, names in holders.items() if len(names) <= most_sharing}
    emails = {mark: names for mark, names in near.items() if mark.startswith(EMAIL)}
    units = Units()
    for names in emails.values():
        units.join(names)
    phones = judge_phones(held.values(), units, {mark: near[mark] for mark in near if mark.startswith(PHONE)})
    for mark, names in holders.items():
        if mark not in near:
            yield "shared_too_widely", [mark], names
        elif mark.startswith(ROLE) or mark in phones.of_teams:
            yield "role_address", [mark], names
        elif mark in phones.of_several:
            yield "shared_phone", [mark], names
    for numbers in phones.disagreeing:
        yield "phones_disagree", numbers, frozenset().union(*numbers.values())
    yield from _people(units, emails | phones.joining)


def _people(by_email: Units, joining: Mapping[str, Names]) -> Iterator[Found]:
    """The records that are one person, by address alone where that is enough."""
    people = by_email.copy()
    for names in joining.values():
        people.join(names)
    marks: dict[str, list[str]] = defaultdict(list)
    members: dict[str, set[str]] = defaultdict(set)
    for mark, names in joining.items():
        person = people.of(min(names))
        marks[person].append(mark)
        members[person].update(names)
    for person, records in members.items():
        one_unit = len({by_email.of(record) for record in records}) == 1
        yield "same_email" if one_unit else "same_phone", marks[person], records


def _group(held: Mapping[str, Entry], reason: Reason, marks: Iterable[str], names: Iterable[str]) -> Group:
    return Group(reason, tuple(sorted(marks)), tuple(held[name] for name in sorted(names)))


def _place(group: Group) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    return group.reason, tuple(entry.record for entry in group.entries), group.marks
