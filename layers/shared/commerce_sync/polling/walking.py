"""One run over one source: page by page, and what a page says is on its queue before the cursor passes it.

A crash anywhere repeats a page at most. Two runs at a time both say what they read, and one of them finds the cursor
moved and stops. Whoever hears it twice hears nothing new.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, Protocol

from commerce_sync.errors import PermanentError
from commerce_sync.polling.cursors import Cursor, Rule, Sighting, Window, unseen

CURSOR: Final = "cursor#"
"""What the names of cursors' documents begin with; the source's name follows."""


class Cursors(Protocol):
    """Where cursors are kept."""

    def read(self, name: str) -> tuple[Mapping[str, Any], int]:
        """A document and its revision; an empty one where there is none."""

    def write(self, name: str, document: Mapping[str, Any], revision: int, /) -> bool:
        """Write over the revision that was read. False where somebody else was faster."""


class Source(Protocol):
    """Something that is read by a cursor. Its pages may be asked for again."""

    @property
    def name(self) -> str:
        """Under which its cursor is kept."""

    @property
    def rule(self) -> Rule:
        """How its windows are opened and what they confirm."""

    def page(self, window: Window) -> tuple[Sequence[Sighting], str | None]:
        """The sightings of a page of a window, and the next page."""

    def say(self, fresh: Sequence[Sighting]) -> None:
        """Put what they say where it is kept for good. Saying it again is harmless."""


Ended = Literal["done", "out_of_time", "overtaken", "restarted"]


@dataclass(frozen=True, slots=True)
class Walked:
    """How a run ended, how many sightings it said, and how far the source is confirmed."""

    ended: Ended
    said: int
    through: datetime
    is_first: bool = False


def walk(
    source: Source,
    cursors: Cursors,
    now: Callable[[], datetime],
    may_go_on: Callable[[], bool],
    begins: datetime | None = None,
) -> Walked:
    """Read on from a source's cursor until its window is finished or time runs short.

    ``begins`` is from when a source is read that was never read before, less the overlap: now, where it is not given.

    :raises RetriableError: the vendor pauses or fails. The cursor stands where the last page left it.
    :raises PermanentError: the vendor refuses the first page, or refused a later one of this window before: its links
        run out once, and a window that never comes to its end stands still.
    """
    name = CURSOR + source.name
    document, revision = cursors.read(name)
    cursor = Cursor.from_document(document) if document else source.rule.begun(begins or now())
    said, is_first = 0, not document
    while may_go_on():
        opened = source.rule.opened(cursor, now())
        try:
            sightings, following = source.page(_window(opened))
        except PermanentError:
            if _window(opened).page is None:
                raise
            cursors.write(name, opened.restarted().to_document(), revision)
            if opened.restarts:
                raise
            return Walked("restarted", said, cursor.through, is_first)
        fresh = unseen(opened, sightings)
        if fresh:
            source.say(fresh)
        said += len(fresh)
        moved = source.rule.moved(opened, sightings, following)
        if moved != cursor or not revision:
            if not cursors.write(name, moved.to_document(), revision):
                return Walked("overtaken", said, cursor.through, is_first)
            cursor, revision = moved, revision + 1
        if following is None:
            return Walked("done", said, cursor.through, is_first)
    return Walked("out_of_time", said, cursor.through, is_first)


def is_through(cursors: Cursors, source: str, begins: datetime) -> bool:
    """Whether a source that is read once, from ``begins`` on, was read to its end."""
    document, _ = cursors.read(CURSOR + source)
    cursor = Cursor.from_document(document) if document else None
    return cursor is not None and cursor.window is None and cursor.through > begins


def _window(cursor: Cursor) -> Window:
    if cursor.window is None:
        raise ValueError("no window is open")
    return cursor.window
