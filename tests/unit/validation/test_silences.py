"""Whether a day's events were silent for too long, as the day's own result says."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from commerce_sync.contracts.event_checks import EventTally, Sighting
from commerce_sync.validation.silences import Silences, end_of

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 11, 21, tzinfo=BERLIN)
HOUR = timedelta(hours=1)


def sighting(at: datetime, name: str = "placed_order") -> Sighting:
    """An event of then."""
    return Sighting("shopify:us", START.date(), name, f"{name}:{at}", "", at, at)


def day(
    *hours: float, last: float | None = -1, since: float = -1000, now: float = 24, allowed: float = 12
) -> EventTally | None:
    """The day with orders at these hours of it, the last one before it then, looked at ``since``."""
    silences = Silences({"placed_order": allowed * HOUR}, START + since * HOUR)
    if last is not None:
        silences.heard("placed_order", START + last * HOUR)
    seen = [START + one * HOUR for one in hours]
    tally = EventTally(seen=len(seen), valid=len(seen), last_at=max(seen, default=None))
    counted: Mapping[str, EventTally] = {"placed_order": tally} if seen else {}
    return silences.over(counted, [sighting(one) for one in seen], START + now * HOUR).get("placed_order")


@pytest.mark.parametrize(
    ("hours", "last", "silent"),
    [
        ((10, 20), -1, False),
        ((11, 23), -1, False),
        ((11.1, 20), -1, True),
        ((2, 15), -1, True),
        ((2, 11), -1, True),
        ((), -1, True),
        ((3,), -20, True),
    ],
)
def test_a_day_is_silent_if_at_any_moment_of_it_the_last_one_was_too_long_ago(
    hours: tuple[float, ...],
    last: float,
    silent: bool,  # noqa: FBT001 # a parameter of the table
) -> None:
    """Before the first one, between two, after the last one; that it spoke up again later changes nothing."""
    found = day(*hours, last=last)
    assert found is not None
    assert (found.silent, found.seen) == (silent, len(hours))


def test_today_is_silent_once_the_time_is_over_and_not_before() -> None:
    """Nobody knows what the rest of it will bring."""
    morning, noon = day(now=10), day(now=11.5)
    assert morning is not None
    assert noon is not None
    assert (morning.silent, noon.silent) == (False, True)


def test_a_store_that_is_looked_at_since_today_is_not_silent_for_what_was_before() -> None:
    """Of an event that never came the time begins with the first look; a day before that says nothing."""
    first, never, before = (day(last=None, since=since) for since in (20, 2, 30))
    assert first is None
    assert before is None
    assert never is not None
    assert never.silent
    history = day(last=-99, since=20)
    assert history is not None
    assert not history.silent, "a backfill tells orders of before"


def test_what_is_not_expected_is_never_silent() -> None:
    """And is not made a row of."""
    assert Silences({}, START - 99 * HOUR).over({}, [], START + 24 * HOUR) == {}


def test_a_day_carries_the_last_one_on() -> None:
    """So that the next day's look needs no other row."""
    found = day(last=-5, allowed=24 * 30)
    assert found == EventTally(last_at=START - 5 * HOUR)


@pytest.mark.parametrize(("day_of", "hours"), [((2026, 10, 25), 25), ((2026, 3, 29), 23), ((2026, 11, 21), 24)])
def test_a_day_ends_by_the_stores_clock(day_of: tuple[int, int, int], hours: int) -> None:
    """Where the clock is changed a day has an hour more, or less."""
    start = datetime(*day_of, tzinfo=BERLIN)
    assert end_of(start.date(), BERLIN).timestamp() - start.timestamp() == hours * 3600
