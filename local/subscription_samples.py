"""Sample deliveries about subscriptions, of Recharge and of Shopify's own, for ``make samples``."""

from typing import Any, Final

from local.consent_samples_stores import WriteDelivery

SUBSCRIPTION: Final[dict[str, Any]] = {
    "id": 11111,
    "address_id": 22222,
    "customer_id": 333,
    "cancellation_reason": None,
    "cancelled_at": None,
    "created_at": "2026-11-21T17:50:00+00:00",
    "external_product_id": {"ecommerce": "632910392"},
    "external_variant_id": {"ecommerce": "808950810"},
    "is_prepaid": False,
    "next_charge_scheduled_at": "2026-12-21",
    "order_interval_frequency": 30,
    "order_interval_unit": "day",
    "presentment_currency": "USD",
    "price": "12.50",
    "product_title": "Coffee",
    "quantity": 2,
    "sku": "COFFEE-1",
    "status": "active",
    "updated_at": "2026-11-21T17:50:00+00:00",
}
ENDED: Final = {"status": "cancelled", "cancelled_at": "2026-11-21T17:58:00.25+00:00", "cancellation_reason": "I moved"}
SUBSCRIBER: Final[dict[str, Any]] = {
    "id": 333,
    "created_at": "2026-11-21T17:49:00",
    "updated_at": "2026-11-21T17:50:00",
    "email": "cleo.carter@example.com",
    "first_name": "Cleo",
    "last_name": "Carter",
    "external_customer_id": {"ecommerce": "7000000000000000001"},
}
CHARGE: Final[dict[str, Any]] = {
    "id": 580825303,
    "status": "success",
    "total_price": "25.00",
    "currency": "USD",
    "customer": {"id": 333, "email": "cleo.carter@example.com"},
    "external_order_id": {"ecommerce": "5000000000000000001"},
}
CONTRACT: Final[dict[str, Any]] = {
    "admin_graphql_api_id": "gid://shopify/SubscriptionContract/9000000000000000001",
    "id": 9000000000000000001,
    "billing_policy": {"interval": "week", "interval_count": 4, "min_cycles": 1, "max_cycles": None},
    "currency_code": "USD",
    "customer_id": 7000000000000000001,
    "delivery_policy": {"interval": "week", "interval_count": 4},
    "status": "active",
    "origin_order_id": 5000000000000000001,
    "revision_id": "9180612443",
}
SKIPPED: Final[dict[str, Any]] = {
    "subscription_contract_id": 9000000000000000001,
    "cycle_start_at": "2026-11-01T00:00:00-04:00",
    "cycle_end_at": "2026-12-01T00:00:00-05:00",
    "cycle_index": 3,
    "contract_edit": None,
    "billing_attempt_expected_date": "2026-12-01T00:00:00-05:00",
    "skipped": True,
    "edited": True,
}
EDITED: Final[dict[str, Any]] = {
    "order_edit": {
        "id": 78912328793123781,
        "committed_at": "2026-11-21T17:58:00-05:00",
        "order_id": 5000000000000000001,
        "line_items": {"additions": [{"id": 78643924236718241, "delta": 1}], "removals": []},
    }
}
_LATER: Final = "2026-11-21T17:55:00+00:00"


def write_subscription_samples(write: WriteDelivery) -> None:
    """Every kind of event that a subscription gives, and what gives none."""
    _write_recharge(write)
    contracts = {"create": "active", "activate": "active", "pause": "paused", "cancel": "cancelled"}
    shopify = {f"subscription_contracts/{verb}": {**CONTRACT, "status": said} for verb, said in contracts.items()}
    shopify |= {
        "subscription_billing_cycles/skip": SKIPPED,
        "subscription_billing_cycles/unskip": {**SKIPPED, "skipped": False},
        "orders/edited": EDITED,
    }
    for topic, body in shopify.items():
        write(f"shopify_{topic.replace('/', '_')}", "shopify", "us", topic, body)


def _write_recharge(write: WriteDelivery) -> None:
    bodies: dict[str, dict[str, Any]] = {
        "subscription/created": SUBSCRIPTION,
        "subscription/paused": {**SUBSCRIPTION, "updated_at": _LATER},
        "subscription/skipped": {**SUBSCRIPTION, "updated_at": _LATER, "next_charge_scheduled_at": "2027-01-20"},
        "subscription/activated": {**SUBSCRIPTION, "updated_at": _LATER},
        "subscription/cancelled": {**SUBSCRIPTION, **ENDED},
        "subscription/updated": {**SUBSCRIPTION, "updated_at": _LATER, "quantity": 3},
        "customer/updated": SUBSCRIBER,
        "charge/paid": CHARGE,
    }
    for topic, resource in bodies.items():
        kind = topic.partition("/")[0]
        write(f"recharge_{topic.replace('/', '_')}", "recharge", "us", topic, {kind: resource})
