"""The work of event_delivery over one batch: record every fact, then keep what this worker promised.

Recording is idempotent and comes first; a crash after it leaves promises that become due. Keeping touches only
promises under this worker's lease, so a message delivered twice, even to two workers at once, is kept once.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from commerce_sync.contracts import BookedOrder, CanonicalEvent, DeliveredFacts, DueRow, DueWork, Page, Plan, Promise
from commerce_sync.contracts.natives import Destination
from commerce_sync.contracts.waiting import Patience, due_again
from commerce_sync.delivery.keeping import EventDestination, Pace, Verdict, keep_event_promises
from commerce_sync.delivery.order_book import fingerprint
from commerce_sync.delivery.order_promises import Contacts, Revenue, keep_order_promises
from commerce_sync.delivery.pricing import Pricing
from commerce_sync.delivery.promises import ORDER_ROW, Lease
from commerce_sync.delivery.recording import Destinations, by_subject
from commerce_sync.delivery.settling import settled, still_waiting
from commerce_sync.delivery.verifying import ALIVE, OURS, THEIRS, Guard, Ruling, unguarded, verified
from commerce_sync.errors import RetriableError


class OrderBook(Protocol):
    """Where facts and promises are written together."""

    def record(self, subject: str, planned: Callable[[Page], Plan]) -> Sequence[Promise]:
        """Read a subject's page, plan, write in one transaction; again where another worker was faster."""

    def take_over(self, rows: Iterable[DueRow], claim: str, until: datetime) -> Sequence[Promise]:
        """The promises that these rows still claim, under this worker's lease from now on."""

    def orders(self, subjects: Iterable[str]) -> Mapping[str, BookedOrder]:
        """Orders as they now stand."""

    def settle(self, before: Promise, after: Promise) -> None:
        """Write a promise's outcome, if its lease is still this worker's."""


