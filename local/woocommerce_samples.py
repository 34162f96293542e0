"""Sample deliveries of a WooCommerce shop: an order's life, a customer, a subscription's, for ``make samples``."""

from collections.abc import Callable
from typing import Any, Final

WriteDelivery = Callable[[str, str, str, str, dict[str, Any]], None]
"""Writes a delivery for each function that takes one: its name, source, store, topic and body."""

BUYER: Final = {
    "first_name": "Ann",
    "last_name": "Oakley",
    "email": "ann.oakley@example.com",
    "phone": "020 7946 0018",
    "country": "GB",
}
LINES: Final[list[dict[str, Any]]] = [
    {
        "id": 31,
        "name": "Mug &ndash; blue",
        "product_id": 93,
        "variation_id": 0,
        "quantity": 3,
        "subtotal": "25.00",
        "total": "22.50",
        "sku": "MUG",
        "price": 7.499999999999999,
    },
    {
        "id": 32,
        "name": "Spoon",
        "product_id": 94,
        "variation_id": 95,
        "quantity": 1,
        "subtotal": "5.00",
        "total": "5.00",
        "sku": "SPOON",
        "price": 5,
    },
]
ORDER: Final[dict[str, Any]] = {
    "id": 728,
    "number": "728",
    "status": "processing",
    "created_via": "checkout",
    "currency": "GBP",
    "total": "36.00",
    "discount_total": "2.50",
    "shipping_total": "2.50",
    "total_tax": "6.00",
    "prices_include_tax": True,
    "payment_method": "stripe",
    "transaction_id": "ch_sample",
    "date_created": "2026-11-21T17:55:00",
    "date_created_gmt": "2026-11-21T17:55:00",
    "date_modified_gmt": "2026-11-21T17:55:10",
    "date_paid_gmt": "2026-11-21T17:55:08",
    "date_completed_gmt": None,
    "customer_id": 26,
    "billing": BUYER,
    "line_items": LINES,
    "fee_lines": [],
    "coupon_lines": [{"id": 33, "code": "spring", "discount": "2.50"}],
    "refunds": [],
    "meta_data": [
        {"id": 1, "key": "_wc_order_attribution_utm_source", "value": "klaviyo"},
        {"id": 2, "key": "_wc_order_attribution_utm_campaign", "value": "spring"},
        {"id": 3, "key": "_wc_order_attribution_source_type", "value": "utm"},
    ],
}
SUBSCRIPTION: Final[dict[str, Any]] = {
    **ORDER,
    "id": 729,
    "number": "729",
    "parent_id": 728,
    "status": "active",
    "transaction_id": "",
    "meta_data": [],
    "billing_period": "month",
    "billing_interval": "1",
    "start_date_gmt": "2026-11-21T17:55:00",
    "trial_end_date_gmt": "",
    "next_payment_date_gmt": "2026-12-21T17:55:00",
    "last_payment_date_gmt": "2026-11-21T17:55:08",
    "cancelled_date_gmt": "",
    "end_date_gmt": "",
    "resubscribed_from": "",
}
CUSTOMER: Final[dict[str, Any]] = {
    "id": 26,
    "email": BUYER["email"],
    "first_name": "Ann",
    "last_name": "Oakley",
    "date_created_gmt": "2026-11-21T17:54:00",
    "date_modified_gmt": None,
    "billing": BUYER,
    "meta_data": [],
}
LATER: Final = {"date_modified_gmt": "2026-11-21T17:59:00"}
CALLED_OFF: Final = {
    "status": "pending-cancel",
    "next_payment_date_gmt": "",
    "cancelled_date_gmt": "2026-11-21T17:58:59",
    "end_date_gmt": "2026-12-21T17:55:00",
}
BODIES: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "order_updated": ("order.updated", ORDER),
    "order_completed": (
        "order.updated",
        {**ORDER, **LATER, "status": "completed", "date_completed_gmt": "2026-11-21T17:59:00"},
    ),
    "order_refunded": (
        "order.updated",
        {**ORDER, "refunds": [{"id": 730, "reason": "One was broken", "total": "-9.00"}]},
    ),
    "order_cancelled": ("order.updated", {**ORDER, **LATER, "status": "cancelled"}),
    "order_renewal": (
        "order.created",
        {
            **ORDER,
            "id": 731,
            "number": "731",
            "created_via": "subscription",
            "meta_data": [{"id": 4, "key": "_subscription_renewal", "value": "729"}],
        },
    ),
    "order_draft": ("order.updated", {**ORDER, "id": 732, "status": "checkout-draft", "date_paid_gmt": None}),
    "order_restored": ("order.restored", ORDER),
    "order_deleted": ("order.deleted", {"id": 728}),
    "customer_created": ("customer.created", CUSTOMER),
    "subscription_created": ("subscription.created", SUBSCRIPTION),
    "subscription_on_hold": ("subscription.updated", {**SUBSCRIPTION, **LATER, "status": "on-hold"}),
    "subscription_pending_cancel": ("subscription.updated", {**SUBSCRIPTION, **LATER, **CALLED_OFF}),
    "subscription_resubscribed": ("subscription.created", {**SUBSCRIPTION, "id": 733, "resubscribed_from": "729"}),
    "subscription_switched": ("subscription.switched", {**SUBSCRIPTION, **LATER}),
    "subscription_deleted": ("subscription.deleted", {"id": 729}),
}


def write_woocommerce_samples(write: WriteDelivery) -> None:
    """Each of them, from the shop in the United Kingdom."""
    for name, (topic, body) in BODIES.items():
        write(f"woocommerce_{name}", "woocommerce", "uk", topic, body)
