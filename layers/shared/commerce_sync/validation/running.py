"""One run of validation: tally the latest days of each store anew, then say how it stands.

Everything is worked out again from what is stored, so a run that is repeated, late or cut off changes no count.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol, get_args
from zoneinfo import ZoneInfo

from commerce_sync.contracts.event_checks import EventTally, Refusal, Sighting, StoreStanding
from commerce_sync.contracts.events import EventName
from commerce_sync.validation.findings import WITH_PRODUCTS
from commerce_sync.validation.silences import Silences, end_of
from commerce_sync.validation.standing import standing
from commerce_sync.validation.tallying import tallies

KEPT: Final = 35
"""Days of sightings: four weeks to compare with, and a week in which what was missed is still counted on its day."""
MOVED: Final[frozenset[str]] = frozenset(get_args(EventName)) - WITH_PRODUCTS
"""What some stores do not date: a cancellation, a parcel, a refund stands at the order's last change, which goes on.

Such an event may stand on any number of days, and the first one keeps it. Visits, checkouts and orders have their time.
"""
Day = Mapping[str, EventTally]


class Checks(Protocol):
    """What was seen, and what it came to."""

    def sightings(self, store: str, day: date) -> Iterable[Sighting]:
        """Every sighting of a store's day."""

    def ids(self, store: str, day: date, name: str) -> Iterable[str]:
        """The ids of the events of a name that stand on a store's day."""

    def day(self, store: str, day: date) -> Day | None:
        """What a day came to, None where it was not looked at."""

    def keep_day(self, store: str, day: date, found: Day) -> None:
        """Write down what a day came to."""

    def standing(self, store: str) -> StoreStanding | None:
        """How a store stood."""

    def keep_standing(self, standing: StoreStanding) -> None:
        """Write down how a store stands."""


@dataclass(frozen=True)
class Watched:
    """One store: its zone, and the longest silence of each event that is expected."""

    store: str
    zone: ZoneInfo
    expected: Mapping[str, timedelta]


@dataclass(frozen=True)
class Run:
    """``refusals`` are those received on a day of UTC; ``grown`` hears of each day what it was and what it is."""

    checks: Checks
    refusals: Callable[[date], Iterable[Refusal]]
    grown: Callable[[str, Day, Day], None]
    now: datetime

    def all(self, stores: Iterable[Watched], days: int) -> Sequence[StoreStanding]:
        """How every store stands, with its latest days (today among them) tallied anew."""
        refused = self._refusals(days)
        return [self._one(watched, days, refused) for watched in stores]

    def _refusals(self, days: int) -> Sequence[Refusal]:
        """A store's day is on at most two days of UTC, and its today may be tomorrow there."""
        today = self.now.date()
        return [one for back in range(-1, days + 1) for one in self.refusals(today - timedelta(days=back))]

    def _one(self, watched: Watched, days: int, refused: Sequence[Refusal]) -> StoreStanding:
        today = self.now.astimezone(watched.zone).date()
        own = [one for one in refused if one.store == watched.store]
        first = today - timedelta(days=days - 1)
        day_before = {one.event_id for one in self.checks.sightings(watched.store, first - timedelta(days=1))}
        moved: dict[str, set[str]] = {}
        new = StoreStanding(store=watched.store, since=self.now, as_of=self.now, today=today)
        before = self.checks.standing(watched.store) or new
        silences = self._silences(watched, before, first)
        for back in range(days - 1, -1, -1):
            day = today - timedelta(days=back)
            sightings = list(self.checks.sightings(watched.store, day))
            for name in sorted({one.name for one in sightings if one.name in MOVED} - moved.keys()):
                moved[name] = self._told_earlier(watched.store, first, name)
            of_day = [one for one in own if one.received_at.astimezone(watched.zone).date() == day]
            told_before = day_before.union(*moved.values())
            counted = [one for one in sightings if one.event_id not in told_before]
            tallied, until = tallies(sightings, of_day, told_before), min(end_of(day, watched.zone), self.now)
            self._keep(watched.store, day, silences.over(tallied, counted, until))
            day_before = {one.event_id for one in sightings}
            for one in sightings:
                if one.name in moved:
                    moved[one.name].add(one.event_id)
        known = {day: found for day in _compared(today) if (found := self.checks.day(watched.store, day)) is not None}
        stands = standing(before, known, watched.expected, self.now, watched.zone)
        self.checks.keep_standing(stands)
        return stands

    def _silences(self, watched: Watched, before: StoreStanding, first: date) -> Silences:
        """Silences from a day on: the day before says when each event was last heard of, and so does how it stood.

        Of an event that is newly expected they may not; then earlier days do, as far back as matters.
        """
        silences, start = Silences(watched.expected, before.since), end_of(first - timedelta(days=1), watched.zone)
        for name, stood in before.events.items():
            if stood.last_at and stood.last_at < start:
                silences.heard(name, stood.last_at)
        longest = max(watched.expected.values(), default=timedelta())
        for back in range(1, longest.days + 3):
            for name, tally in (self.checks.day(watched.store, first - timedelta(days=back)) or {}).items():
                silences.heard(name, tally.last_at)
            if silences.know_all():
                break
        return silences

    def _keep(self, store: str, day: date, found: Day) -> None:
        before = self.checks.day(store, day) or {}
        self.checks.keep_day(store, day, found)
        self.grown(store, before, found)

    def _told_earlier(self, store: str, first: date, name: str) -> set[str]:
        """The ids of a name on all days before the first that are kept."""
        days = (first - timedelta(days=back) for back in range(1, KEPT + 1))
        return {one for day in days for one in self.checks.ids(store, day, name)}


def _compared(today: date) -> Iterable[date]:
    """The days whose figures matter now: today, yesterday, and yesterday's weekday of four weeks."""
    return (today, today - timedelta(days=1), *(today - timedelta(days=1 + 7 * weeks) for weeks in range(1, 5)))
