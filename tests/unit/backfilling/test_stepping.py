"""A backfill under deaths at each boundary, two runs at a time, and everything that goes first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from commerce_sync.backfilling.progress import (
    MISCOUNTED,
    Document,
    Total,
    advanced,
    begun,
    cancelled,
    paused,
    resumed,
    shown,
)
from commerce_sync.backfilling.stepping import Step, in_turn, step
from commerce_sync.errors import PermanentError, RetriableError
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
NAME = "backfill#fields"


class DiedError(Exception):
    """The process ended."""


@dataclass
class World:
    """A history of so many records, a document, a queue, and a clock that each page moves on by a minute.

    ``deaths`` are the numbers of the calls (a page, a message, a write) before or after which the process ends.
    """

    records: int = 0
    page_size: int = 3
    deaths: frozenset[int] = frozenset()
    name: str = NAME
    document: Document = field(default_factory=lambda: begun(NOW, Total(0)))
    revision: int = 1
    queue: list[int] = field(default_factory=list)
    calls: int = 0
    minutes: int = 0

    def read(self, _name: str) -> tuple[Document, int]:
        """The document."""
        return self.document, self.revision

    def write(self, _name: str, document: Document, revision: int) -> bool:
        """Over what was read."""
        if revision != self.revision:
            return False
        self._may_die()
        self.document, self.revision = document, revision + 1
        self._may_die()
        return True

    def page(self, _since: datetime | None, cursor: str | None) -> tuple[Sequence[int], str | None]:
        """Records by number."""
        self._may_die()
        self.minutes += 1
        start = int(cursor or 0)
        end = min(start + self.page_size, self.records)
        return range(start, end), str(end) if end < self.records else None

    def tell(self, found: Sequence[Any], started_at: datetime) -> None:
        """Onto the queue."""
        assert started_at == NOW
        self.queue.extend(found)
        self._may_die()

    def now(self) -> datetime:
        """The time."""
        return NOW + timedelta(minutes=self.minutes)

    def walk(self, pages: int = 100, gives_way: Callable[[], str | None] = lambda: None) -> Step:
        """One run."""
        left = iter(range(pages))
        return step(self, self, gives_way, self.now, lambda: next(left, None) is not None)

    def _may_die(self) -> None:
        self.calls += 1
        if self.calls in self.deaths:
            raise DiedError


@given(
    records=st.integers(0, 40),
    page_size=st.integers(1, 7),
    deaths=st.frozensets(st.integers(1, 120), max_size=30),
    pages=st.integers(1, 4),
)
def test_whenever_it_dies_all_are_told_and_counted_once(
    records: int, page_size: int, deaths: frozenset[int], pages: int
) -> None:
    """What is told twice is a page that was not yet written down, and never more than one for each death."""
    world = World(records, page_size, deaths)
    for _ in range(400):
        try:
            if world.walk(pages).ended == "done":
                break
        except DiedError:
            continue
    assert (world.document["state"], world.document["done"]) == ("done", records)
    assert set(world.queue) == set(range(records))
    assert len(world.queue) - records <= page_size * len(deaths)


def test_of_two_runs_at_a_time_one_stops() -> None:
    """It finds the document moved, counts nothing, and the other goes on."""
    world = World(records=9)

    def other() -> None:
        world.document, world.revision = {**world.document, "cursor": "3", "done": 3}, world.revision + 1

    assert world.walk(gives_way=other).ended == "moved"
    assert world.document["done"] == 3
    assert world.walk() == Step("done", 6)
    assert world.document["done"] == 9


@pytest.mark.parametrize("change", [lambda known: paused(known, "kim"), lambda known: cancelled(known, NOW)])
def test_a_run_that_is_halted_meanwhile_stops(change: Callable[[Document], Document]) -> None:
    """Nothing it read is written over what the operator said."""
    world = World(records=9)

    def halt() -> None:
        world.document, world.revision = change(world.document), world.revision + 1

    assert world.walk(gives_way=halt).ended == "moved"
    assert world.walk() == Step("not running")
    assert world.document["done"] == 0


def test_it_gives_way_and_says_to_what_and_since_when() -> None:
    """Nothing is read or told; the reason goes when there is room again."""
    world = World(records=4)
    assert world.walk(gives_way=lambda: "a queue is deep") == Step("gave way", 0, "a queue is deep")
    world.minutes = 5
    world.walk(gives_way=lambda: "a queue is deep")
    assert world.document["waits"] == {"why": "a queue is deep", "since": NOW.isoformat()}
    assert world.queue == []
    assert world.walk() == Step("done", 4)
    assert "waits" not in world.document


@dataclass
class Refusing(World):
    """A vendor that answers with an error."""

    error: Exception = field(default_factory=lambda: RetriableError("klaviyo: 503"))

    def page(self, _since: datetime | None, _cursor: str | None) -> tuple[Sequence[int], str | None]:
        """An error."""
        raise self.error


def test_what_passes_is_waited_for_and_what_does_not_halts_it() -> None:
    """An alarm tells of the second; resumed, it goes on where it stood."""
    assert Refusing(records=4).walk() == Step("gave way", 0, "klaviyo: 503")
    world = Refusing(records=4, error=PermanentError("hubspot 400 BAD"))
    with pytest.raises(PermanentError):
        world.walk()
    assert (world.document["state"], world.document["because"]) == ("paused", "hubspot 400 BAD")
    after = World(records=4, document=resumed(world.document, NOW, ("RfLoW1",)))
    assert after.walk() == Step("done", 4)
    assert after.document["acknowledged"] == ["RfLoW1"]


def test_progress_says_done_left_rate_and_end() -> None:
    """Three a minute over the last ten minutes; what stands still has no end."""
    world = World(records=300, document=begun(NOW, Total(300)))
    world.walk(pages=20)
    told: Mapping[str, Any] = shown(world.document, world.now())
    assert (told["done"], told["left"], told["a_minute"]) == (60, 240, 3.0)
    assert told["finishes_at"] == (NOW + timedelta(minutes=20 + 80)).isoformat()
    later = shown(world.document, world.now() + timedelta(hours=1))
    assert (later["a_minute"], later["finishes_at"]) == (0.0, None)
    assert shown({}, NOW) == {"state": "never started"}


@pytest.mark.parametrize(
    ("total", "pages", "left", "why"),
    [
        (Total(9), 1, 6, None),
        (Total(9), 3, 0, None),
        (Total(5), 2, None, MISCOUNTED),
        (Total(0), 1, None, MISCOUNTED),
        (Total(None, "the store does not say"), 1, None, "the store does not say"),
    ],
)
def test_what_is_left_is_never_a_wrong_number(total: Total, pages: int, left: int | None, why: str | None) -> None:
    """What was counted wrongly, or not at all, leaves nothing to say of the end, and why; the run goes on."""
    world = World(records=12, document=begun(NOW, total))
    world.walk(pages)
    told = shown(world.document, world.now())
    assert (told["left"], told.get("left_unknown")) == (left, why)
    assert (told["finishes_at"] is None) == (left is None)
    world.walk()
    ended = shown(world.document, world.now())
    assert (ended["state"], ended["done"], ended["left"], "left_unknown" in ended) == ("done", 12, 0, False)


def test_the_first_minute_is_no_faster_than_a_minute() -> None:
    """A page of a hundred within seconds is a hundred a minute: the next one comes with the next run."""
    document = advanced(begun(NOW, Total(300)), 100, "c", NOW + timedelta(seconds=5))
    told = shown(document, NOW + timedelta(seconds=6))
    assert (told["a_minute"], told["finishes_at"]) == (100.0, (NOW + timedelta(seconds=126)).isoformat())


def test_a_run_of_before_totals_had_reasons_is_shown() -> None:
    """Its document has no word of why."""
    document = {name: value for name, value in begun(NOW, Total(None)).items() if name != "total_unknown"}
    assert shown(document, NOW)["left"] is None


def test_each_comes_first_in_its_minute() -> None:
    """All of them, each time; none where there is none."""
    noon = datetime(2026, 11, 21, 12, tzinfo=UTC)
    orders = [in_turn(["a", "b", "c"], noon + timedelta(minutes=minute)) for minute in range(3)]
    assert sorted(order[0] for order in orders) == ["a", "b", "c"]
    assert all(sorted(order) == ["a", "b", "c"] for order in orders)
    assert in_turn([], noon) == []
