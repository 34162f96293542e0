"""event_delivery over the fakes, with a clock: workers come and go, some die, the dispatcher goes round."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from commerce_sync.composing.pricing import CompanyPricing
from commerce_sync.config.revenue import RevenueRules
from commerce_sync.contracts import BookedOrder, CanonicalEvent, DeliveredFacts, DueWork, Page, Plan
from commerce_sync.contracts.revenue import Held, PricedOrder
from commerce_sync.contracts.waiting import Patience
from commerce_sync.delivery.keeping import Pace
from commerce_sync.delivery.promises import Lease
from commerce_sync.delivery.recording import Destinations, plan
from commerce_sync.delivery.verifying import Guard, unguarded
from commerce_sync.delivery.work import DeliveryWork

from tests.fakes.facts import NOON
from tests.fakes.order_book import CrashedError, OrderBookInMemory
from tests.fakes.rates import RatesInMemory
from tests.fakes.vendors import HubSpotInMemory, KlaviyoInMemory

LEASE = 120.0
DISPATCH_LEASE = 900.0
PATIENCE = Patience(first_retry=15.0, longest_retry=3600.0, order_patience=48 * 3600.0)
RULES = RevenueRules(company_currency="USD", most_days_back=5, stores={}, pipelines={})
LIVE = Destinations(klaviyo=True, hubspot=True)


@dataclass
class DeliveryDay:
    """One order book and its vendors over time."""

    crash: Callable[[str], None] = lambda _: None
    live: Destinations = LIVE
    now: datetime = NOON + timedelta(hours=2)
    deep: bool = False
    book: OrderBookInMemory = field(init=False)
    klaviyo: KlaviyoInMemory = field(init=False)
    hubspot: HubSpotInMemory = field(init=False)
    last: DeliveryWork = field(init=False)
    rates: RatesInMemory = field(default_factory=RatesInMemory)
    workers: int = 0
    may_go_on: Callable[[], bool] = lambda: True
    guard: Guard = unguarded

    def __post_init__(self) -> None:
        """Everything that can crash crashes by one hook."""
        self.book = OrderBookInMemory(self.crash)
        self.klaviyo = KlaviyoInMemory(self.crash)
        self.hubspot = HubSpotInMemory(self.crash)

    def deliver(self, *messages: DeliveredFacts | DueWork) -> bool:
        """One worker takes one batch; returns whether it lived."""
        self.workers += 1
        work = DeliveryWork(
            book=self.book,
            klaviyo=lambda: self.klaviyo,
            crm=lambda: (self.hubspot, self.hubspot),
            live=self.live,
            lease=Lease.starting(f"worker-{self.workers}", self.now, LEASE),
            patience=PATIENCE,
            price=self._price,
            planned=self._plan,
            now=lambda: self.now,
            guard=self.guard,
        )
        self.last = work
        try:
            for message in messages:
                work.record(message)
            work.keep(Pace(self.now, timedelta(hours=24), self.deep, self.may_go_on))
        except CrashedError:
            return False
        return True

    def go_round(self, rounds: int = 1, minutes: float = 3.0) -> None:
        """Time passes and the dispatcher hands out what is due."""
        for _ in range(rounds):
            for due in self.dispatched(minutes):
                self.deliver(due)

    def dispatched(self, minutes: float = 3.0) -> list[DueWork]:
        """Time passes; what the dispatcher sends about what is due, which nobody has received yet."""
        self.now += timedelta(minutes=minutes)
        rows = self.book.claim_due(self.now, f"dispatch-{self.workers}-{self.now}", DISPATCH_LEASE)
        return [DueWork(schema_version=1, rows=tuple(rows))] if rows else []

    def _price(self, orders: Mapping[str, BookedOrder]) -> Mapping[str, PricedOrder | Held]:
        return CompanyPricing(RULES, self.rates).price(orders, self.now)

    def _plan(self, page: Page, events: list[CanonicalEvent], lease: Lease) -> Plan:
        return plan(page, events, lease, self.live, PATIENCE.first_retry)
