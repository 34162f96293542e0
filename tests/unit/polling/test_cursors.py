"""Cursors as documents, and what their rules confirm."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from commerce_sync.errors import PermanentError
from commerce_sync.polling.cursors import MOST_SEEN, Cursor, Rule, Sighting, Window, unseen
from commerce_sync.polling.walking import walk

from tests.unit.polling.search_models import OVERLAP, START, Log, World

LATER = START + timedelta(minutes=5)


def test_a_document_is_the_cursor() -> None:
    """All of it, an unfinished window included."""
    whole = Cursor(START, Window(START, LATER, "link", START), {"a": START}, ("2026",), LATER, restarts=1)
    for one in (whole, Cursor(START, None, {}), Cursor(START, Window(START, LATER), {})):
        assert Cursor.from_document(one.to_document()) == one


def test_where_rows_have_an_order_the_latest_time_is_confirmed() -> None:
    """Nothing seen, nothing confirmed."""
    rule = Rule(OVERLAP)
    opened = rule.opened(rule.begun(START), LATER)
    assert opened.window == Window(START - OVERLAP, LATER)
    assert rule.moved(opened, [], None).through == START
    late = START + timedelta(minutes=1)
    moved = rule.moved(opened, [Sighting("a", late), Sighting("b", START)], None)
    assert (moved.through, moved.seen, moved.window) == (late, {"a": late, "b": START}, None)


def test_where_an_index_lags_the_window_less_the_lag_is_confirmed() -> None:
    """Also where nothing was seen; never backwards."""
    rule = Rule(OVERLAP, lag=timedelta(minutes=2))
    opened = rule.opened(rule.begun(START), LATER)
    assert rule.moved(opened, [], None).through == LATER - timedelta(minutes=2)
    soon = rule.opened(rule.begun(START), START + timedelta(seconds=10))
    assert rule.moved(soon, [], None).through == START


def test_once_in_a_while_a_wider_window_is_read() -> None:
    """For what was stored very late."""
    rule = Rule(OVERLAP, wide=timedelta(days=2), wide_every=timedelta(days=1))
    first = rule.begun(START)
    a_day_later = START + timedelta(days=1)
    opened = rule.opened(first, a_day_later)
    assert opened.window is not None
    assert opened.window.start == START - timedelta(days=2)
    again = rule.opened(rule.moved(opened, [], None), a_day_later + timedelta(minutes=1))
    assert again.window is not None
    assert again.window.start == START - OVERLAP


def test_what_is_remembered_has_an_end() -> None:
    """The newest are kept; the others are said again, which is harmless."""
    rule = Rule(OVERLAP)
    opened = rule.opened(rule.begun(START), LATER)
    many = [Sighting(str(number), START + timedelta(milliseconds=number)) for number in range(MOST_SEEN + 5)]
    moved = rule.moved(opened, many, None)
    assert moved.seen is not None
    assert (len(moved.seen), "4" in moved.seen, "5" in moved.seen) == (MOST_SEEN, False, True)
    assert [one.id for one in unseen(moved, [*many, many[0]])] == ["0", "1", "2", "3", "4"]


def test_a_page_that_is_not_given_any_more_is_read_from_the_start_of_its_window() -> None:
    """A vendor's links do not last for ever."""
    world = World()
    entries = Log(world)
    walk(entries, world, world.now, lambda: True)
    for _ in range(5):
        entries.add(0)
    pages = iter([True, False])
    assert walk(entries, world, world.now, lambda: next(pages)).ended == "out_of_time"
    plain = entries.page

    def gone(window: Window) -> tuple[Sequence[Sighting], str | None]:
        if window.page is not None:
            raise PermanentError("klaviyo 400 invalid")
        return plain(window)

    entries.page = gone  # type: ignore[method-assign]
    assert walk(entries, world, world.now, lambda: True).ended == "restarted"
    entries.page = plain  # type: ignore[method-assign]
    assert walk(entries, world, world.now, lambda: True).ended == "done"
    assert set(world.said) == set(entries.entries)
    entries.page = lambda window: gone(replace(window, page="x"))  # type: ignore[method-assign]
    with pytest.raises(PermanentError):
        walk(entries, world, world.now, lambda: True)


def test_a_page_that_is_refused_again_and_again_is_a_failure() -> None:
    """Once, a link may have run out. A source that never comes to its end would stand still, and nobody would know."""
    world = World()
    entries = Log(world)
    walk(entries, world, world.now, lambda: True)
    for _ in range(5):
        entries.add(0)
    plain = entries.page

    def gone(window: Window) -> tuple[Sequence[Sighting], str | None]:
        if window.page is not None:
            raise PermanentError("bigcommerce: the store does not know min_id")
        return plain(window)

    entries.page = gone  # type: ignore[method-assign]
    assert walk(entries, world, world.now, lambda: True).ended == "restarted"
    for _ in range(2):
        with pytest.raises(PermanentError, match="min_id"):
            walk(entries, world, world.now, lambda: True)
    entries.page = plain  # type: ignore[method-assign]
    assert walk(entries, world, world.now, lambda: True).ended == "done"
    for _ in range(5):
        entries.add(0)
    entries.page = gone  # type: ignore[method-assign]
    assert walk(entries, world, world.now, lambda: True).ended == "restarted"


def test_a_wide_window_that_is_read_again_is_as_wide_as_it_was() -> None:
    """It is opened once a day, for what was stored very late."""
    wide, world = timedelta(days=2), World()
    entries = Log(world)
    walk(entries, world, world.now, lambda: True)
    entries.rule = replace(entries.rule, wide=wide, wide_every=timedelta(days=1))
    world.at += timedelta(days=1)
    starts: list[timedelta] = []

    def gone_once(window: Window) -> tuple[Sequence[Sighting], str | None]:
        starts.append(world.at - window.start)
        if len(starts) == 2:
            raise PermanentError("klaviyo 400 invalid")
        return [], "x" if len(starts) == 1 else None

    entries.page = gone_once  # type: ignore[method-assign]
    assert [walk(entries, world, world.now, lambda: True).ended for _ in range(2)] == ["restarted", "done"]
    assert starts[0] == starts[2] >= wide


def test_what_is_stored_late_lies_in_the_overlap() -> None:
    """An entry older than the latest one that was seen, stored after it."""
    world = World()
    entries = Log(world)
    walk(entries, world, world.now, lambda: True)
    entries.add(0.9)
    world.at += timedelta(seconds=1)
    entries.add(0)
    walk(entries, world, world.now, lambda: True)
    assert world.said == ["e0001"]
    world.at += OVERLAP
    walk(entries, world, world.now, lambda: True)
    assert world.said == ["e0001", "e0000"]
