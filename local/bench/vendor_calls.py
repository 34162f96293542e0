"""Calls per drained flush, against the fewest that the vendors' count limits allow. Look-ups are counted apart."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import ceil
from typing import Any

from commerce_sync.config.revenue import revenue_rules
from commerce_sync.contracts import BookedOrder, CanonicalEvent, OrderState, Person, Promise
from commerce_sync.currency.converting import unchanged
from commerce_sync.delivery.keeping import Pace, keep_event_promises
from commerce_sync.delivery.order_book import fold
from commerce_sync.delivery.order_promises import keep_order_promises
from commerce_sync.delivery.pricing import priced
from commerce_sync.delivery.promises import ORDER_ROW, event_row
from commerce_sync.vendors.hubspot import HubSpot, HubSpotContacts, HubSpotRevenue
from commerce_sync.vendors.klaviyo import KlaviyoEvents, klaviyo_http

from local.sandboxes.base import Sandbox
from local.sandboxes.server import start_sandboxes
from local.stack import LOCAL_TOKENS

EVENTS, ORDERS = 2500, 250
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def measure_vendor_calls() -> dict[str, Any]:
    """One deep flush of events, one flush of orders of new buyers, over the sandboxes."""
    sandboxes = start_sandboxes()
    calls: Counter[str] = Counter()
    for sandbox in (sandboxes.klaviyo, sandboxes.hubspot):
        sandbox.state.configure({"rate_limits": False})
        _count(sandbox, calls)
    try:
        _flush_events(sandboxes.urls["klaviyo"])
        _flush_orders(sandboxes.urls["hubspot"])
    finally:
        sandboxes.stop()
    floors = {
        "klaviyo POST /api/event-bulk-create-jobs": ceil(EVENTS / 1000),
        "hubspot POST /crm/objects/2026-09/contacts/batch/create": ceil(ORDERS / 100),
        "hubspot POST /crm/objects/2026-09/orders/batch/upsert": ceil(ORDERS / 100),
        "hubspot POST /crm/associations/2026-09/orders/contacts/batch/associate/default": ceil(ORDERS / 100),
    }
    look_ups = {name: number for name, number in calls.items() if name not in floors}
    return {
        "events": EVENTS,
        "orders": ORDERS,
        "calls": {name: calls[name] for name in floors},
        "floors": floors,
        "look_ups": look_ups,
        "calls_to_floor": round(sum(calls[name] for name in floors) / sum(floors.values()), 2),
        "limits": {"calls_to_floor": 1.0},
    }


def _count(sandbox: Sandbox, calls: Counter[str]) -> None:
    from flask import request  # noqa: PLC0415 # only bound inside a request

    def note() -> None:
        calls[f"{sandbox.vendor} {request.method} {request.path}"] += 1

    sandbox.app.before_request_funcs.setdefault(None, []).insert(0, note)


def _flush_events(url: str) -> None:
    promises = [_promise(event_row(event), event) for event in (_checkout(number) for number in range(EVENTS))]
    klaviyo = KlaviyoEvents(klaviyo_http(url, LOCAL_TOKENS["klaviyo"], "2026-10-15", 30))
    pace = Pace(NOW, timedelta(hours=24), deep=True, may_go_on=lambda: True)
    refused = [verdict for verdict in keep_event_promises(promises, klaviyo, pace) if verdict.refused]
    if refused:
        raise RuntimeError(f"{len(refused)} events were refused: {refused[0].refused}")


def _flush_orders(url: str) -> None:
    from commerce_sync.vendors.hubspot import HubSpotProperties  # noqa: PLC0415
    from commerce_sync.vendors.hubspot.properties import LINE_ITEM_PROPERTIES, ORDER_PROPERTIES  # noqa: PLC0415

    hubspot = HubSpot(url, LOCAL_TOKENS["hubspot"], "2026-09", 30)
    for object_type, definitions in {"orders": ORDER_PROPERTIES, "line_items": LINE_ITEM_PROPERTIES}.items():
        HubSpotProperties(hubspot).create_group(object_type)
        HubSpotProperties(hubspot).create(object_type, definitions)
    orders = {f"shopify:us:{number}": _order(number) for number in range(ORDERS)}
    promises = [Promise(key, ORDER_ROW, "pending", NOW) for key in orders]
    rates = {key: priced(key, order, "order", unchanged("USD", NOW.date())) for key, order in orders.items()}
    revenue = HubSpotRevenue(hubspot, revenue_rules().pipelines)
    verdicts = keep_order_promises(promises, rates, HubSpotContacts(hubspot), revenue)
    refused = [verdict for verdict in verdicts if verdict.refused or verdict.retriable]
    if refused:
        raise RuntimeError(f"{len(refused)} orders failed: {refused[0].refused or refused[0].retriable}")


def _promise(row: str, event: CanonicalEvent) -> Promise:
    return Promise(event.event_id, row, "pending", NOW, event=event)


def _checkout(number: int) -> CanonicalEvent:
    person = Person(email=f"buyer.{number}@example.com")
    return CanonicalEvent(
        event_id=f"shopify:us:c{number}:started_checkout",
        name="started_checkout",
        source="shopify",
        store="us",
        occurred_at=NOW,
        value=Decimal(20),
        currency="USD",
        person=person,
    )


def _order(number: int) -> BookedOrder:
    state = OrderState(version=NOW, digest="", name=f"#{number}", current_value=Decimal(20))
    placed = {"event_id": f"shopify:us:{number}:placed_order", "name": "placed_order", "order_id": str(number)}
    return fold(BookedOrder(), [_checkout(number).model_copy(update={**placed, "order": state})])
