"""Shopify's topics: which are translated, which another message tells better, and which are not used.

From Shopify's list of webhook topics (https://shopify.dev/docs/api/webhooks, version 2026-10); beside them
orders of its export.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from commerce_sync.intake.catalogue import Code
from commerce_sync.intake.delivery import Translator
from commerce_sync.intake.shopify import (
    carts,
    checkouts,
    consents,
    customers,
    exported,
    fulfillments,
    merges,
    orders,
    privacy,
    refunds,
    subscriptions,
)

TRANSLATORS: Final[Mapping[str, Translator]] = MappingProxyType(
    {
        "orders/create": orders.translate,
        "orders/updated": orders.translate,
        "orders/paid": orders.translate,
        "orders/cancelled": orders.translate,
        "orders/edited": orders.edited,
        exported.TOPIC: exported.translate,
        "orders/fulfilled": orders.translate,
        "orders/partially_fulfilled": orders.translate,
        "refunds/create": refunds.translate,
        "fulfillments/create": fulfillments.translate,
        "fulfillments/update": fulfillments.translate,
        "fulfillment_events/create": fulfillments.translate_step,
        "checkouts/create": checkouts.translate,
        "checkouts/update": checkouts.translate,
        "carts/create": carts.translate,
        "carts/update": carts.translate,
        "customers/create": customers.translate,
        "customers/update": customers.translate,
        "customers/merge": merges.translate,
        "customers_email_marketing_consent/update": consents.email_changed,
        "customers_marketing_consent/update": consents.sms_changed,
        "customers/data_request": privacy.access,
        "customers/redact": privacy.erase,
        "shop/redact": privacy.erase_store,
        **dict.fromkeys(subscriptions.TOPICS, subscriptions.translate),
        "subscription_billing_cycles/skip": subscriptions.skip,
    }
)

PRIVACY: Final = ("customers/data_request", "customers/redact", "shop/redact")
"""What only the app's own configuration can subscribe to."""
SUBSCRIBED: Final = tuple(topic for topic in TRANSLATORS if topic not in {*PRIVACY, exported.TOPIC})
"""What a shop shall tell us by its API's subscriptions."""

#: Topics that give no event for a reason of their own.
_TOPICS: Final[Mapping[str, Code]] = MappingProxyType(
    {
        "checkouts/delete": "checkout_removed",
        "customers/delete": "record_deleted",
        "orders/delete": "order_deleted",
        "subscription_billing_attempts/success": "told_by_shop",
        "subscription_billing_cycles/unskip": "subscription_goes_on",
        "subscription_contracts/update": "subscription_goes_on",
    }
)

#: The same of all topics of an object.
_OBJECTS: Final[Mapping[str, Code]] = MappingProxyType(
    {
        "draft_orders": "draft_order",
        "order_transactions": "told_by_order",
        "returns": "told_by_refund",
        "subscription_billing_cycle_edits": "subscription_goes_on",
        "tender_transactions": "told_by_order",
        "transactions": "told_by_order",
    }
)

#: Objects with topics that nothing here uses: the part before the slash (or the dot, as in ``customer.tags_added``).
_UNUSED: Final = frozenset(
    {
        *("app", "app_subscriptions", "bulk_operations", "carts", "checkouts", "collection_listings", "collections"),
        *("companies", "customer", "customer_groups", "customer_payment_methods", "customers", "discounts"),
        *("disputes", "domains", "fulfillment_events", "fulfillment_holds", "fulfillment_orders", "fulfillments"),
        *("gift_cards", "inventory_items", "inventory_levels", "locales", "locations", "markets", "orders"),
        *("payment_schedules", "payment_terms", "product_feeds", "product_listings", "products", "profiles"),
        *("refunds", "reverse_deliveries", "reverse_fulfillment_orders", "segments", "selling_plan_groups"),
        *("shop", "subscription_billing_attempts", "themes", "variants"),
    }
)


def code_of(topic: str) -> Code:
    """Why a topic without a translator gives no event."""
    if code := _TOPICS.get(topic):
        return code
    subject = topic.replace(".", "/").partition("/")[0]
    if code := _OBJECTS.get(subject):
        return code
    return "topic_not_used" if subject in _UNUSED else "unknown_topic"
