"""Rates are taken once, without gaps, whichever run dies where."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from commerce_sync.currency.taking import Days, FileName, take_rates
from commerce_sync.errors import PermanentError

from local.sandboxes.ecb.published import FIRST, is_published
from tests.fakes.rates import RatesInMemory

FRIDAY = date(2026, 11, 20)


class Ecb:
    """The three files as of a day; ``reads`` lists those that were asked for."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.reads: list[FileName] = []
        self.usd = Decimal("1.08")

    def __call__(self, file: FileName) -> Days:
        """One file."""
        self.reads.append(file)
        first = {"daily": self.today, "ninety_days": self.today - timedelta(days=90), "history": FIRST}[file]
        span = [first + timedelta(days=number) for number in range((self.today - first).days + 1)]
        return {day: {"USD": self.usd} for day in span if is_published(day)}


def evening(day: date) -> datetime:
    """When that day's rates should be known."""
    return datetime(day.year, day.month, day.day, 20, tzinfo=UTC)


def test_the_first_run_reads_ninety_days_and_the_next_ones_a_day() -> None:
    """A day already kept is not kept again."""
    store, ecb = RatesInMemory(), Ecb(FRIDAY)
    first = take_rates(store, ecb, evening(FRIDAY))
    assert (first.file, first.new, first.newest, first.is_stale) == ("ninety_days", len(store.days), FRIDAY, False)
    again = take_rates(store, ecb, evening(FRIDAY))
    assert (again.file, again.new, again.corrected) == ("daily", 0, 0)
    ecb.today = date(2026, 11, 23)
    monday = take_rates(store, ecb, evening(ecb.today))
    assert (monday.file, monday.new) == ("daily", 1)
    assert store.kept == sorted(set(store.kept))


def test_days_that_were_missed_are_read_with_the_next_run() -> None:
    """An outage of ours or of theirs leaves no gap."""
    store, ecb = RatesInMemory(), Ecb(date(2026, 11, 13))
    take_rates(store, ecb, evening(ecb.today))
    ecb.today = FRIDAY
    assert take_rates(store, ecb, evening(FRIDAY)).file == "ninety_days"
    assert {day for day in ecb("ninety_days") if day not in store.days} == set()


@pytest.mark.parametrize("survives", range(12))
def test_a_run_that_dies_anywhere_leaves_no_gap(survives: int) -> None:
    """Forwards day by day, and backwards day by day: what is kept is one span of working days."""

    class Dying(RatesInMemory):
        def keep(self, day: date, rates: object) -> None:
            if len(self.kept) == survives:
                raise ConnectionError
            super().keep(day, rates)  # type: ignore[arg-type]

    start = [date(2026, 11, 11), date(2026, 11, 12)]
    for wanted in (None, "history"):
        store = Dying({day: {"USD": Decimal("1.08")} for day in start})
        with pytest.raises(ConnectionError):
            take_rates(store, Ecb(FRIDAY), evening(FRIDAY), wanted)
        span = (min(store.days) + timedelta(days=number) for number in range((max(store.days) - min(store.days)).days))
        assert [day for day in span if is_published(day) and day not in store.days] == []


def test_a_corrected_rate_replaces_what_was_kept() -> None:
    """And is said to be one."""
    store, ecb = RatesInMemory(), Ecb(FRIDAY)
    take_rates(store, ecb, evening(FRIDAY))
    ecb.usd = Decimal("1.09")
    taken = take_rates(store, ecb, evening(FRIDAY))
    assert (taken.new, taken.corrected, store.days[FRIDAY]["USD"]) == (0, 1, Decimal("1.09"))


def test_rates_that_should_be_there_and_are_not_are_stale() -> None:
    """Only once they should be."""
    store, ecb = RatesInMemory(), Ecb(date(2026, 11, 19))
    assert take_rates(store, ecb, datetime(2026, 11, 20, 15, tzinfo=UTC)).is_stale is False
    assert take_rates(store, ecb, evening(FRIDAY)).is_stale is True


def test_an_older_file_takes_nothing_back() -> None:
    """A cache somewhere between the ECB and us."""
    store, ecb = RatesInMemory(), Ecb(FRIDAY)
    take_rates(store, ecb, evening(FRIDAY))
    ecb.today = date(2026, 11, 18)
    with pytest.raises(PermanentError, match="older"):
        take_rates(store, ecb, evening(FRIDAY))


@pytest.mark.parametrize("wanted", [None, "daily", "ninety_days", "history"])
def test_a_day_that_has_not_begun_is_refused_with_its_whole_file(wanted: FileName | None) -> None:
    """It would prove that today was passed over, and every later file would be an older one."""
    store, ecb = RatesInMemory(), Ecb(date(2026, 11, 19))
    take_rates(store, ecb, evening(ecb.today))
    kept, ecb.today = dict(store.days), date(2026, 11, 24)
    with pytest.raises(PermanentError, match="to come"):
        take_rates(store, ecb, evening(FRIDAY), wanted)
    assert store.days == kept
    ecb.today = FRIDAY
    assert take_rates(store, ecb, evening(FRIDAY)).newest == FRIDAY


def test_a_gap_that_ninety_days_leave_is_read_from_the_history() -> None:
    """A stack that was off for months, or whose first reading of the history died long ago."""
    store, ecb = RatesInMemory({date(2026, 3, 2): {"USD": Decimal("1.08")}}), Ecb(FRIDAY)
    assert take_rates(store, ecb, evening(FRIDAY)).file == "history"
    assert ecb.reads == ["daily", "ninety_days", "history"]
    assert {day for day in ecb("history") if day not in store.days} == set()
