"""How an event of a store stands: silent, low, wrong, or as it should be."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from commerce_sync.contracts.event_checks import EventStanding, EventTally, StoreStanding
from commerce_sync.validation.standing import standing

from tests.fakes.facts import NOON

UTC = ZoneInfo("UTC")
TODAY = NOON.date()
HOUR = timedelta(hours=1)
LONG_AGO = NOON - timedelta(days=60)


def stands(
    days: dict[date, EventTally], *, since: datetime = LONG_AGO, known: datetime | None = None, allowed: int | None = 24
) -> EventStanding:
    """How placed orders stand at noon."""
    before = {"placed_order": EventStanding(state="ok", last_at=known)} if known else {}
    store = StoreStanding(store="shopify:us", since=since, as_of=since, today=since.date(), events=before)
    expected = {"placed_order": allowed * HOUR} if allowed else {}
    found = {day: {"placed_order": tally} for day, tally in days.items()}
    return standing(store, found, expected, NOON, UTC).events["placed_order"]


def came(seen: int, last_at: datetime | None = NOON, wrong: int = 0) -> EventTally:
    """So many came, so many of them wrong."""
    return EventTally(seen=seen, valid=seen - wrong, last_at=last_at)


def weeks(yesterday: int, usual: int) -> dict[date, EventTally]:
    """Yesterday, and so many on its weekday in the four weeks before."""
    return {TODAY - timedelta(days=1): came(yesterday)} | {
        TODAY - timedelta(days=1 + 7 * week): came(usual) for week in range(1, 5)
    }


@pytest.mark.parametrize(("hours", "state"), [(24, "ok"), (24.01, "silent")])
def test_an_event_is_silent_once_it_is_longer_ago_than_allowed(hours: float, state: str) -> None:
    """By when it happened, not by when the delivery came."""
    assert stands({TODAY: came(1, NOON - hours * HOUR)}).state == state


def test_silence_outlasts_the_days_that_are_kept() -> None:
    """A refund may be missing for thirty days: what was known of the last one stays."""
    last = NOON - timedelta(days=31)
    assert stands({}, known=last, allowed=24 * 30).state == "silent"
    assert stands({}, known=last, allowed=24 * 30).last_at == last
    assert stands({}, known=last, allowed=24 * 32).state == "ok"


def test_a_replay_of_old_orders_ends_no_silence() -> None:
    """The last one never goes back, and what is old is old."""
    old = {TODAY - timedelta(days=20): came(500, NOON - timedelta(days=20))}
    assert stands(old, known=NOON - timedelta(days=5)).state == "silent"
    assert stands(old, known=NOON - timedelta(days=5)).last_at == NOON - timedelta(days=5)


def test_an_event_that_never_came_is_told_after_its_time() -> None:
    """Counted from the first look at the store, so that a new stack does not ring at once."""
    assert stands({}, since=NOON - 24 * HOUR).state == "not_yet"
    assert stands({}, since=NOON - 25 * HOUR).state == "never_seen"


def test_an_event_that_is_not_expected_is_never_silent() -> None:
    """It is shown all the same."""
    assert stands({TODAY: came(1, LONG_AGO)}, allowed=None).state == "ok"


def test_yesterday_is_compared_with_its_weekday() -> None:
    """Today is not over, so nobody can say yet."""
    assert stands(weeks(20, 60)).state == "low"
    assert stands(weeks(40, 60)).state == "ok"
    assert stands(weeks(20, 60)).usual == 60.0


def test_weeks_before_the_first_look_are_no_weeks() -> None:
    """A day that nobody looked at, or not from its beginning, has no figure to compare with."""
    assert stands(weeks(0, 60), since=NOON - timedelta(days=15), known=NOON).state == "ok"
    assert stands(weeks(0, 60), since=NOON - timedelta(days=23), known=NOON).state == "low"


def test_more_than_half_that_are_wrong_make_the_event_wrong() -> None:
    """Today's; yesterday's while today has none."""
    assert stands({TODAY: came(4, wrong=2)}).state == "ok"
    assert stands({TODAY: came(4, wrong=3)}).state == "invalid"
    assert stands({TODAY - timedelta(days=1): came(4, wrong=4)}).state == "invalid"
    assert stands({TODAY - timedelta(days=1): came(4, wrong=4), TODAY: came(1)}).state == "ok"
