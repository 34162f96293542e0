"""Whether an expected event was silent for too long on a day, at any moment of it. Pure.

A day's result says so by itself, and when the last one happened, whatever day that was: the next day goes on from
there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from commerce_sync.contracts.event_checks import EventTally, Sighting


@dataclass
class Silences:
    """One store, its days in their order. ``expected`` are the longest silences; it is looked at ``since`` then."""

    expected: Mapping[str, timedelta]
    since: datetime
    _last: dict[str, datetime] = field(default_factory=dict)

    def heard(self, name: str, at: datetime | None) -> None:
        """The last one of an event known so far."""
        if at is not None:
            self._last[name] = max(self._last.get(name, at), at)

    def know_all(self) -> bool:
        """Whether every event that is expected was heard of."""
        return self.expected.keys() <= self._last.keys()

    def over(self, found: Mapping[str, EventTally], seen: Iterable[Sighting], until: datetime) -> dict[str, EventTally]:
        """The day's result with its silences.

        :param seen: the sightings that count on it.
        :param until: its end, or now.
        """
        moments: dict[str, list[datetime]] = {name: [] for name in self.expected}
        for one in seen:
            moments.setdefault(one.name, []).append(min(one.occurred_at, one.received_at))
        result = dict(found)
        for name, allowed in self.expected.items():
            tally, began = found.get(name, EventTally()), max(self._last.get(name, self.since), self.since)
            marks = [began, *sorted(one for one in moments[name] if one > began), max(until, began)]
            silent = any(after - before > allowed for before, after in pairwise(marks))
            self.heard(name, tally.last_at)
            if silent or name in self._last:
                result[name] = tally.model_copy(update={"silent": silent, "last_at": self._last.get(name)})
        return result


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """When a store's day is over, in UTC: between two times of a clock that was changed no hours can be counted."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
