"""A cursor loses nothing, whatever changes while pages are read, however late it shows, wherever a run is killed."""

from datetime import timedelta
from typing import Any

from commerce_sync.errors import RetriableError
from commerce_sync.polling.walking import Source, walk
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.polling.search_models import Index, KilledError, Log, World

SHARE = st.floats(0, 1)
ADVANCE = st.tuples(st.just("advance"), st.sampled_from([0.0, 1.0, 30.0, 61.0, 600.0, 3600.0]), st.just(0))
RUN = st.tuples(st.just("run"), st.sampled_from([-1, *range(14)]), st.integers(1, 4))
PAUSE = st.tuples(st.just("pause"), st.just(0), st.just(0))
CHANGE = st.tuples(st.just("change"), st.integers(1, 9), SHARE)
BULK = st.tuples(st.just("bulk"), st.integers(1, 9), SHARE)
MEANWHILE = st.tuples(st.just("meanwhile"), st.integers(1, 9), st.just(0))
ADD = st.tuples(st.just("add"), st.integers(1, 4), SHARE)
Step = tuple[str, float, float]


def run(world: World, source: Source, killed_at: int, pages: int) -> bool:
    """One run of so many pages at most; whether it finished its window."""
    world.steps_left = killed_at
    left = [pages]

    def may_go_on() -> bool:
        left[0] -= 1
        return left[0] >= 0

    try:
        return walk(source, world, world.now, may_go_on).ended == "done"
    except (KilledError, RetriableError):
        return False
    finally:
        world.steps_left = -1


def settle(world: World, source: Source) -> None:
    """Runs without mishaps, until everything that happened had to show."""
    for _ in range(3):
        world.at += timedelta(seconds=90)
        while not run(world, source, -1, 3):
            pass


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(ADVANCE, RUN, PAUSE, CHANGE, BULK, MEANWHILE), max_size=40))
def test_the_last_version_of_every_row_is_said(steps: list[Step]) -> None:
    """Rows of one time at a page's edge, rows that change while pages are read, an index that lags a minute."""
    world = World()
    index = Index(world)
    run(world, index, -1, 1)
    for what, one, other in steps:
        if what == "advance":
            world.at += timedelta(seconds=one)
        elif what == "run":
            run(world, index, int(one), int(other))
        elif what == "pause":
            index.pauses += 1
        elif what == "change":
            index.change(int(one), other)
        elif what == "meanwhile":
            index.changes_meanwhile.append(int(one))
        else:
            for row in range(1, int(one) + 1):
                index.change(row, other)
    index.pauses = 0
    index.changes_meanwhile.clear()
    settle(world, index)
    assert index.wanted() - set(world.said) == set()


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(ADVANCE, RUN, PAUSE, ADD), max_size=40))
def test_every_entry_is_said(steps: list[Step]) -> None:
    """Entries of one time at a page's edge, entries that are stored up to the overlap late."""
    world = World()
    entries = Log(world)
    run(world, entries, -1, 1)
    for what, one, other in steps:
        if what == "advance":
            world.at += timedelta(seconds=one)
        elif what == "run":
            run(world, entries, int(one), int(other))
        elif what == "pause":
            entries.pauses += 1
        else:
            for _ in range(int(one)):
                entries.add(other)
    entries.pauses = 0
    world.at += timedelta(minutes=10)
    settle(world, entries)
    assert set(entries.entries) - set(world.said) == set()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 4), st.integers(1, 4)), max_size=12))
def test_two_runs_at_a_time_lose_nothing(turns: list[tuple[bool, int, int]]) -> None:
    """Each reads the cursor, then both go on; the one that finds it moved stops."""
    world = World()
    index = Index(world)
    run(world, index, -1, 1)
    for row, (is_bulk, pages, other_pages) in enumerate(turns, 1):
        index.change(row, 0.5)
        if is_bulk:
            for other in range(1, 7):
                index.change(other, 1.0)
        _race(world, index, pages, other_pages)
        world.at += timedelta(seconds=20)
    settle(world, index)
    assert index.wanted() - set(world.said) == set()


def test_the_overlap_is_not_said_twice() -> None:
    """What was seen is remembered, so a quiet source says nothing and writes nothing."""
    world = World()
    entries = Log(world)
    run(world, entries, -1, 1)
    for _ in range(2):
        entries.add(0)
    settle(world, entries)
    told, cursors = list(world.said), dict(world.cursors)
    settle(world, entries)
    assert sorted(told) == sorted(entries.entries)
    assert (world.said, world.cursors) == (told, cursors)


def test_the_future_does_not_draw_a_cursor_after_it() -> None:
    """An entry of next year hides nothing of this one."""
    world = World()
    entries = Log(world)
    run(world, entries, -1, 1)
    entries.add(0, at=world.at + timedelta(days=365))
    entries.entries["e0000"] = (entries.entries["e0000"][0], world.at)
    settle(world, entries)
    world.at += timedelta(hours=1)
    entries.add(0)
    world.at += timedelta(hours=1)
    settle(world, entries)
    assert set(world.said) >= set(entries.entries)


def _race(world: World, index: Index, pages: int, other_pages: int) -> None:
    """A run in the middle of which another one runs."""
    plain = index.page
    began: list[bool] = []

    def page(window: Any) -> Any:
        answer = plain(window)
        if not began:
            began.append(True)
            run(world, index, -1, other_pages)
        return answer

    index.page = page  # type: ignore[method-assign]
    try:
        run(world, index, -1, pages)
    finally:
        index.page = plain  # type: ignore[method-assign]
