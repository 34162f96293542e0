"""What a developer sees of a backfill on the local stack, over runs as ``status`` shows them."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from commerce_sync.backfilling.progress import Document, Total, advanced, begun, hindered, paused, shown

from local.backfills import PLAIN_EVERY, READ_EVERY, Progress, line_of, running

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
COLUMNS = 60
NAME = "orders#bigcommerce:outlet"


class Terminal(StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


class Desk:
    """Runs that change, a clock, and what was written."""

    def __init__(self, out: StringIO) -> None:
        self.runs: dict[str, dict[str, Any]] = {}
        self.seconds = self.reads = 0
        self.out = out
        self.progress = Progress(self._read, out, lambda: self.seconds)

    def _read(self) -> dict[str, dict[str, Any]]:
        self.reads += 1
        return self.runs

    def look(self, document: Document, minutes: int = 1, after: float = READ_EVERY) -> bool:
        """A look at a run as it stands, so many seconds later."""
        self.runs = {NAME: shown(document, NOW + timedelta(minutes=minutes))}
        self.seconds += int(after)
        return self.progress.look()


STARTED = begun(NOW, Total(254))
HALF = advanced(STARTED, 127, "c", NOW + timedelta(minutes=1))


def test_a_line_says_what_done_left_rate_and_end() -> None:
    """And what it waits for, or why nobody knows what is left."""
    at = NOW + timedelta(minutes=1)
    assert line_of(NAME, shown(HALF, at)) == (f"{NAME}: 127 done, 127 left, 127 a minute, until 29 Nov 09:02 UTC")
    assert line_of(NAME, shown(hindered(HALF, "a queue is deep", at), at)).endswith(", waits: a queue is deep")
    unknown = begun(NOW, Total(None, "the store does not say"))
    assert line_of(NAME, shown(unknown, at)) == f"{NAME}: 0 done, left unknown (the store does not say), 0 a minute"
    assert line_of(NAME, shown(paused(HALF, "kim"), at)) == f"{NAME}: paused, 127 done (kim)"
    done = advanced(HALF, 127, None, NOW + timedelta(minutes=2))
    assert line_of(NAME, shown(done, at)) == f"{NAME}: done, 254 done"
    assert running({"a": shown(HALF, at), "b": shown(done, at), "c": shown(paused(HALF, "kim"), at)}).keys() == {"a"}


def test_nothing_is_written_while_there_is_none() -> None:
    """On a terminal or not; one that ended before is no news."""
    for out in (Terminal(), StringIO()):
        desk = Desk(out)
        assert not desk.progress.look()
        assert not desk.look(advanced(STARTED, 254, None, NOW))
        desk.progress.close()
        assert out.getvalue() == ""


def test_a_terminal_has_one_line_that_is_rewritten_and_how_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that is too long for it is cut, else the next would not take its place."""
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    desk = Desk(Terminal())
    assert desk.look(STARTED)
    assert desk.look(HALF)
    assert not desk.look(advanced(HALF, 127, None, NOW + timedelta(minutes=2)))
    first, second, last = desk.out.getvalue().split("\r\x1b[K")
    assert first.startswith(f"{NAME}: 0 done, 254 left"[:COLUMNS])
    assert second.startswith(f"{NAME}: 127 done, 127 left"[:COLUMNS])
    assert max(len(first), len(second)) < COLUMNS
    assert last == f"{NAME}: done, 254 done\n"


def test_elsewhere_plain_lines_come_at_intervals() -> None:
    """Nothing is erased."""
    desk = Desk(StringIO())
    desk.look(STARTED)
    for _ in range(int(PLAIN_EVERY) - 1):
        desk.look(HALF)
    assert len(desk.out.getvalue().splitlines()) == 1
    desk.look(HALF)
    desk.look(paused(HALF, "kim"))
    lines = desk.out.getvalue().splitlines()
    assert [line.split(",")[0] for line in lines] == [f"{NAME}: 0 done", f"{NAME}: 127 done", f"{NAME}: paused"]


def test_the_table_is_not_asked_with_every_look() -> None:
    """Whoever waits looks several times a second."""
    desk = Desk(StringIO())
    desk.look(HALF)
    assert desk.look(HALF, after=0)
    assert desk.reads == 1
