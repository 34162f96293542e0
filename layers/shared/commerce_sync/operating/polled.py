"""What an operator is told of the stores that are read on a schedule: a small document about each. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

TALLY: Final = "polled#"
"""What the names of these documents begin with; the store (``shopify:us``) follows."""
DAYS_KEPT: Final = 7
Document = Mapping[str, Any]


def read_at(known: Document, at: datetime) -> Document:
    """The document once its store was read to the end."""
    return {**known, "last_poll": at.isoformat()}


def counted(known: Document, missed: int, at: datetime) -> Document:
    """The document with so many orders more that came by no webhook within their hour. Days are UTC."""
    today, found = at.date().isoformat(), dict(known.get("found", {}))
    found[today] = found.get(today, 0) + missed
    return {**known, "found": dict(sorted(found.items())[-DAYS_KEPT:])}


def polled_at_a_glance(documents: Iterable[tuple[str, Document]], now: datetime) -> dict[str, Any]:
    """By store: when it was last read to the end, and how many orders only that found, today and in the days before."""
    today = now.date().isoformat()
    return {
        name.removeprefix(TALLY): {
            "last_poll": known.get("last_poll"),
            "found_only_by_polling_today": known.get("found", {}).get(today, 0),
            "found_only_by_polling": dict(known.get("found", {})),
        }
        for name, known in documents
    }
