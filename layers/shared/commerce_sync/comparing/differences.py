"""What differs between what a store told us and what an app told a vendor: a pure function of two sets.

Both sides are taken apart by order, whatever their order and however often a page repeats a row. Orders count by how
often each side tells of them, and by the sum: two refunds of one order are two, and one told twice is duplicated.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Literal

from commerce_sync.contracts.currencies import MINOR_UNITS

Kind = Literal["missing", "late", "extra", "duplicated", "other_value", "other_currency"]
A_CENT = Decimal("0.01")
MARGIN: Final = timedelta(hours=6)
"""How far the two sides' clocks may differ: a store's own time of an order, and what its app made of it."""
KINDS: tuple[Kind, ...] = ("missing", "late", "extra", "duplicated", "other_value", "other_currency")


@dataclass(frozen=True, slots=True)
class Told:
    """One event as one side has it. ``key`` is the order's id, empty where none was found; ``record`` is the side's.

    A value or a currency that the side does not tell is None, and is not compared. ``is_expected``: the other side must
    have it; of what names nobody by an address nothing can be expected, and it may be there all the same.
    """

    key: str
    record: str
    at: datetime
    value: Decimal | None = None
    currency: str | None = None
    is_expected: bool = True


@dataclass(frozen=True, slots=True)
class Difference:
    """One order (or, without a key, one record) that differs: what the store says, what the app told."""

    kind: Kind
    key: str
    expected: str
    found: str
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """The time that is looked at, half open. Both sides are read wider by the margin: their clocks may differ."""

    since: datetime
    until: datetime

    def holds(self, told: Iterable[Told]) -> bool:
        """Whether the first of these happened in it: each day has each order once."""
        return self.since <= min(one.at for one in told) < self.until

    def later(self, told: Iterable[Told]) -> list[Told]:
        """Those of an order that began before it which the window before could not see, though they are of this one."""
        return [one for one in told if self.since + MARGIN <= one.at < self.until]


def compare(
    ours: Iterable[Told], theirs: Iterable[Told], window: Window, missed: Collection[str] = ()
) -> tuple[Difference, ...]:
    """All differences, by kind and key. ``missed`` are the keys that an earlier look found missing."""
    mine, found = _by_key(ours), _by_key(theirs)
    differences = [
        difference
        for key, told in mine.items()
        for difference in _of_order(key, *_of_window(told, found.get(key, ()), window), missed)
    ]
    differences += [
        Difference("extra", key, "nothing", _shown(told), _records(told))
        for key, told in found.items()
        if key not in mine and window.holds(told)
    ]
    return tuple(sorted(differences, key=lambda one: (KINDS.index(one.kind), one.key, one.records)))


def _of_window(
    ours: Collection[Told], theirs: Collection[Told], window: Window
) -> tuple[Collection[Told], Collection[Told]]:
    """What is compared of an order: all, where it began in the window; else what was not compared with the one before,
    as a refund of the next day's noon: without what was told of the earlier ones.
    """
    if window.holds(ours):
        return ours, theirs
    later, left = window.later(ours), list(theirs)
    for earlier in (one for one in ours if one not in later):
        near = [one for one in left if abs(one.at - earlier.at) <= MARGIN]
        if near:
            left.remove(min(near, key=lambda one: abs(one.at - earlier.at)))
    return (later, left) if later else ((), ())


def _of_order(
    key: str, ours: Collection[Told], theirs: Collection[Told], missed: Collection[str]
) -> Iterable[Difference]:
    records, expected_ones = _records(theirs), sum(one.is_expected for one in ours)
    if not ours:
        return
    if len(theirs) < expected_ones:
        yield Difference("missing", key, _shown(ours), _shown(theirs), records)
    elif key in missed and theirs:
        yield Difference("late", key, "told by the first look", "told after it", records)
    if len(theirs) > len(ours):
        yield Difference("duplicated", key, _shown(ours), _shown(theirs), records)
    if len(theirs) != len(ours):
        return
    currencies, told = _currencies(ours), _currencies(theirs)
    if currencies and told and currencies != told:
        yield Difference("other_currency", key, " ".join(currencies), " ".join(told), records)
        return
    expected, sum_told = _total(ours), _total(theirs)
    if expected is not None and sum_told is not None and abs(expected - sum_told) >= _smallest(currencies):
        yield Difference("other_value", key, str(expected), str(sum_told), records)


def _by_key(told: Iterable[Told]) -> Mapping[str, tuple[Told, ...]]:
    """Each record once, by key. What has no key stands alone: it is nobody's match."""
    records = {one.record: one for one in sorted(told, key=repr)}
    found: dict[str, list[Told]] = {}
    for one in records.values():
        found.setdefault(one.key or f"record {one.record}", []).append(one)
    return {key: tuple(sorted(some, key=lambda one: (one.at, one.record))) for key, some in found.items()}


def _currencies(told: Iterable[Told]) -> list[str]:
    return sorted({one.currency.upper() for one in told if one.currency})


def _total(told: Collection[Told]) -> Decimal | None:
    """The sum; None where a value is not told."""
    values = [one.value for one in told if one.value is not None]
    return sum(values, Decimal(0)) if len(values) == len(told) else None


def _smallest(currencies: Collection[str]) -> Decimal:
    """From where on two amounts differ: by the smallest that can be paid. Vendors tell amounts as binary numbers."""
    return min((MINOR_UNITS[one] for one in currencies if one in MINOR_UNITS), default=A_CENT)


def _shown(told: Collection[Told]) -> str:
    total = _total(told)
    amount = "" if total is None or not told else f", {total} {' '.join(_currencies(told))}".rstrip()
    return f"{len(told)}{amount}"


def _records(told: Iterable[Told]) -> tuple[str, ...]:
    return tuple(one.record for one in told)
