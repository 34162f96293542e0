"""event_delivery: writes the order book, then tells Klaviyo and HubSpot what they do not know yet.

A second delivery is harmless: its facts are in the order book already, so its plan is empty and nothing is promised
or sent again, and what event validation notes of it is noted already. A reordered one folds to the same order. A crash
leaves promises whose lease runs out; due_dispatch gives them to the next worker. An order without a rate to the
company's currency waits for one. Who asked to be forgotten is taken out of facts that are older before anything else.
While an operator has stopped everything, promises are made and wait. What a vendor's own app of the store tells is
noted and not sent, and nothing is sent while it is unknown whether such an app tells it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
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
from commerce_sync.composing.natives import NativeGuard
from commerce_sync.composing.pricing import CompanyPricing
from commerce_sync.composing.stopping import Stop
from commerce_sync.config.events import events_rules
from commerce_sync.config.fields import field_map
from commerce_sync.config.identity import identity_rules
from commerce_sync.config.revenue import revenue_rules
from commerce_sync.contracts import (
    BookedOrder,
    CanonicalEvent,
    DeliveredFacts,
    DueWork,
    Page,
    Plan,
    Store,
    parse_event_message,
)
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.revenue import Held, PricedOrder
from commerce_sync.contracts.waiting import Patience
from commerce_sync.delivery.gate import Gate
from commerce_sync.delivery.keeping import Pace
from commerce_sync.delivery.promises import Lease
from commerce_sync.delivery.recording import Destinations, plan, totals_are_told
from commerce_sync.delivery.verifying import Tellers
from commerce_sync.delivery.work import DeliveryWork
from commerce_sync.errors import CommerceSyncError, PausedError
from commerce_sync.identity.persons import identifiers_of
from commerce_sync.identity.policy import Policy, policy_of
from commerce_sync.observability import count, named_failures
from commerce_sync.settings import settings_for
from commerce_sync.settings.workers import DeliverySettings
from commerce_sync.vendors.hubspot import HubSpotContacts, HubSpotRevenue
from commerce_sync.vendors.klaviyo import KlaviyoEvents

LAST_CALL_MILLISECONDS = 25_000
NO_TOKEN_WAIT = 300.0


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Record a batch of facts, then keep what this worker promised. Only messages not recorded come back."""
    settings = settings_for(DeliverySettings)
    work = _work(settings)
    readable = dict(_readable(event["Records"]))
    gate = Gate.before(readable.values(), _named, marks_of(settings))

    def record(message: SQSRecord) -> None:
        told = readable.get(message.message_id) or parse_event_message(message.body)
        work.record(gate.through(told))
        note(_checks(), told, _now())

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    response = process_partial_response(
        event=event,
        record_handler=named_failures(record),
        processor=processor,
        context=context,
    )
    work.keep(_pace(settings, lambda: bool(context.get_remaining_time_in_millis() > LAST_CALL_MILLISECONDS)))
    if work.held:
        count("HeldOrders", work.held)
    for (destination, store), number in work.refused.items():
        count("RefusedDeliveries", number, destination=destination, store=store)
    for (destination, outcome), number in work.outcomes.items():
        count("ParkedPromises" if outcome == "parked" else "Promises", number, destination=destination, outcome=outcome)
    return dict(response)


def _readable(records: Iterable[dict[str, Any]]) -> Iterator[tuple[str, DeliveredFacts | DueWork]]:
    """Messages by id. One that cannot be read fails where it is recorded, by itself."""
    for record in records:
        with suppress(CommerceSyncError):
            yield record["messageId"], parse_event_message(record["body"])


def _named(event: CanonicalEvent) -> tuple[Identifier, ...]:
    """The identifiers of an event's person, who is normalised already."""
    store = Store(source=event.source, id=event.store)
    return identifiers_of(event.person, store, _policy()) if event.person else ()


def _pace(settings: DeliverySettings, may_go_on: Callable[[], bool]) -> Pace:
    deep = depth(settings.events_queue_url) >= settings.deep_queue
    return Pace(_now(), timedelta(seconds=settings.history_after), deep, may_go_on)


def _work(settings: DeliverySettings) -> DeliveryWork:
    return DeliveryWork(
        book=_book(),
        klaviyo=lambda: _klaviyo(_token("klaviyo")),
        crm=lambda: _crm(_token("hubspot")),
        live=_live(settings),
        lease=Lease.starting(uuid4().hex, _now(), settings.lease),
        patience=Patience(settings.first_retry, settings.longest_retry, settings.order_patience),
        price=_price,
        planned=_plan,
        now=_now,
        guard=_guard(),
    )


def _token(vendor: str) -> str:
    _stop().require_unset()
    tokens = cached_secret(settings_for(DeliverySettings).vendor_tokens_id).value()
    if not tokens.get(vendor):
        raise PausedError(f"{vendor} is live and has no token", retry_after=NO_TOKEN_WAIT)
    return str(tokens[vendor])


def _live(settings: DeliverySettings) -> Destinations:
    is_live = {"klaviyo": settings.klaviyo_mode == "live", "hubspot": settings.hubspot_mode == "live"}
    return Destinations(**is_live, tellers=Tellers(events_rules()))


def _plan(page: Page, events: list[CanonicalEvent], lease: Lease) -> Plan:
    settings = settings_for(DeliverySettings)
    after = settings.totals_after if totals_are_told(field_map(), live := _live(settings)) else None
    return plan(page, events, lease, live, settings.first_retry, totals_after=after)


def _price(orders: Mapping[str, BookedOrder]) -> Mapping[str, PricedOrder | Held]:
    return _pricing().price(orders, _now())


def _now() -> datetime:
    return datetime.now(UTC)


@cache
def _stop() -> Stop:
    return Stop(Control(settings_for(DeliverySettings).control_table))


@cache
def _guard() -> NativeGuard:
    settings = settings_for(DeliverySettings)
    return native_guard(settings, settings.control_table, _token)


@cache
def _policy() -> Policy:
    return policy_of(identity_rules())


@cache
def _klaviyo(token: str) -> KlaviyoEvents:
    """One kept-alive session a token, so a rotated token makes a new one."""
    return KlaviyoEvents(klaviyo(settings_for(DeliverySettings), {"klaviyo": token}))


@cache
def _crm(token: str) -> tuple[HubSpotContacts, HubSpotRevenue]:
    """The same for HubSpot, which also keeps what the account's currencies and pipelines are."""
    session = hubspot(settings_for(DeliverySettings), {"hubspot": token})
    rules = revenue_rules()
    return HubSpotContacts(session), HubSpotRevenue(session, rules.pipelines, line_items=rules.line_items)


@cache
def _pricing() -> CompanyPricing:
    return CompanyPricing(revenue_rules(), RatesTable(settings_for(DeliverySettings).rates_table))


@cache
def _checks() -> EventChecks:
    return EventChecks(settings_for(DeliverySettings).event_checks_table)


@cache
def _book() -> OrderBookTable:
    return OrderBookTable(settings_for(DeliverySettings).order_book_table)
