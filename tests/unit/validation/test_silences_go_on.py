"""A run goes on from what earlier days say of the last event, however many days ago it was."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from commerce_sync.contracts.event_checks import EventTally, Sighting, StoreStanding
from commerce_sync.validation.running import Day, Run, Watched

STORE, NAME = "shopify:us", "placed_order"
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Checks:
    """What was seen, and what it came to, in memory. Fits :class:`commerce_sync.validation.running.Checks`."""

    seen: list[Sighting] = field(default_factory=list)
    days: dict[date, Day] = field(default_factory=dict)
    stood: StoreStanding | None = None

    def sightings(self, _store: str, day: date) -> Iterable[Sighting]:
        """Of a day."""
        return [one for one in self.seen if one.day == day]

    def ids(self, _store: str, day: date, name: str) -> Iterable[str]:
        """Of a day and name."""
        return [one.event_id for one in self.sightings(_store, day) if one.name == name]

    def day(self, _store: str, day: date) -> Day | None:
        """As it was kept."""
        return self.days.get(day)

    def keep_day(self, _store: str, day: date, found: Mapping[str, EventTally]) -> None:
        """Over what it was."""
        self.days[day] = found

    def standing(self, _store: str) -> StoreStanding | None:
        """As it was kept."""
        return self.stood

    def keep_standing(self, standing: StoreStanding) -> None:
        """Over what it was."""
        self.stood = standing


def run(checks: Checks, now: datetime, expected: Mapping[str, timedelta], days: int = 2) -> None:
    """One run of the validation."""
    watched = Watched(STORE, ZoneInfo("UTC"), expected)
    Run(checks, lambda _: (), lambda *_: None, now).all([watched], days)


def ordered(checks: Checks, *moments: datetime) -> None:
    """Orders of then."""
    checks.seen += [Sighting(STORE, one.date(), NAME, f"{NAME}:{one}", "", one, one) for one in moments]


@pytest.mark.parametrize(("allowed", "silent"), [(73, False), (71, True)])
def test_an_event_that_is_expected_from_now_on_was_last_heard_of_when_it_was(
    allowed: int,
    silent: bool,  # noqa: FBT001 # a parameter of the table
) -> None:
    """The days between have no word of it, because nobody expected it: it must not seem silent since the first look."""
    checks = Checks(stood=StoreStanding(store=STORE, since=NOW - 30 * DAY, as_of=NOW, today=NOW.date()))
    ordered(checks, NOW - 3 * DAY)
    for back in range(3, -1, -1):
        run(checks, NOW - back * DAY, {})
    ordered(checks, NOW)
    expected = {NAME: timedelta(hours=allowed)}
    for _ in range(2):
        run(checks, NOW, expected)
    yesterday, today = (checks.days[(NOW - back * DAY).date()][NAME] for back in (1, 0))
    assert (yesterday.silent, today.silent) == (False, silent)


def test_a_night_that_reads_all_days_anew_says_the_same() -> None:
    """It begins with the oldest day, and the days before that were an earlier release's."""
    checks = Checks(stood=StoreStanding(store=STORE, since=NOW - 60 * DAY, as_of=NOW, today=NOW.date()))
    ordered(checks, *(NOW - back * DAY for back in range(0, 40, 2)))
    checks.days[(NOW - 38 * DAY).date()] = {NAME: EventTally(seen=1, valid=1, last_at=NOW - 38 * DAY)}
    run(checks, NOW, {NAME: 5 * DAY}, days=35)
    assert not any(found[NAME].silent for found in checks.days.values() if NAME in found)


def test_what_was_never_heard_of_is_silent_since_the_first_look() -> None:
    """No day says anything of it."""
    checks = Checks(stood=StoreStanding(store=STORE, since=NOW - 30 * DAY, as_of=NOW, today=NOW.date()))
    run(checks, NOW, {NAME: 5 * DAY})
    assert checks.days[NOW.date()][NAME].silent
