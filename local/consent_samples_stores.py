"""Sample deliveries of BigCommerce and WooCommerce, for ``make samples``."""

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
CART = {"type": "cart", "id": "09346904-4175-44fd-be53-f7e598531b6c"}
THIN: dict[str, dict[str, Any]] = {
    "store/order/created": {"type": "order", "id": 250},
    "store/order/updated": {"type": "order", "id": 250},
    "store/order/statusUpdated": {
        "type": "order",
        "id": 250,
        "status": {"previous_status_id": 0, "new_status_id": 11},
    },
    "store/order/archived": {"type": "order", "id": 250},
    "store/order/refund/created": {"type": "order", "id": 250, "refund": {"refund_id": 501}},
    "store/shipment/created": {"type": "shipment", "id": 601, "orderId": 250},
    "store/cart/created": CART,
    "store/cart/updated": CART,
    "store/cart/lineItem/created": {"type": "cart_line_item", "id": "8edef915-8a8b-4ebd", "cartId": CART["id"]},
    "store/cart/converted": {**CART, "orderId": "250"},
    "store/cart/abandoned": {**CART, "token": "dd1f7a4b"},
    "store/customer/created": {"type": "customer", "id": 11},
    "store/customer/updated": {"type": "customer", "id": 11},
}
"""Webhooks of BigCommerce about what it sells, and to whom."""
TICKED: dict[str, Any] = {
    "id": 727,
    "number": "727",
    "status": "processing",
    "created_via": "checkout",
    "currency": "GBP",
    "total": "29.35",
    "total_tax": "4.85",
    "line_items": [{"id": 31, "name": "Mug", "product_id": 93, "quantity": 2, "subtotal": "24.50", "total": "24.50"}],
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
    """What BigCommerce tells of subscribers and sales; a ticked box, somebody who left, a shop's own error."""
    for scope, data in THIN.items():
        name = scope.removeprefix("store/").replace("/", "_")
        write(f"bigcommerce_{name}", "bigcommerce", "outlet", scope, {**SUBSCRIBED, "scope": scope, "data": data})
    unsubscribed = {**SUBSCRIBED, "scope": "store/subscriber/updated"}
    write("bigcommerce_subscriber_created", "bigcommerce", "outlet", SUBSCRIBED["scope"], SUBSCRIBED)
    write("bigcommerce_subscriber_updated", "bigcommerce", "outlet", unsubscribed["scope"], unsubscribed)
    write("woocommerce_order_created", "woocommerce", "uk", "order.created", TICKED)
    write("woocommerce_customer_updated", "woocommerce", "uk", "customer.updated", LEFT)
    write("woocommerce_error", "woocommerce", "uk", "order.updated", FAILED)
