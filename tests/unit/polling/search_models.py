"""Vendors that are read by a cursor, as models: an index that lags behind its rows, and a log that gets late entries.

Both may be cut, changed and killed between any two steps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from commerce_sync.errors import RetriableError
from commerce_sync.polling.cursors import Rule, Sighting, Window

START = datetime(2026, 11, 28, 10, tzinfo=UTC)
PAGE = 3
OVERLAP = timedelta(minutes=10)


class KilledError(Exception):
    """The process ends here."""


@dataclass
class World:
    """The time, and the step at which the process is killed (-1: never)."""

    at: datetime = START
    steps_left: int = -1
    cursors: dict[str, tuple[Mapping[str, Any], int]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    def now(self) -> datetime:
        """Now."""
        return self.at

    def step(self) -> None:
        """One more step that may be the last."""
        if self.steps_left == 0:
            raise KilledError
        self.steps_left -= 1

    def read(self, name: str) -> tuple[Mapping[str, Any], int]:
        """A cursor."""
        self.step()
        return self.cursors.get(name, ({}, 0))

    def write(self, name: str, document: Mapping[str, Any], revision: int) -> bool:
        """Write over what was read. Killed before it, or after."""
        self.step()
        if self.cursors.get(name, ({}, 0))[1] != revision:
            return False
        self.cursors[name] = (dict(document), revision + 1)
        self.step()
        return True

    def keep(self, fresh: Sequence[Sighting]) -> None:
        """What is said is kept for good, one by one. Killed before, in between or after."""
        for one in fresh:
            self.step()
            self.said.append(one.id)
        self.step()


@dataclass
class Index:
    """Rows by id, each as it was last changed; a search shows a change late, and one version a row.

    ``changes_meanwhile`` are rows that change, one after each page that is read.
    """

    world: World
    lag: timedelta = timedelta(seconds=60)
    rule: Rule = field(default_factory=lambda: Rule(timedelta(0), lag=timedelta(minutes=1)))
    name: str = "hubspot#contacts"
    rows: dict[int, tuple[datetime, datetime]] = field(default_factory=dict)
    changes_meanwhile: list[int] = field(default_factory=list)
    pauses: int = 0

    def change(self, row: int, late: float) -> None:
        """A row changes now; the index shows it later, by a share of the lag. Until then it shows nothing of it."""
        self.rows[row] = (self.world.at, self.world.at + late * self.lag)

    def page(self, window: Window) -> tuple[Sequence[Sighting], str | None]:
        """Rows of the window behind an id, by id: the smallest ids first."""
        self.world.step()
        if self.pauses:
            self.pauses -= 1
            raise RetriableError("slow down")
        behind = int(window.page or 0)
        found = sorted(
            row
            for row, (changed, shown) in self.rows.items()
            if row > behind and window.start <= changed <= window.end and shown <= self.world.at
        )[:PAGE]
        sightings = [Sighting(f"{row}@{self.rows[row][0].isoformat()}", self.rows[row][0]) for row in found]
        if self.changes_meanwhile:
            self.world.at += timedelta(seconds=1)
            self.change(self.changes_meanwhile.pop(), 1.0)
        return sightings, str(found[-1]) if len(found) == PAGE else None

    def say(self, fresh: Sequence[Sighting]) -> None:
        """Kept by the world."""
        self.world.keep(fresh)

    def wanted(self) -> set[str]:
        """Every row in its last version."""
        return {f"{row}@{changed.isoformat()}" for row, (changed, _) in self.rows.items()}


@dataclass
class Log:
    """Entries in the order of their times, some of which are stored late. A page goes on behind an entry."""

    world: World
    rule: Rule = field(default_factory=lambda: Rule(OVERLAP))
    name: str = "klaviyo#metric"
    entries: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    pauses: int = 0

    def add(self, late: float, *, at: datetime | None = None) -> None:
        """An entry of now, stored later by a share of the overlap."""
        moment = at or self.world.at
        self.entries[f"e{len(self.entries):04d}"] = (moment, moment + late * OVERLAP)

    def page(self, window: Window) -> tuple[Sequence[Sighting], str | None]:
        """Entries from the window's start on, behind the page's last one."""
        self.world.step()
        if self.pauses:
            self.pauses -= 1
            raise RetriableError("slow down")
        found = sorted(
            (at, name)
            for name, (at, stored) in self.entries.items()
            if at >= window.start and stored <= self.world.at and f"{at.isoformat()} {name}" > (window.page or "")
        )[:PAGE]
        following = f"{found[-1][0].isoformat()} {found[-1][1]}" if len(found) == PAGE else None
        return [Sighting(name, at) for at, name in found], following

    def say(self, fresh: Sequence[Sighting]) -> None:
        """Kept by the world."""
        self.world.keep(fresh)
