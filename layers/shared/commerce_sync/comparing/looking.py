"""A look at one store and destination: two days are compared, the younger for the first time, the older for the last.

An app has a day to tell. What the first look at a day finds missing, and the second one does not, was late; what both
miss is missing. A look that is repeated finds the same, or what came since. Days whose second look failed are made up
for, and so are those that nobody could look at at all.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Protocol

from commerce_sync.comparing.differences import KINDS, MARGIN, Difference, Told, Window, compare

LISTED: Final = 500
MADE_UP_FOR: Final = 7
"""Days back for which looks that failed are made up."""
Sides = Callable[[datetime, datetime], tuple[Sequence[Told], Sequence[Told]]]
"""What the store told us and what the app told the vendor, from a moment up to another."""


class Reports(Protocol):
    """Where looks leave what they found."""

    def report(self, destination: str, store: str, day: str, event: str) -> Mapping[str, Any] | None:
        """What the last look at a day found; None where there was none."""

    def keep(self, destination: str, store: str, day: str, event: str, report: Mapping[str, Any]) -> None:
        """Write a report, or write it anew."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What one look at one day of one event found."""

    day: date
    event: str
    is_final: bool
    expected: int
    found: int
    differences: tuple[Difference, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many differences of each kind."""
        counted = Counter(one.kind for one in self.differences)
        return {kind: counted[kind] for kind in KINDS}

    @property
    def percent(self) -> float:
        """Differences for a hundred orders of the busier side."""
        return round(100 * len(self.differences) / max(self.expected, self.found, 1), 2)

    def report(self) -> dict[str, Any]:
        """As it is kept: whole figures, and the first differences; ``missed`` has every key for the second look."""
        return {
            "day": self.day.isoformat(),
            "event": self.event,
            "look": "second" if self.is_final else "first",
            "expected": self.expected,
            "found": self.found,
            "counts": dict(self.counts),
            "percent": self.percent,
            "differences": [asdict(one) for one in self.differences[:LISTED]],
            "missed": sorted(one.key for one in self.differences if one.kind == "missing"),
        }


def look(
    destination: str, store: str, event: str, sides: Sides, *, reports: Reports, now: datetime
) -> tuple[Compared, ...]:
    """Compare yesterday for the first time and the day before for the second, by UTC; keep the reports, oldest first.

    The second look reads what the first one missed; where it was made before, what it called late stays late. A day
    without any report was missed by both looks where an earlier day has one; before the first report nobody looked.
    """
    yesterday = now.astimezone(UTC).date() - timedelta(days=1)
    known = {
        day: reports.report(destination, store, day.isoformat(), event)
        for day in (yesterday - timedelta(days=back) for back in range(MADE_UP_FOR, 0, -1))
    }
    looks = []
    for day in _without_their_end(known, yesterday - timedelta(days=1)):
        missed = _missed_at_first(known[day])
        looks.append((_compared(day, event, sides, missed), {"missed_at_first": sorted(missed)}))
    looks.append((_compared(yesterday, event, sides, None), {}))
    for one, kept in looks:
        reports.keep(destination, store, one.day.isoformat(), event, one.report() | kept)
    return tuple(one for one, _ in looks)


def _without_their_end(known: Mapping[date, Mapping[str, Any] | None], before: date) -> Iterator[date]:
    """The days that have no second look yet, and the day before yesterday, whose turn it is."""
    began = False
    for day, report in known.items():
        if day == before or (report["look"] == "first" if report else began):
            yield day
        began = began or report is not None


def _compared(day: date, event: str, sides: Sides, missed: Collection[str] | None) -> Compared:
    """A day, for the last time where it is known what the first look missed."""
    start = datetime.combine(day, time(), UTC)
    window = Window(start, start + timedelta(days=1))
    ours, theirs = sides(window.since - MARGIN, window.until + MARGIN)
    differences = compare(ours, theirs, window, missed or ())
    expected, found = (
        len({told.record for told in side if told.is_expected and window.holds([told])}) for side in (ours, theirs)
    )
    return Compared(day, event, missed is not None, expected, found, differences)


def _missed_at_first(report: Mapping[str, Any] | None) -> Collection[str]:
    """What the first look missed. The report of the second one repeats it, so that a repeated look knows it too."""
    known = report or {}
    return frozenset(known.get("missed_at_first", known.get("missed", ())))
