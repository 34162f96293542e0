"""Bodies of Recharge in both versions of its API, invented here."""

import json
from collections.abc import Mapping

from commerce_sync.contracts import Store
from commerce_sync.intake import Translation, translate

from tests.unit.intake.bodies import RECEIVED, Body

CLUB = Store(source="recharge", id="us", currency="USD", country="US", shop="shopify:us")


def subscription(**changes: object) -> Body:
    """Two bags of coffee every 30 days, as 2021-11 writes them."""
    return {
        "id": 11111,
        "address_id": 22222,
        "customer_id": 333,
        "analytics_data": {"utm_params": []},
        "cancellation_reason": None,
        "cancellation_reason_comments": None,
        "cancelled_at": None,
        "created_at": "2026-11-01T09:30:00+00:00",
        "external_product_id": {"ecommerce": "632910392"},
        "external_variant_id": {"ecommerce": "808950810"},
        "has_queued_charges": True,
        "is_prepaid": False,
        "max_retries_reached": False,
        "next_charge_scheduled_at": "2026-12-01",
        "order_interval_frequency": 30,
        "order_interval_unit": "day",
        "presentment_currency": None,
        "price": "12.50",
        "product_title": "Coffee",
        "quantity": 2,
        "sku": "COFFEE-1",
        "status": "active",
        "updated_at": "2026-11-02T10:00:00+00:00",
        "variant_title": "250 g",
        **changes,
    }


def old_subscription(**changes: object) -> Body:
    """The same as 2021-01 writes it."""
    return {
        "id": 11111,
        "address_id": 22222,
        "customer_id": 333,
        "cancelled_at": None,
        "created_at": "2026-11-01T09:30:00",
        "has_queued_charges": 1,
        "is_prepaid": 0,
        "is_skippable": 1,
        "max_retries_reached": 0,
        "next_charge_scheduled_at": "2026-12-01T00:00:00",
        "order_interval_frequency": "30",
        "order_interval_unit": "day",
        "presentment_currency": "USD",
        "price": 12.50,
        "product_title": "Coffee",
        "quantity": "2",
        "shopify_product_id": 632910392,
        "shopify_variant_id": 808950810,
        "sku": "COFFEE-1",
        "status": "ACTIVE",
        "updated_at": "2026-11-02T10:00:00",
        **changes,
    }


def recharge_customer(**changes: object) -> Body:
    """Cleo, who is customer 77 of the shop."""
    return {
        "id": 333,
        "created_at": "2026-11-01T09:29:00",
        "updated_at": "2026-11-01T09:31:00",
        "email": "cleo@example.com",
        "first_name": "Cleo",
        "last_name": "Carter",
        "external_customer_id": {"ecommerce": "77"},
        "hash": "5f2c",
        "subscriptions_active_count": 1,
        **changes,
    }


def recharge(
    topic: str, resource: object, hydrated: Mapping[str, object] | None = None, store: Store = CLUB
) -> Translation:
    """A body in its resource's key, translated."""
    body = json.dumps({topic.partition("/")[0]: resource}).encode()
    return translate("recharge", topic, store, body, {}, hydrated, RECEIVED)
