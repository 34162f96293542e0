"""The work of event_delivery over one batch: record every fact, then keep what this worker promised.

Recording is idempotent and comes first; a crash after it leaves promises that become due. Keeping touches only
promises under this worker's lease, so a message delivered twice, even to two workers at once, is kept once.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Protocol

from commerce_sync.contracts import BookedOrder, CanonicalEvent, DeliveredFacts, DueRow, DueWork, Page, Plan, Promise
from commerce_sync.delivery.keeping import EventDestination, Pace, Verdict, keep_event_promises
from commerce_sync.delivery.order_book import fingerprint
from commerce_sync.delivery.order_promises import Contacts, Orders, keep_order_promises
from commerce_sync.delivery.promises import ORDER_ROW, Lease
from commerce_sync.delivery.recording import by_subject
from commerce_sync.delivery.settling import Patience, settled, still_waiting


class OrderBook(Protocol):
    """Where facts and promises are written together."""

    def record(self, subject: str, planned: Callable[[Page], Plan]) -> Sequence[Promise]:
        """Read a subject's page, plan, write in one transaction; again where another worker was faster."""

    def load(self, rows: Iterable[DueRow]) -> Sequence[Promise]:
        """The promises that these rows still claim."""

    def orders(self, subjects: Iterable[str]) -> Mapping[str, BookedOrder]:
        """Orders as they now stand."""

    def settle(self, before: Promise, after: Promise) -> None:
        """Write a promise's outcome, if its lease is still this worker's."""


@dataclass
class DeliveryWork:
    """One batch. ``planned`` makes the plan for a page; ``outcomes`` counts promises by destination and status."""

    book: OrderBook
    klaviyo: EventDestination
    contacts: Contacts
    orders: Orders
    lease: Lease
    patience: Patience
    planned: Callable[[Page, list[CanonicalEvent], Lease], Plan]
    now: Callable[[], datetime]
    owned: list[Promise] = field(default_factory=list)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)

    def record(self, message: DeliveredFacts | DueWork) -> None:
        """Take one message in: write down its facts, or take over the promises whose time has come."""
        if isinstance(message, DueWork):
            self.owned += self.book.load(message.rows)
            return
        for subject, events in by_subject(message.events).items():
            promises = self.book.record(subject, partial(self._plan, events))
            self.owned += [promise for promise in promises if promise.claim == self.lease.claim]

    def _plan(self, events: list[CanonicalEvent], page: Page) -> Plan:
        return self.planned(page, events, self.lease)

    def keep(self, pace: Pace) -> None:
        """Keep every promise this batch owns, and write down what became of each."""
        waiting = [promise for promise in self.owned if promise.status == "waiting"]
        ready = {(p.subject, p.row): p for p in self.owned if p.status == "pending"}
        for promise in waiting:
            self.book.settle(promise, still_waiting(promise, self.now(), self.patience))
        events = [promise for promise in ready.values() if promise.row != ORDER_ROW]
        self._settle("klaviyo", keep_event_promises(events, self.klaviyo, pace))
        self._keep_orders([promise for promise in ready.values() if promise.row == ORDER_ROW])

    def _keep_orders(self, promises: Sequence[Promise]) -> None:
        if not promises:
            return
        orders = self.book.orders(promise.subject for promise in promises)
        shown = [_wanting(promise, orders[promise.subject]) for promise in promises if promise.subject in orders]
        self._settle("hubspot", keep_order_promises(shown, orders, self.contacts, self.orders))

    def _settle(self, destination: str, verdicts: Iterable[Verdict]) -> None:
        for verdict in verdicts:
            after = settled(verdict, self.now(), self.patience)
            self.book.settle(verdict.promise, after)
            self.outcomes[destination, after.status] += 1


def _wanting(promise: Promise, order: BookedOrder) -> Promise:
    """The promise about the order as it was read: settling fails where the order changed since."""
    return replace(promise, wanted=fingerprint(order))
