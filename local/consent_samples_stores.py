"""Sample deliveries of BigCommerce and WooCommerce about consent, for ``make samples``."""

from collections.abc import Callable
from typing import Any

WriteDelivery = Callable[[str, str, str, str, dict[str, Any]], None]
"""Writes a delivery for each function that takes one: its name, source, store, topic and body."""

SUBSCRIBED: dict[str, Any] = {
    "scope": "store/subscriber/created",
    "store_id": "1025646",
    "data": {"type": "subscriber", "id": 5},
    "hash": "bdb6c9c2d17ca7036538e483db0bdd7debc4beb4",
    "created_at": 1795262400,
    "producer": "stores/sandbox",
}
TICKED: dict[str, Any] = {
    "id": 727,
    "number": "727",
    "status": "processing",
    "created_via": "checkout",
    "currency": "GBP",
    "total": "29.35",
    "date_created_gmt": "2026-11-21T17:55:00",
    "date_modified_gmt": "2026-11-21T17:55:10",
    "customer_id": 0,
    "billing": {"first_name": "Ann", "last_name": "Oakley", "email": "ann.oakley@example.com", "country": "GB"},
    "meta_data": [{"id": 1, "key": "mailchimp_woocommerce_is_subscribed", "value": "1"}],
}
LEFT: dict[str, Any] = {
    "id": 26,
    "email": "ann.oakley@example.com",
    "date_created_gmt": "2026-01-01T00:00:00",
    "date_modified_gmt": "2026-11-21T17:59:00",
    "billing": TICKED["billing"],
    "meta_data": [{"id": 2, "key": "mailchimp_woocommerce_is_subscribed", "value": "unsubscribed"}],
}
FAILED: dict[str, Any] = {
    "code": "woocommerce_rest_cannot_view",
    "message": "Sorry, you cannot view this resource.",
    "data": {"status": 401},
}


def write_store_samples(write: WriteDelivery) -> None:
    """A subscriber, a ticked box, somebody who left, and a shop's own error."""
    unsubscribed = {**SUBSCRIBED, "scope": "store/subscriber/updated"}
    write("bigcommerce_subscriber_created", "bigcommerce", "outlet", SUBSCRIBED["scope"], SUBSCRIBED)
    write("bigcommerce_subscriber_updated", "bigcommerce", "outlet", unsubscribed["scope"], unsubscribed)
    write("woocommerce_order_created", "woocommerce", "uk", "order.created", TICKED)
    write("woocommerce_customer_updated", "woocommerce", "uk", "customer.updated", LEFT)
    write("woocommerce_error", "woocommerce", "uk", "order.updated", FAILED)
