"""What becomes of looks once they were taken: settled, due again, parked, or over."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from commerce_sync.contracts import Promise
from commerce_sync.contracts.waiting import Patience, retried
from commerce_sync.errors import PermanentError, RetriableError
from commerce_sync.profiles.importing import ImportDesk
from commerce_sync.profiles.looks import REFUSED_ROW, ended, look_at, looked, mended, refusal
from commerce_sync.profiles.syncing import Outcome


class Book(Protocol):
    """Where promises stand."""

    def settle(self, before: Promise, after: Promise) -> None:
        """Write an outcome under the lease that it was made under."""

    def defer_all(self, promises: Iterable[Promise]) -> None:
        """Write down promises that wait. One that is written already starts its wait anew."""


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
    repeats the look. A refusal that is over is settled with it. Who was given up and has a value that ends is a refusal
    too, and is looked at on its day. Who was found under another name than was asked for (a
    contact that another was merged into) is concluded under that one too.
    """
    counts = Counter[str]()
    rows = {(one.subject, one.row): one for one in owned}
    fresh: list[Promise] = []
    kept: list[tuple[Promise, Promise]] = []
    for subject in dict.fromkeys([*subjects, *outcome.due, *outcome.waiting, *outcome.refused]):
        look = look_at(subject, now)
        before, refused = rows.get((subject, look.row)), rows.get((subject, REFUSED_ROW))
        if said := _about_refusal(subject, refused, outcome, now, patience):
            kept += [(refused, said)] if refused else []
            fresh += [] if refused else [said]
        ends = outcome.due.get(subject)
        after = looked(before or look, now, outcome.waiting.get(subject), ends, patience)
        if ends and after.status == "parked":
            fresh += [] if said else [refusal(subject, now, str(after.reason))]
            after = ended(after, ends)
        if before is not None:
            kept.append((before, after))
        elif after.due_at is not None and (refused is None or _is_torn(subject, outcome)):
            fresh.append(after)
    book.defer_all(fresh)
    for before, after in kept:
        book.settle(before, after)
    counts["ParkedPromises"] += sum(one.status == "parked" for one in (*fresh, *(after for _, after in kept)))
    return counts


def _is_torn(subject: str, outcome: Outcome) -> bool:
    """Whether one destination refused somebody whom another has still to be told of: a parked row tells nobody."""
    return subject in outcome.refused and subject in outcome.waiting


def _about_refusal(
    subject: str, refused: Promise | None, outcome: Outcome, now: datetime, patience: Patience
) -> Promise | None:
    """The row of a refusal as it is now: there is one, it is over, or it is tried again. None where there is none."""
    if subject in outcome.refused:
        return refusal(subject, now, outcome.refused[subject])
    if refused is not None and subject in outcome.waiting:
        return retried(refused, now, patience, outcome.waiting[subject])
    return mended(subject, now) if refused is not None or subject in outcome.mended else None


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
            book.defer_all(seen.rows)
            counts["ParkedPromises"] += sum(row.status == "parked" for row in seen.rows)
            book.settle(promise, seen.promise)
            counts += seen.counts
    return counts
