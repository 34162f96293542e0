"""What differs between what a store told us and what an app told a vendor: a pure function of two sets.

Both sides are taken apart by order, whatever their order and however often a page repeats a row. Orders count by how
often each side tells of them, and by the sum: two refunds of one order are two, and one told twice is duplicated.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from commerce_sync.contracts.currencies import MINOR_UNITS

Kind = Literal["missing", "late", "extra", "duplicated", "other_value", "other_currency"]
A_CENT = Decimal("0.01")
KINDS: tuple[Kind, ...] = ("missing", "late", "extra", "duplicated", "other_value", "other_currency")


@dataclass(frozen=True, slots=True)
class Told:
    """One event as one side has it. ``key`` is the order's id, empty where none was found; ``record`` is the side's.

    A value or a currency that the side does not tell is None, and is not compared.
    """

    key: str
    record: str
    at: datetime
    value: Decimal | None = None
    currency: str | None = None


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
    """The time that is looked at, half open. Both sides are read wider: their clocks may differ at its edges."""

    since: datetime
    until: datetime

    def holds(self, told: Iterable[Told]) -> bool:
        """Whether the first of these happened in it: each day has each order once."""
        return self.since <= min(one.at for one in told) < self.until


def compare(
    ours: Iterable[Told], theirs: Iterable[Told], window: Window, missed: Collection[str] = ()
) -> tuple[Difference, ...]:
    """All differences, by kind and key. ``missed`` are the keys that an earlier look found missing."""
    mine, found = _by_key(ours), _by_key(theirs)
    differences = [
        difference
        for key, told in mine.items()
        if window.holds(told)
        for difference in _of_order(key, told, found.get(key, ()), missed)
    ]
    differences += [
        Difference("extra", key, "nothing", _shown(told), _records(told))
        for key, told in found.items()
        if key not in mine and window.holds(told)
    ]
    return tuple(sorted(differences, key=lambda one: (KINDS.index(one.kind), one.key, one.records)))


def _of_order(
    key: str, ours: Collection[Told], theirs: Collection[Told], missed: Collection[str]
) -> Iterable[Difference]:
    records = _records(theirs)
    if len(theirs) < len(ours):
        yield Difference("missing", key, _shown(ours), _shown(theirs), records)
    elif key in missed:
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
