"""Which shared phone numbers join records. A number is a weaker word than an address: families and counters share one.

Judged over the units that email addresses have made, all numbers at once, so that no order of theirs can matter.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from commerce_sync.duplicates.entries import ROLE, Entry
from commerce_sync.duplicates.units import Units

Names = frozenset[str]


@dataclass
class Verdicts:
    """What became of each number: it joins, or stands in a list of those that do not."""

    joining: dict[str, Names] = field(default_factory=dict)
    of_teams: dict[str, Names] = field(default_factory=dict)
    of_several: dict[str, Names] = field(default_factory=dict)
    disagreeing: list[dict[str, Names]] = field(default_factory=list)


def judge_phones(entries: Iterable[Entry], units: Units, phones: Mapping[str, Names]) -> Verdicts:
    """A number joins where what it and its neighbours connect holds at most one unit with an email address."""
    kinds = _kinds(entries, units)
    verdicts, open_numbers = Verdicts(), dict[str, Names]()
    for mark, names in phones.items():
        touched = {units.of(name) for name in names}
        if len(touched) == 1:
            verdicts.joining[mark] = names
        elif touched & kinds["team"]:
            verdicts.of_teams[mark] = names
        elif len(touched & kinds["named"]) > 1:
            verdicts.of_several[mark] = names
        else:
            open_numbers[mark] = names
    for numbers, named in _connected(units, open_numbers, kinds["named"]):
        if named > 1:
            verdicts.disagreeing.append(numbers)
        else:
            verdicts.joining |= numbers
    return verdicts


def _kinds(entries: Iterable[Entry], units: Units) -> Mapping[Literal["named", "team"], set[str]]:
    """The units that hold a record with an email address, and those that hold one with a team's."""
    kinds: dict[Literal["named", "team"], set[str]] = {"named": set(), "team": set()}
    for entry in entries:
        if entry.has_email:
            kinds["named"].add(units.of(entry.record))
        if any(mark.startswith(ROLE) for mark in entry.marks):
            kinds["team"].add(units.of(entry.record))
    return kinds


def _connected(
    units: Units, numbers: Mapping[str, Names], named: Iterable[str]
) -> Iterable[tuple[dict[str, Names], int]]:
    """The numbers that connect each other, with how many named units they connect."""
    together = units.copy()
    for names in numbers.values():
        together.join(names)
    by_top: dict[str, dict[str, Names]] = defaultdict(dict)
    for mark, names in numbers.items():
        by_top[together.of(min(names))][mark] = names
    named_by_top: dict[str, int] = defaultdict(int)
    for unit in named:
        named_by_top[together.of(unit)] += 1
    return [(theirs, named_by_top[top]) for top, theirs in by_top.items()]
