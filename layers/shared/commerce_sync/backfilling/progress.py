"""How far a backfill is: one small document that moves only past what is on its queue.

Times are ISO 8601 in UTC. ``marks`` are moments of the last minutes with what was done by then; a rate is made of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

Document = Mapping[str, Any]
State = Literal["running", "paused", "done", "cancelled"]
RATED_OVER: Final = timedelta(minutes=10)
BETWEEN_MARKS: Final = timedelta(seconds=30)
OPEN: Final = frozenset({"running", "paused"})
MISCOUNTED: Final = "more were read than were counted: others came meanwhile, or the count was of something else"


@dataclass(frozen=True, slots=True)
class Total:
    """About how many records there are when a run begins; None where nobody can say, and then why."""

    about: int | None
    unknown: str = ""


def begun(
    now: datetime, total: Total, *, since: datetime | None = None, acknowledged: tuple[str, ...] = ()
) -> Document:
    """A new run."""
    return {
        "state": "running",
        "started_at": now.isoformat(),
        "since": since.isoformat() if since else None,
        "cursor": None,
        "done": 0,
        "total": total.about,
        "total_unknown": total.unknown,
        "acknowledged": list(acknowledged),
        "marks": [[now.isoformat(), 0]],
    }


def is_open(document: Document) -> bool:
    """Whether there is a run that has not ended."""
    return document.get("state") in OPEN


def advanced(document: Document, read: int, cursor: str | None, now: datetime) -> Document:
    """The run past a page of so many records; without a next cursor that was the last one."""
    done = document["done"] + read
    new = {**_unhindered(document), "done": done, "cursor": cursor, "marks": _marked(document["marks"], now, done)}
    return new if cursor else {**new, "state": "done", "finished_at": now.isoformat()}


def hindered(document: Document, why: str, now: datetime) -> Document:
    """The run as it stands, with what it gives way to and since when."""
    known = document.get("waits")
    since = known["since"] if known and known["why"] == why else now.isoformat()
    return {**document, "waits": {"why": why, "since": since}}


def paused(document: Document, why: str) -> Document:
    """The run halted, by an operator or by what a vendor refuses for good.

    :raises ValueError: none is running.
    """
    if document.get("state") != "running":
        raise ValueError("it is not running")
    return {**_unhindered(document), "state": "paused", "because": why}


def resumed(document: Document, now: datetime, acknowledged: tuple[str, ...] = ()) -> Document:
    """The run going on from where it stands; its rate is counted anew.

    :raises ValueError: none is paused.
    """
    if document.get("state") != "paused":
        raise ValueError("it is not paused")
    kept = {name: value for name, value in document.items() if name != "because"}
    known = dict.fromkeys([*document["acknowledged"], *acknowledged])
    marks = [[now.isoformat(), document["done"]]]
    return {**kept, "state": "running", "acknowledged": list(known), "marks": marks}


def cancelled(document: Document, now: datetime) -> Document:
    """The run given up. What it did stays done; a new one begins from the start.

    :raises ValueError: there is none, or it has ended.
    """
    if not is_open(document):
        raise ValueError("there is no backfill that has not ended")
    return {**_unhindered(document), "state": "cancelled", "finished_at": now.isoformat()}


def shown(document: Document, now: datetime) -> dict[str, Any]:
    """What an operator reads: done, left, how many a minute over the last ten, and when it will have finished.

    Whatever is not known is None: what is left where nobody says how many there are (``left_unknown`` says why), the
    end where nothing moves.
    """
    if not document:
        return {"state": "never started"}
    left, unknown = _left(document)
    told = {
        "state": document["state"],
        "started_at": document["started_at"],
        "since": document["since"],
        "done": document["done"],
        "left": left,
        "acknowledged": document["acknowledged"],
    }
    told |= {"left_unknown": unknown} if unknown else {}
    told |= {name: document[name] for name in ("waits", "because", "finished_at") if name in document}
    if document["state"] == "running":
        rate = a_minute(document, now)
        ends = now + timedelta(minutes=left / rate) if rate and left is not None else None
        told |= {"a_minute": round(rate, 1), "finishes_at": ends and ends.replace(microsecond=0).isoformat()}
    return told


def _left(document: Document) -> tuple[int | None, str]:
    """How many are left, or None and why. A count that is exceeded says nothing any more."""
    done, total = document["done"], document["total"]
    if document["state"] == "done":
        return 0, ""
    if total is None:
        return None, document.get("total_unknown", "")
    return (total - done, "") if done <= total else (None, MISCOUNTED)


def a_minute(document: Document, now: datetime) -> float:
    """How many records a minute were done over the last ten, pauses among them; 0 where nothing moved.

    Within the first minute they count as a minute's: a run goes on once a minute.
    """
    recent = [(datetime.fromisoformat(at), done) for at, done in document["marks"]]
    at, done = next((one for one in recent if now - one[0] <= RATED_OVER), recent[-1])
    minutes = max(1.0, (now - at).total_seconds() / 60)
    return float(max(0.0, (document["done"] - done) / minutes))


def _marked(marks: list[list[Any]], now: datetime, done: int) -> list[list[Any]]:
    """The marks of the last ten minutes, and the last one before them."""
    times = [datetime.fromisoformat(at) for at, _ in marks]
    if now - times[-1] < BETWEEN_MARKS:
        return marks
    older = sum(now - at > RATED_OVER for at in times)
    return [*marks[max(0, older - 1) :], [now.isoformat(), done]]


def _unhindered(document: Document) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "waits"}
