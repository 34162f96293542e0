"""Bodies of BigCommerce and WooCommerce, invented here: webhooks, the newsletter's list, whole records of WooCommerce.

BigCommerce's orders and carts are in ``bigcommerce_bodies``.
"""

import json
from collections.abc import Mapping
from typing import Any

from commerce_sync.contracts import Store
from commerce_sync.contracts.store import OptInMeta
from commerce_sync.intake import Translation, translate

from tests.unit.intake.bodies import RECEIVED, Body

OUTLET = Store(source="bigcommerce", id="outlet", currency="USD", country="US")
EMAIL_KEY, OTHER_KEY, SMS_KEY = "_newsletter", "other_newsletter", "_sms"
UK = Store(
    source="woocommerce",
    id="uk",
    currency="GBP",
    country="GB",
    opt_in_meta=OptInMeta(email=(EMAIL_KEY, OTHER_KEY), sms=(SMS_KEY,)),
)
NEWSLETTER = "marketing_newsletter"


def thin(scope: str, record_id: object = 5, **changes: object) -> Body:
    """A webhook of BigCommerce."""
    kind = scope.split("/")[1]
    return {
        "scope": scope,
        "store_id": "1025646",
        "data": {"type": kind, "id": record_id},
        "hash": "bdb6c9c2d17ca7036538e483db0bdd7debc4beb4",
        "created_at": 1_795_000_000,
        "producer": "stores/sandbox",
        **changes,
    }


def subscriber(**changes: object) -> Body:
    """A row of the newsletter's list as the V3 API shows it."""
    return {
        "id": 5,
        "email": "Ada@example.com",
        "first_name": "Ada",
        "last_name": "Archer",
        "source": "storefront",
        "order_id": None,
        "channel_id": 1,
        "date_created": "2026-11-01T09:00:00Z",
        "date_modified": "2026-11-02T10:00:00Z",
        "consents": [NEWSLETTER],
        **changes,
    }


def bigcommerce(scope: str, hydrated: Mapping[str, object] | None, **changes: object) -> Translation:
    """A webhook and what was fetched for it, translated."""
    body = json.dumps(thin(scope, **changes)).encode()
    return translate("bigcommerce", scope, OUTLET, body, {}, hydrated, RECEIVED)


def woocommerce_line(**changes: object) -> Body:
    """Three mugs at 10.00 with 3.00 off in all; ``price`` is the float that it is in real bodies."""
    return {
        "id": 31,
        "name": "Mug &ndash; blue",
        "product_id": 93,
        "variation_id": 0,
        "quantity": 3,
        "subtotal": "30.00",
        "subtotal_tax": "6.00",
        "total": "27.00",
        "total_tax": "5.40",
        "sku": "MUG",
        "price": 8.999999999999999,
        "meta_data": [],
        **changes,
    }


SPOON = {"id": 32, "variation_id": 23, "quantity": 1, "subtotal": "5.00", "total": "5.00", "sku": "", "name": "Spoon"}


def woocommerce_order(*fields: tuple[str, Any], **changes: object) -> Body:
    """An order over 43.20 GBP with fields of plugins: 27.00 + 5.00 + 4.00 shipping + 7.20 tax."""
    return {
        "id": 727,
        "number": "A-727",
        "status": "processing",
        "currency": "GBP",
        "total": "43.20",
        "discount_total": "3.00",
        "shipping_total": "4.00",
        "total_tax": "7.20",
        "prices_include_tax": False,
        "created_via": "checkout",
        "payment_method": "stripe",
        "transaction_id": "ch_1",
        "date_created": "2026-11-01T09:30:00",
        "date_created_gmt": "2026-11-01T09:30:00",
        "date_modified": "2026-11-02T10:00:00",
        "date_paid_gmt": "2026-11-01T09:30:20",
        "date_completed_gmt": None,
        "line_items": [woocommerce_line(), woocommerce_line(**SPOON)],
        "fee_lines": [],
        "coupon_lines": [{"code": "SPRING", "discount": "3.00"}],
        "refunds": [],
        "date_modified_gmt": "2026-11-02T10:00:00",
        "customer_id": 26,
        "billing": {
            "first_name": "Ann",
            "last_name": "Oakley",
            "email": "ann@example.com",
            "phone": "020 7946 0018",
            "country": "GB",
        },
        "meta_data": [{"id": n, "key": key, "value": value} for n, (key, value) in enumerate(fields)],
        **changes,
    }


def woocommerce_customer(*fields: tuple[str, Any], **changes: object) -> Body:
    """A customer with fields of plugins."""
    order = woocommerce_order(*fields)
    return {
        "id": 26,
        "email": "ann@example.com",
        "date_created_gmt": "2026-01-01T00:00:00",
        "date_modified_gmt": "2026-11-02T10:00:00",
        "billing": order["billing"],
        "meta_data": order["meta_data"],
        **changes,
    }


def woocommerce_subscription(**changes: object) -> Body:
    """A subscription over 43.20 GBP a month, paid once."""
    return woocommerce_order() | {
        "id": 1300,
        "number": "1300",
        "parent_id": 727,
        "status": "active",
        "date_created_gmt": "2026-11-01T09:30:00",
        "date_modified_gmt": "2026-11-02T10:00:00",
        "billing_period": "month",
        "billing_interval": "1",
        "start_date_gmt": "2026-11-01T09:30:05",
        "trial_end_date_gmt": "",
        "next_payment_date_gmt": "2026-12-01T09:30:05",
        "last_payment_date_gmt": "2026-11-01T09:30:20",
        "cancelled_date_gmt": "",
        "end_date_gmt": "",
        "resubscribed_from": "",
        **changes,
    }


def woocommerce(topic: str, body: object) -> Translation:
    """A body of WooCommerce, translated."""
    return translate("woocommerce", topic, UK, json.dumps(body).encode(), {}, None, RECEIVED)
