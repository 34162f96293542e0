"""What becomes of looks once they were taken: settled, due again, parked, or over."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from commerce_sync.contracts import Promise
from commerce_sync.contracts.waiting import Patience, retried
from commerce_sync.errors import PermanentError, RetriableError
from commerce_sync.profiles.importing import ImportDesk
from commerce_sync.profiles.looks import REFUSED_ROW, look_at, looked, mended, refusal
from commerce_sync.profiles.syncing import Outcome


class Book(Protocol):
    """Where promises stand."""

    def settle(self, before: Promise, after: Promise) -> None:
        """Write an outcome under the lease that it was made under."""

    def defer(self, promise: Promise) -> None:
        """Write down one promise that waits. One that is written already starts its wait anew."""


def conclude(
    subjects: Sequence[str],
    owned: Sequence[Promise],
    outcome: Outcome,
    book: Book,
    *,
    now: datetime,
    patience: Patience,
) -> Counter[str]:
    """Write down what became of looks: ``owned`` are those that were due, the others were hints.

    What was refused stands in a row of its own, written before the look is settled, so that a crash between the two
    repeats the look. A refusal that is over is settled with it.
    """
    counts = Counter[str]()
    rows = {(one.subject, one.row): one for one in owned}
    for subject in subjects:
        look = look_at(subject, now)
        before = rows.get((subject, look.row))
        refused_before = rows.get((subject, REFUSED_ROW))
        if subject in outcome.refused:
            after = refusal(subject, now, outcome.refused[subject])
            _write(book, refused_before, after)
            counts["ParkedPromises"] += 1
        elif refused_before is not None and subject in outcome.waiting:
            book.settle(refused_before, retried(refused_before, now, patience, outcome.waiting[subject]))
        elif refused_before is not None or subject in outcome.mended:
            _write(book, refused_before, mended(subject, now))
        after = looked(before or look, now, outcome.waiting.get(subject), outcome.due.get(subject), patience)
        if before is not None:
            book.settle(before, after)
        elif after.due_at is not None and refused_before is None:
            book.defer(after)
        counts["ParkedPromises"] += after.status == "parked"
    return counts


def settle_imports(
    owned: Iterable[Promise], desk: ImportDesk, book: Book, *, now: datetime, patience: Patience
) -> Counter[str]:
    """Look at imports that are due; the rows of their members are written before each is settled."""
    counts = Counter[str]()
    for promise in owned:
        try:
            seen = desk.look(promise)
        except RetriableError as error:
            book.settle(promise, retried(promise, now, patience, error))
        except PermanentError as error:
            book.settle(promise, retried(promise, now, patience, RetriableError(str(error))))
        else:
            for row in seen.rows:
                book.defer(row)
                counts["ParkedPromises"] += row.status == "parked"
            book.settle(promise, seen.promise)
            counts += seen.counts
    return counts


def _write(book: Book, before: Promise | None, after: Promise) -> None:
    if before is None:
        book.defer(after)
    else:
        book.settle(before, after)
