"""What an operator is told of cursors: how far each is, what it is at, and how its last run ended. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from commerce_sync.polling.cursors import Cursor
from commerce_sync.polling.walking import CURSOR, Walked

RUN: Final = "run#"
"""What the names of the documents about runs begin with; the schedule (``hubspot:records``) follows."""
RUNS_KEPT: Final = timedelta(days=7)
"""A source that was not read for so long is none any more: an owner's contacts, a kind of email."""
Document = Mapping[str, Any]


def told_of(walked: Walked, at: datetime) -> Document:
    """A run that was not refused."""
    return {"at": at.isoformat(), "ended": walked.ended, "said": walked.said}


def failed(ended: str, reason: str, at: datetime, scopes: Iterable[str] = ()) -> Document:
    """A run that was refused (``not_allowed``: with the scopes that are missing, where the vendor named them)."""
    told = {"at": at.isoformat(), "ended": ended, "said": 0, "reason": reason}
    return told | ({"scopes": sorted(scopes)} if scopes else {})


def noted(known: Document, runs: Mapping[str, Document], now: datetime) -> Document:
    """The document of a schedule's last runs by source, after one more."""
    kept = {name: one for name, one in known.items() if now - datetime.fromisoformat(one["at"]) <= RUNS_KEPT}
    return {**kept, **runs}


def cursors_at_a_glance(
    documents: Iterable[tuple[str, Document]], runs: Iterable[tuple[str, Document]], now: datetime
) -> dict[str, Any]:
    """By source: how far it is confirmed and for how long, the window it is in, its moves and resets, its last run.

    A source that never got as far as a cursor shows its run alone: a scope is missing, or the vendor fails.
    """
    last_runs = {source: run for _, schedule in runs for source, run in schedule.items()}
    shown = {
        name.removeprefix(CURSOR): _shown(Cursor.from_document(document), now)
        for name, document in documents
        if "through" in document
    }
    return {
        source: {**shown.get(source, {}), "last_run": last_runs.get(source)}
        for source in sorted({**shown, **last_runs})
    }


def _shown(cursor: Cursor, now: datetime) -> dict[str, Any]:
    window = cursor.window
    return {
        "through": cursor.through.isoformat(),
        "age_seconds": int((now - cursor.through).total_seconds()),
        "window": window and {"start": window.start.isoformat(), "end": window.end.isoformat(), "page": window.page},
        "moves": list(cursor.moves),
        "resets": [dict(one) for one in cursor.resets],
    }
