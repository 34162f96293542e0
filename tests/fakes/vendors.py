"""Klaviyo and HubSpot in memory, as far as promises need them: they remember, and fail when told to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from commerce_sync.contracts import CanonicalEvent
from commerce_sync.contracts.revenue import PricedOrder
from commerce_sync.delivery.order_book import fingerprint
from commerce_sync.errors import PermanentError, RetriableError


@dataclass
class KlaviyoInMemory:
    """Keeps the first event of an id, as Klaviyo does. ``refuses`` and ``fails`` name event ids."""

    crash: Callable[[str], None] = lambda _: None
    most: int = 1000
    events: dict[str, CanonicalEvent] = field(default_factory=dict)
    backfilled: set[str] = field(default_factory=set)
    singles: int = 0
    bulks: int = 0
    repeats: int = 0
    refuses: set[str] = field(default_factory=set)
    next_errors: list[Exception] = field(default_factory=list)

    def send(self, event: CanonicalEvent, *, backfill: bool) -> None:
        """Take one event."""
        self.singles += 1
        self._fail()
        if event.event_id in self.refuses:
            raise PermanentError("refused")
        self._take(event, backfill=backfill)

    def send_many(self, events: Sequence[CanonicalEvent], *, backfill: bool) -> None:
        """Take all or none."""
        self.bulks += 1
        self._fail()
        if self.refuses & {event.event_id for event in events}:
            raise PermanentError("refused, and nobody is named")
        for event in events:
            self._take(event, backfill=backfill)

    def batches(self, events: Sequence[CanonicalEvent]) -> list[list[CanonicalEvent]]:
        """By count alone."""
        return [list(events[start : start + self.most]) for start in range(0, len(events), self.most)]

    def _fail(self) -> None:
        if self.next_errors:
            raise self.next_errors.pop(0)

    def _take(self, event: CanonicalEvent, *, backfill: bool) -> None:
        self.crash("before klaviyo takes an event")
        self.repeats += event.event_id in self.events
        self.events.setdefault(event.event_id, event)
        if backfill:
            self.backfilled.add(event.event_id)
        self.crash("after klaviyo took an event")


@dataclass
class HubSpotInMemory:
    """Contacts and orders. ``shown`` is the fingerprint that each order was last written with."""

    crash: Callable[[str], None] = lambda _: None
    contacts: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    totals: dict[str, Decimal] = field(default_factory=dict)
    writes: int = 0
    refuses: set[str] = field(default_factory=set)
    next_errors: list[RetriableError] = field(default_factory=list)

    def ids_by_email(self, emails: Sequence[str]) -> Mapping[str, str]:
        """Known contacts."""
        return {email: self.contacts[email] for email in emails if email in self.contacts}

    def create(
        self, people: Mapping[str, Mapping[str, str]]
    ) -> tuple[Mapping[str, str], Mapping[str, PermanentError | RetriableError]]:
        """Make contacts."""
        made = [email for email in people if email not in self.refuses]
        for email in made:
            self.contacts.setdefault(email, str(len(self.contacts) + 1))
        refused = {email: PermanentError("hubspot 207 INVALID_EMAIL") for email in people if email in self.refuses}
        return {email: self.contacts[email] for email in made}, refused

    def show(
        self, orders: Mapping[str, PricedOrder], contacts: Mapping[str, str]
    ) -> Mapping[str, PermanentError | RetriableError | None]:
        """Take orders."""
        if self.next_errors:
            raise self.next_errors.pop(0)
        self.crash("before hubspot takes an order")
        taken = {key: order for key, order in orders.items() if key not in self.refuses}
        assert all(email in self.contacts for email in contacts)
        self.shown |= {key: fingerprint(order.order) for key, order in taken.items()}
        self.totals |= {key: order.total for key, order in taken.items()}
        self.writes += bool(orders)
        self.crash("after hubspot took an order")
        return {key: None if key in taken else PermanentError("refused") for key in orders}
