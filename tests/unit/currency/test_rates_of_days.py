"""A day's rates: its own, else the last earlier ones where it can have none; what may still come is waited for."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from commerce_sync.contracts.revenue import Held
from commerce_sync.currency.calendar import closing_days, easter, is_open, newest_expected
from commerce_sync.currency.rates import RateBook
from hypothesis import given
from hypothesis import strategies as st

from local.sandboxes.ecb.published import HOLIDAYS, is_published

FRIDAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 23)
EVENING = datetime(2026, 11, 20, 21, tzinfo=UTC)
SPAN = [date(2026, 12, 1) + timedelta(days=number) for number in range(45)]


def book(*days: date) -> RateBook:
    """A book of these days, each with a rate that names it."""
    return RateBook({day: {"USD": Decimal(day.toordinal())} for day in days}, max(days, default=None))


def day_of(found: object) -> date:
    """The day whose rates were taken."""
    assert isinstance(found, tuple), found
    return date.fromordinal(int(found[1]["USD"]))


def test_a_day_has_its_own_rates() -> None:
    """An order of Friday is worth what Friday says, not Thursday."""
    assert day_of(book(FRIDAY - timedelta(days=1), FRIDAY, MONDAY).of_day(FRIDAY, 5, EVENING)) == FRIDAY


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2026, 11, 22)])
def test_a_weekend_has_fridays_rates_at_once(day: date) -> None:
    """Nothing is published on a weekend, so there is nothing to wait for."""
    assert day_of(book(FRIDAY).of_day(day, 5, EVENING)) == FRIDAY


def test_easter_monday_has_the_rates_of_maundy_thursday() -> None:
    """Four days without rates in a row, the most that there are."""
    thursday = date(2026, 4, 2)
    for number in range(5):
        assert day_of(book(thursday).of_day(thursday + timedelta(days=number), 5, EVENING)) == thursday


def test_a_working_day_without_rates_is_held_whatever_earlier_days_say() -> None:
    """Thursday's rate for a Friday's order would be a guess; a weekend after it is held as well."""
    before = datetime(2026, 11, 20, 9, tzinfo=UTC)
    known = book(FRIDAY - timedelta(days=1))
    held = known.of_day(FRIDAY, 5, before)
    assert held == Held("the ECB rates of 2026-11-20 are not published yet", datetime(2026, 11, 20, 15, 30, tzinfo=UTC))
    assert known.of_day(date(2026, 11, 22), 5, datetime(2026, 11, 22, 9, tzinfo=UTC)) == Held(
        "the ECB rates of 2026-11-20 are missing"
    )


def test_what_is_late_is_looked_for_each_half_hour_and_then_missed() -> None:
    """16:00 in Frankfurt is 15:00 UTC in winter and 14:00 in summer; three hours later somebody is told."""
    winter, summer = book(FRIDAY - timedelta(days=1)), book(date(2026, 7, 9))
    at_five = winter.of_day(FRIDAY, 5, datetime(2026, 11, 20, 17, tzinfo=UTC))
    assert isinstance(at_five, Held)
    assert at_five.until == datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
    early = summer.of_day(date(2026, 7, 10), 5, datetime(2026, 7, 10, 6, tzinfo=UTC))
    assert isinstance(early, Held)
    assert early.until == datetime(2026, 7, 10, 14, 30, tzinfo=UTC)
    late = winter.of_day(FRIDAY, 5, datetime(2026, 11, 20, 18, tzinfo=UTC))
    assert late == Held("the ECB rates of 2026-11-20 are missing")


def test_a_day_that_a_broken_clock_made_up_is_waited_for_by_nobody() -> None:
    """An order dated in 2062 would wait till then in silence; tomorrow, by the shop's own clock, may well come."""
    tomorrow = book(FRIDAY).of_day(date(2026, 11, 23), 5, datetime(2026, 11, 22, 13, tzinfo=UTC))
    assert tomorrow == Held(
        "the ECB rates of 2026-11-23 are not published yet", datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
    )
    assert book(FRIDAY).of_day(date(2062, 11, 20), 5, EVENING) == Held("the order's own day, 2062-11-20, is to come")


def test_a_day_that_was_passed_over_has_the_rates_before_it() -> None:
    """Should the ECB ever publish none on a working day, the next day's publication says so."""
    assert day_of(book(FRIDAY - timedelta(days=1), MONDAY).of_day(FRIDAY, 5, EVENING)) == FRIDAY - timedelta(days=1)


def test_an_order_from_before_all_that_is_known_is_held() -> None:
    """Until the whole history is read."""
    assert book(FRIDAY).of_day(date(2020, 2, 3), 5, EVENING) == Held("no ECB rates within 5 days before 2020-02-03")
    assert isinstance(RateBook().of_day(FRIDAY, 5, EVENING), Held)


@given(
    days=st.integers(1, len(SPAN)),
    later=st.integers(0, len(SPAN)),
    asked=st.sampled_from(SPAN),
    hour=st.integers(0, 999),
)
def test_what_is_answered_once_is_answered_for_ever(days: int, later: int, asked: date, hour: int) -> None:
    """Over Christmas and New Year: whenever an order is looked at, and however much is known by then."""
    published = [day for day in SPAN if is_published(day)]
    now = datetime(2026, 12, 1, tzinfo=UTC) + timedelta(hours=hour)
    first = book(*published[:days]).of_day(asked, 5, now)
    if not isinstance(first, Held):
        again = book(*published[: days + later]).of_day(asked, 5, now + timedelta(hours=later))
        assert day_of(again) == day_of(first)


def test_our_calendar_is_the_one_that_was_written_out() -> None:
    """Computed here, copied there: four years of TARGET's closing days."""
    assert {day for year in range(2025, 2029) for day in closing_days(year)} == HOLIDAYS


@pytest.mark.parametrize(
    ("year", "month", "day"), [(2000, 4, 23), (2008, 3, 23), (2011, 4, 24), (2019, 4, 21), (2038, 4, 25), (2285, 3, 22)]
)
def test_easter_is_when_the_almanac_says(year: int, month: int, day: int) -> None:
    """The earliest and the latest dates among them."""
    assert easter(year) == date(year, month, day)


def test_the_newest_day_that_should_be_known() -> None:
    """Today's after the slack, else the last working day's."""
    assert newest_expected(datetime(2026, 11, 20, 17, 59, tzinfo=UTC)) == date(2026, 11, 19)
    assert newest_expected(datetime(2026, 11, 20, 18, 0, tzinfo=UTC)) == FRIDAY
    assert newest_expected(datetime(2026, 11, 22, 23, 0, tzinfo=UTC)) == FRIDAY
    assert newest_expected(datetime(2026, 12, 27, 12, 0, tzinfo=UTC)) == date(2026, 12, 24)
    assert not is_open(date(2026, 12, 26))
