"""What event_delivery works with: the order book, both vendors, their guards, and the prices of orders."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import uuid4

from commerce_sync.aws.control import Control
from commerce_sync.aws.event_checks import EventChecks
from commerce_sync.aws.order_book_table import OrderBookTable
from commerce_sync.aws.queues import depth
from commerce_sync.aws.rates_table import RatesTable
from commerce_sync.aws.secrets import cached_secret
from commerce_sync.composing.clients import hubspot, klaviyo
from commerce_sync.composing.event_checking import note
from commerce_sync.composing.identity import marks_of
from commerce_sync.composing.native_looks import native_guard
from commerce_sync.composing.pricing import CompanyPricing
from commerce_sync.composing.stopping import Stop
from commerce_sync.config.events import events_rules
from commerce_sync.config.fields import field_map
from commerce_sync.config.identity import identity_rules
from commerce_sync.config.revenue import revenue_rules
from commerce_sync.contracts import BookedOrder, CanonicalEvent, DeliveredFacts, DueWork, Page, Plan, Store
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.revenue import Held, PricedOrder
from commerce_sync.contracts.waiting import Patience
from commerce_sync.delivery.gate import Gate
from commerce_sync.delivery.keeping import Pace
from commerce_sync.delivery.promises import Lease
from commerce_sync.delivery.recording import Destinations, plan, totals_are_told
from commerce_sync.delivery.verifying import Tellers
from commerce_sync.delivery.work import DeliveryWork
from commerce_sync.errors import PausedError
from commerce_sync.identity.persons import identifiers_of
from commerce_sync.identity.policy import policy_of
from commerce_sync.settings.workers import DeliverySettings
from commerce_sync.vendors.hubspot import HubSpotContacts, HubSpotRevenue
from commerce_sync.vendors.klaviyo import KlaviyoEvents

NO_TOKEN_WAIT = 300.0


class Delivering:
    """One process's: its clients live as long as their tokens, and remember what accounts said of themselves."""

    def __init__(self, settings: DeliverySettings) -> None:
        self._settings = settings
        self._book = OrderBookTable(settings.order_book_table)
        self._checks = EventChecks(settings.event_checks_table)
        self._stop = Stop(Control(settings.control_table))
        self._pricing = CompanyPricing(revenue_rules(), RatesTable(settings.rates_table))
        self._policy = policy_of(identity_rules())
        self._guard = native_guard(settings, settings.control_table, self._token)
        self._klaviyo = cache(self._new_klaviyo)
        self._crm = cache(self._new_crm)

    def work(self) -> DeliveryWork:
        """What records facts and keeps promises, under a lease of its own."""
        settings = self._settings
        return DeliveryWork(
            book=self._book,
            klaviyo=lambda: self._klaviyo(self._token("klaviyo")),
            crm=lambda: self._crm(self._token("hubspot")),
            live=self._live(),
            lease=Lease.starting(uuid4().hex, _now(), settings.lease),
            patience=Patience(settings.first_retry, settings.longest_retry, settings.order_patience),
            price=self._price,
            planned=self._plan,
            now=_now,
            guard=self._guard,
        )

    def gate(self, told: Iterable[DeliveredFacts | DueWork]) -> Gate:
        """What takes out of facts whoever asked to be forgotten since."""
        return Gate.before(told, self._named, marks_of(self._settings))

    def note(self, told: DeliveredFacts | DueWork) -> None:
        """Tell event validation what was seen."""
        note(self._checks, told, _now())

    def pace(self, may_go_on: Callable[[], bool]) -> Pace:
        """How much of history may be told now."""
        deep = depth(self._settings.events_queue_url) >= self._settings.deep_queue
        return Pace(_now(), timedelta(seconds=self._settings.history_after), deep, may_go_on)

    def _token(self, vendor: str) -> str:
        self._stop.require_unset()
        tokens = cached_secret(self._settings.vendor_tokens_id).value()
        if not tokens.get(vendor):
            raise PausedError(f"{vendor} is live and has no token", retry_after=NO_TOKEN_WAIT)
        return str(tokens[vendor])

    def _live(self) -> Destinations:
        modes = {"klaviyo": self._settings.klaviyo_mode, "hubspot": self._settings.hubspot_mode}
        return Destinations(**{name: mode == "live" for name, mode in modes.items()}, tellers=Tellers(events_rules()))

    def _plan(self, page: Page, events: list[CanonicalEvent], lease: Lease) -> Plan:
        live = self._live()
        after = self._settings.totals_after if totals_are_told(field_map(), live) else None
        return plan(page, events, lease, live, self._settings.first_retry, totals_after=after)

    def _price(self, orders: Mapping[str, BookedOrder]) -> Mapping[str, PricedOrder | Held]:
        return self._pricing.price(orders, _now())

    def _named(self, event: CanonicalEvent) -> tuple[Identifier, ...]:
        """The identifiers of an event's person, who is normalised already."""
        store = Store(source=event.source, id=event.store)
        return identifiers_of(event.person, store, self._policy) if event.person else ()

    def _new_klaviyo(self, token: str) -> KlaviyoEvents:
        """One kept-alive session a token, so a rotated token makes a new one."""
        return KlaviyoEvents(klaviyo(self._settings, {"klaviyo": token}))

    def _new_crm(self, token: str) -> tuple[HubSpotContacts, HubSpotRevenue]:
        """The same for HubSpot."""
        session = hubspot(self._settings, {"hubspot": token})
        rules = revenue_rules()
        return HubSpotContacts(session), HubSpotRevenue(session, rules.pipelines, line_items=rules.line_items)


def _now() -> datetime:
    return datetime.now(UTC)
