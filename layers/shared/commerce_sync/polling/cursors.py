"""How far a scheduled read is confirmed, and what is read next. Pure.

A read goes through a *window*: from what is confirmed, less an overlap that is read again because vendors show changes
late, to now. It may take several runs: the page it has come to is kept. What was seen in the overlap is remembered, so
that it is not said again; what is forgotten of that is said again, which is harmless.

How far a window confirms, its rule says. Where rows come in the order of their times (*events*), to the latest time
that was seen: an event that is stored later, with a time before that, lies in the overlap. Where rows are searched in
an index that lags (*changes*), to its end less the lag.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

MOST_SEEN: Final = 2000
MOST_MOVES: Final = 10
MOST_RESETS: Final = 20
NONE: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something that a vendor showed: its id with all by which it is another sighting, its time, and itself."""

    id: str
    at: datetime
    what: Any = None


@dataclass(frozen=True, slots=True)
class Window:
    """What is being read: from ``start`` to ``end``, come to ``page``, having seen nothing later than ``reached``."""

    start: datetime
    end: datetime
    page: str | None = None
    reached: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """All that is confirmed before ``through``; an unfinished window; what was seen since ``through`` less the overlap.

    ``moves`` are the latest times to which it moved, ``resets`` what operators did to it, the latest last.
    ``rescanned_at`` is when a wider window was last opened, ``restarts`` how often the open one was begun anew.
    """

    through: datetime
    window: Window | None = None
    seen: Mapping[str, datetime] | None = None
    moves: tuple[str, ...] = ()
    rescanned_at: datetime | None = None
    resets: tuple[Mapping[str, Any], ...] = ()
    restarts: int = 0

    def to_document(self) -> dict[str, Any]:
        """As JSON."""
        window = self.window
        return {
            "through": _text(self.through),
            "window": None
            if window is None
            else {
                "start": _text(window.start),
                "end": _text(window.end),
                "page": window.page,
                "reached": _text(window.reached),
            },
            "seen": {name: _text(at) for name, at in (self.seen or {}).items()},
            "moves": list(self.moves),
            "rescanned_at": _text(self.rescanned_at),
            "resets": [dict(one) for one in self.resets],
            "restarts": self.restarts,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """From JSON."""
        told = document.get("window")
        window = None
        if told:
            reached = told.get("reached")
            window = Window(_moment(told["start"]), _moment(told["end"]), told["page"], reached and _moment(reached))
        rescanned = document.get("rescanned_at")
        return cls(
            through=_moment(document["through"]),
            window=window,
            seen={name: _moment(at) for name, at in document.get("seen", {}).items()},
            moves=tuple(document.get("moves", ())),
            rescanned_at=rescanned and _moment(rescanned),
            resets=tuple(document.get("resets", ())),
            restarts=document.get("restarts", 0),
        )

    def reset(self, through: datetime, told: Mapping[str, Any]) -> Self:
        """The cursor set to another time. What was seen is forgotten, so that what is read again is said again."""
        resets = (*self.resets, dict(told))[-MOST_RESETS:]
        return replace(self, through=through, window=None, seen=None, resets=resets, restarts=0)

    def restarted(self) -> Self:
        """The cursor at the first page of its window: a page that the vendor no longer gives is come to anew."""
        window = self.window and replace(self.window, page=None)
        return replace(self, window=window, restarts=self.restarts + 1)


@dataclass(frozen=True, slots=True)
class Rule:
    """How windows are opened and what they confirm.

    ``lag`` is how late a vendor's index may show a change; None where rows come in the order of their times. Every
    ``wide_every`` a window of ``wide`` is read, for what was stored very late.
    """

    overlap: timedelta
    lag: timedelta | None = None
    wide: timedelta = NONE
    wide_every: timedelta = NONE

    def begun(self, now: datetime) -> Cursor:
        """The first cursor: what was before is the baseline's business."""
        return Cursor(through=now, rescanned_at=now)

    def opened(self, cursor: Cursor, now: datetime) -> Cursor:
        """The cursor with a window: the unfinished one, or the next."""
        if cursor.window is not None:
            return cursor
        is_wide = bool(self.wide_every) and now - (cursor.rescanned_at or now) >= self.wide_every
        start = min(cursor.through, now) - (max(self.wide, self.overlap) if is_wide else self.overlap)
        rescanned = now if is_wide or cursor.rescanned_at is None else cursor.rescanned_at
        return replace(cursor, window=Window(start, now), rescanned_at=rescanned)

    def moved(self, cursor: Cursor, sightings: Sequence[Sighting], page: str | None) -> Cursor:
        """The cursor after a page of its window, all of which is kept for good. ``page`` is the next one, if any."""
        window = cursor.window
        if window is None:
            raise ValueError("there is no window to move in")
        reached = max((one.at for one in sightings), default=window.reached)
        if window.reached is not None and reached is not None:
            reached = max(reached, window.reached)
        seen = {**(cursor.seen or {}), **{one.id: one.at for one in sightings}}
        if page is not None:
            return replace(cursor, window=replace(window, page=page, reached=reached), seen=_newest(seen))
        confirmed = window.end - self.lag if self.lag is not None else min(reached or cursor.through, window.end)
        through = max(cursor.through, confirmed)
        kept = {name: at for name, at in seen.items() if at >= through - self.overlap}
        moves = cursor.moves
        if through != cursor.through and sightings:
            moves = (*moves, _text(through) or "")[-MOST_MOVES:]
        return replace(cursor, through=through, window=None, seen=_newest(kept), moves=moves, restarts=0)


def unseen(cursor: Cursor, sightings: Iterable[Sighting]) -> list[Sighting]:
    """Those that were not seen before, each once."""
    known = set(cursor.seen or {})
    fresh: dict[str, Sighting] = {}
    for one in sightings:
        if one.id not in known:
            fresh.setdefault(one.id, one)
    return list(fresh.values())


def _newest(seen: Mapping[str, datetime]) -> Mapping[str, datetime]:
    if len(seen) <= MOST_SEEN:
        return seen
    return dict(sorted(seen.items(), key=lambda one: one[1])[-MOST_SEEN:])


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
