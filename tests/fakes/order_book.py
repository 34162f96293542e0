"""The order book in memory, with the table's conditions, and a place to crash between any two writes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from commerce_sync.contracts import OPEN, BookedOrder, DueRow, Page, Plan, Promise


class CrashedError(BaseException):
    """The worker died here: nothing that it runs can catch that."""


@dataclass
class Crasher:
    """Dies at the n-th named boundary it passes; ``passed`` lists the names it saw."""

    at: int = -1
    passed: list[str] = field(default_factory=list)

    def __call__(self, boundary: str) -> None:
        """Pass one boundary."""
        self.passed.append(boundary)
        if len(self.passed) - 1 == self.at:
            raise CrashedError(boundary)


class OrderBookInMemory:
    """Pages by subject, written one after the other, as the table's transaction does."""

    def __init__(self, crash: Callable[[str], None] = lambda _: None) -> None:
        self.pages: dict[str, Page] = {}
        self.writes = 0
        self.crash = crash

    def record(self, subject: str, planned: Callable[[Page], Plan]) -> Sequence[Promise]:
        """Plan and write in one step."""
        page = self.pages.get(subject, Page(subject))
        plan = planned(page)
        if plan.is_empty:
            return ()
        self.crash("before the facts are written")
        order = page.order if plan.order is None else plan.order
        promises = {**page.promises, **{promise.row: promise for promise in plan.promises}}
        self.pages[subject] = Page(subject, page.revision + 1, order, promises)
        self.writes += 1
        self.crash("after the facts are written")
        return plan.promises

    def take_over(self, rows: Iterable[DueRow], claim: str, until: datetime) -> Sequence[Promise]:
        """Promises still claimed as the rows say, under the worker's own lease."""
        taken = []
        for row in rows:
            promise = self.pages[row.subject].promises[row.row]
            if promise.claim == row.claim and promise.status in OPEN:
                taken.append(replace(promise, claim=claim, due_at=until, attempts=promise.attempts + 1))
                self._put(taken[-1])
        return taken

    def orders(self, subjects: Iterable[str]) -> Mapping[str, BookedOrder]:
        """Orders as they stand."""
        return {subject: self.pages[subject].order for subject in subjects if subject in self.pages}

    def settle(self, before: Promise, after: Promise) -> None:
        """Write an outcome under its lease."""
        self.crash("before a promise is settled")
        known = self.pages[before.subject].promises[before.row]
        if known.claim != before.claim:
            return
        if known.wanted != before.wanted:
            after = replace(known, claim=None, due_at=known.created_at)
        self._put(after)
        self.writes += 1
        self.crash("after a promise is settled")

    def claim_due(self, now: datetime, claim: str, lease: float) -> list[DueRow]:
        """What the dispatcher would hand out."""
        rows = []
        for promise in [promise for page in self.pages.values() for promise in page.promises.values()]:
            if promise.status in OPEN and promise.due_at and promise.due_at <= now:
                due_at = now + timedelta(seconds=lease)
                self._put(replace(promise, claim=claim, due_at=due_at))
                rows.append(DueRow(subject=promise.subject, row=promise.row, claim=claim))
        return rows

    def promises(self) -> list[Promise]:
        """Every promise."""
        return [promise for page in self.pages.values() for promise in page.promises.values()]

    def _put(self, promise: Promise) -> None:
        page = self.pages[promise.subject]
        self.pages[promise.subject] = replace(page, promises={**page.promises, promise.row: promise})