@dataclass
class DeliveryWork:
    """One batch. ``planned`` makes the plan for a page; ``outcomes`` counts promises by destination and status.

    ``klaviyo`` and ``crm`` make the clients, only where something is to be sent:
    an observed destination needs no key. ``held`` counts orders without a rate that should have one.
    ``guard`` says whether the vendor's own app of a store is alive; ``refused`` counts what waits because it is.
    """

    book: OrderBook
    klaviyo: Callable[[], EventDestination]
    crm: Callable[[], tuple[Contacts, Revenue]]
    price: Pricing
    live: Destinations
    lease: Lease
    patience: Patience
    planned: Callable[[Page, list[CanonicalEvent], Lease], Plan]
    now: Callable[[], datetime]
    guard: Guard = unguarded
    owned: dict[tuple[str, str], Promise] = field(default_factory=dict)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    held: int = 0
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)

    def record(self, message: DeliveredFacts | DueWork) -> None:
        """Take one message in: write down its facts, or take over the promises whose time has come.

        What waits for its order looks for it now: an order that came meanwhile lets it go, here or where it came.
        """
        if isinstance(message, DueWork):
            taken = self.book.take_over(message.rows, self.lease.claim, self.lease.until)
            self._own(taken)
            for subject in {promise.subject for promise in taken if promise.status == "waiting"}:
                self._record(subject, [])
            return
        for subject, events in by_subject(message.events).items():
            self._record(subject, events)

    def _record(self, subject: str, events: list[CanonicalEvent]) -> None:
        promises = self.book.record(subject, partial(self._plan, events))
        self._own(promises)
        unsent = [promise for promise in promises if promise.status in {"observed", "skipped", "verified", "waiting"}]
        self.outcomes.update((promise.row.partition("#")[0], promise.status) for promise in unsent)

    def _own(self, promises: Iterable[Promise]) -> None:
        """Remember what this worker holds, each promise as it was last written.

        Two messages of one batch may write one promise: what the first made of it is no longer so.
        """
        for promise in promises:
            self.owned.pop((promise.subject, promise.row), None)
            if promise.claim == self.lease.claim:
                self.owned[promise.subject, promise.row] = promise

    def _plan(self, events: list[CanonicalEvent], page: Page) -> Plan:
        return self.planned(page, events, self.lease)

    def keep(self, pace: Pace) -> None:
        """Keep every promise this batch owns, and write down what became of each."""
        owned = list(self.owned.values())
        for promise in owned:
            if promise.status == "waiting" and promise.event and self.live.tellers.app_tells("klaviyo", promise.event):
                self._settle("klaviyo", promise, verified(promise, promise.event))
            elif promise.status == "waiting":
                self._settle("klaviyo", promise, still_waiting(promise, self.now(), self.patience))
        ready = [promise for promise in owned if promise.status == "pending"]
        self._keep_events([promise for promise in ready if promise.row != ORDER_ROW], pace)
        self._keep_orders([promise for promise in ready if promise.row == ORDER_ROW], pace)

    def _keep_events(self, promises: Sequence[Promise], pace: Pace) -> None:
        if not self.live.klaviyo:
            self._put_off("klaviyo", promises)
        elif promises := self._ours("klaviyo", [(one, one.event) for one in promises]):
            self._settle_all("klaviyo", promises, lambda: keep_event_promises(promises, self.klaviyo(), pace))

    def _keep_orders(self, promises: Sequence[Promise], pace: Pace) -> None:
        if not self.live.hubspot:
            self._put_off("hubspot", promises)
        elif promises:
            orders = self.book.orders(promise.subject for promise in promises)
            placed = {subject: order.placed for subject, order in orders.items()}
            promises = self._ours("hubspot", [(one, placed.get(one.subject)) for one in promises])
            orders = {subject: orders[subject] for one in promises if (subject := one.subject) in orders}
            shown = [_wanting(promise, orders[promise.subject]) for promise in promises if promise.subject in orders]
            keep = partial(keep_order_promises, shown, self.price(orders))
            if not shown:
                return
            self._settle_all("hubspot", shown, lambda: keep(*self.crm(), pace.may_go_on))

    def _ours(
        self, destination: Destination, promises: Sequence[tuple[Promise, CanonicalEvent | None]]
    ) -> list[Promise]:
        """The promises that are ours to keep. What the vendor's own app tells is noted; what it might tell waits."""
        ours = []
        for promise, event in promises:
            if event is None:
                ours.append(promise)
                continue
            try:
                ruling = self._ruling(destination, promise, event)
            except RetriableError as error:
                self._settle(
                    destination, promise, settled(Verdict(promise, retriable=error), self.now(), self.patience)
                )
                continue
            if ruling.teller == "us":
                ours.append(promise)
            elif ruling.teller == "app":
                self._settle(destination, promise, verified(promise, event))
            else:
                self._wait(destination, promise, ruling.again_at, ruling.reason or ALIVE)
                self.refused[destination, f"{event.source}:{event.store}"] += 1
        return ours

    def _ruling(self, destination: Destination, promise: Promise, event: CanonicalEvent) -> Ruling:
        if self.live.tellers.app_tells(destination, event):
            return THEIRS
        return OURS if promise.told else self.guard(destination, event)

    def _wait(self, destination: str, promise: Promise, until: datetime | None, reason: str) -> None:
        """Nothing was tried, so no attempt is counted."""
        later = until or self.now() + timedelta(seconds=self.patience.longest_retry)
        untried = replace(promise, attempts=max(promise.attempts - 1, 0))
        self._settle(destination, promise, due_again(untried, later, reason))

    def _put_off(self, destination: str, promises: Iterable[Promise]) -> None:
        """A destination that was live when these were promised, and is not now: nothing is sent, nothing is lost."""
        for promise in promises:
            self._wait(destination, promise, None, "the destination is not live")

    def _settle_all(
        self, destination: str, promises: Sequence[Promise], verdicts: Callable[[], Iterable[Verdict]]
    ) -> None:
        """Settle each verdict; where the destination cannot be reached at all, all of them wait."""
        try:
            for verdict in verdicts():
                self.held += verdict.held is not None and verdict.held.until is None
                self._settle(destination, verdict.promise, settled(verdict, self.now(), self.patience))
        except RetriableError as error:
            for promise in promises:
                after = settled(Verdict(promise, retriable=error), self.now(), self.patience)
                self._settle(destination, promise, after)

    def _settle(self, destination: str, before: Promise, after: Promise) -> None:
        self.book.settle(before, after)
        self.outcomes[destination, after.status] += 1


def _wanting(promise: Promise, order: BookedOrder) -> Promise:
    """The promise about the order as it was read: settling fails where the order changed since."""
    return replace(promise, wanted=fingerprint(order))
