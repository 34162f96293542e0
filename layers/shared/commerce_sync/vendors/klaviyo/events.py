"""Canonical events as Klaviyo events (operations ``create_event`` and ``bulk_create_events``).

Identifiers: the email address, or the phone number only where there is no email address. Sending a phone number
beside a known email address would write it onto that profile, and an unconsented new number ends SMS consent there.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from commerce_sync.contracts import CanonicalEvent, EventName, LineItem
from commerce_sync.vendors.http import VendorHttp

METRICS: Mapping[EventName, str] = {
    "viewed_product": "Viewed Product",
    "added_to_cart": "Added to Cart",
    "started_checkout": "Started Checkout",
    "placed_order": "Placed Order",
    "ordered_product": "Ordered Product",
    "fulfilled_order": "Fulfilled Order",
    "delivered_order": "Delivered Order",
    "cancelled_order": "Cancelled Order",
    "refunded_order": "Refunded Order",
    "subscription_started": "Subscription Started",
    "subscription_paused": "Subscription Paused",
    "subscription_skipped": "Subscription Skipped",
    "subscription_reactivated": "Subscription Reactivated",
    "subscription_cancelled": "Subscription Cancelled",
}
MOST_EVENTS = 1000
MOST_BYTES = 5_000_000
ENVELOPE_BYTES = 200


class KlaviyoEvents:
    """Sends events. Repeating a single event is harmless: Klaviyo keeps the first of a ``unique_id``."""

    def __init__(self, http: VendorHttp) -> None:
        self._http = http

    def send(self, event: CanonicalEvent, *, backfill: bool) -> None:
        """One event; ``backfill`` records it without triggering flows. Klaviyo answers 202 with an empty body."""
        attributes = event_attributes(event, backfill=backfill) | {"profile": {"data": _profile(event)}}
        self._http.call("POST", "/api/events", {"data": {"type": "event", "attributes": attributes}})

    def send_many(self, events: Sequence[CanonicalEvent], *, backfill: bool) -> None:
        """One bulk job. It names no item when it fails, and one repeated ``unique_id`` fails it whole."""
        self._http.call("POST", "/api/event-bulk-create-jobs", bulk_job(events, backfill=backfill))

    def size(self, event: CanonicalEvent) -> int:
        """About how many bytes an event takes in a bulk job, on the safe side."""
        attributes = event_attributes(event, backfill=True)
        return len(json.dumps([attributes, _profile(event)])) + ENVELOPE_BYTES

    def batches(self, events: Iterable[CanonicalEvent]) -> list[list[CanonicalEvent]]:
        """The fewest bulk jobs, in order, that the count and byte limits allow."""
        batches: list[list[CanonicalEvent]] = []
        size = MOST_BYTES
        for event in events:
            length = self.size(event)
            if size + length > MOST_BYTES or len(batches[-1]) == MOST_EVENTS:
                batches.append([])
                size = ENVELOPE_BYTES
            batches[-1].append(event)
            size += length
        return batches


def bulk_job(events: Sequence[CanonicalEvent], *, backfill: bool) -> dict[str, Any]:
    """The body of ``bulk_create_events``: events grouped by profile."""
    groups: dict[str, list[CanonicalEvent]] = {}
    for event in events:
        groups.setdefault(json.dumps(_profile(event)), []).append(event)
    data = [_group(group, backfill=backfill) for group in groups.values()]
    attributes = {"events-bulk-create": {"data": data}}
    return {"data": {"type": "event-bulk-create-job", "attributes": attributes}}


def event_attributes(event: CanonicalEvent, *, backfill: bool) -> dict[str, Any]:
    """An event's attributes without its profile. Values are JSON numbers, as Klaviyo wants them."""
    attributes: dict[str, Any] = {
        "time": event.occurred_at.isoformat(timespec="seconds"),
        "unique_id": unique_id(event),
        "properties": _properties(event),
        "metric": {"data": {"type": "metric", "attributes": {"name": METRICS[event.name]}}},
    }
    if event.value is not None and event.currency:
        attributes |= {"value": float(event.value), "value_currency": event.currency}
    return attributes | ({"backfill": True} if backfill else {})


def unique_id(event: CanonicalEvent) -> str:
    """What Klaviyo deduplicates on, per profile and metric.

    Placed and cancelled share the order's id, so that a cancellation takes the order out of lifetime value
    (Klaviyo's platform guide). Refunds keep their own: there may be several of one order.
    """
    if event.name in {"placed_order", "cancelled_order"}:
        return f"{event.source}:{event.store}:{event.order_id}"
    return event.event_id


def _group(events: Sequence[CanonicalEvent], *, backfill: bool) -> dict[str, Any]:
    data = [{"type": "event", "attributes": event_attributes(event, backfill=backfill)} for event in events]
    return {
        "type": "event-bulk-create",
        "attributes": {"profile": {"data": _profile(events[0])}, "events": {"data": data}},
    }


def _profile(event: CanonicalEvent) -> dict[str, Any]:
    person = event.person
    email, phone = (person.email, person.phone) if person else (None, None)
    return {"type": "profile", "attributes": {"email": email} if email else {"phone_number": phone}}


def _properties(event: CanonicalEvent) -> dict[str, Any]:
    money = {"Discount": event.discount, "Tax": event.tax, "Shipping": event.shipping}
    properties: dict[str, Any] = {"Source": event.source, "Store": event.store, **event.properties}
    properties |= {name: float(amount) for name, amount in money.items() if amount is not None}
    if event.order_id:
        properties["OrderId"] = event.order_id
    if event.line_items:
        properties["ItemNames"] = [line.title for line in event.line_items if line.title]
        properties["Items"] = [_item(line) for line in event.line_items]
    if event.refund and event.refund.reason:
        properties["Reason"] = event.refund.reason
    if event.imbalance:
        properties["Imbalance"] = event.imbalance
    return properties


def _item(line: LineItem) -> dict[str, Any]:
    item = {
        "ProductID": line.product_id,
        "VariantID": line.variant_id,
        "SKU": line.sku,
        "ProductName": line.title,
        "Quantity": line.quantity,
        "ItemPrice": float(line.unit_price),
        "RowTotal": float(line.unit_price * line.quantity - line.discount),
    }
    return {name: value for name, value in item.items() if value is not None}
