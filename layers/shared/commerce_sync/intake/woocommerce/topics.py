"""WooCommerce's topics: which are translated, which tell of a record that is gone, and which are not used.

From the REST API's documentation of webhooks and from the Subscriptions extension.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from commerce_sync.intake.catalogue import Code
from commerce_sync.intake.delivery import Translator
from commerce_sync.intake.woocommerce import customers, orders, subscriptions

TRANSLATORS: Final[Mapping[str, Translator]] = MappingProxyType(
    {
        "order.created": orders.translate,
        "order.updated": orders.translate,
        "order.restored": orders.translate,
        "customer.created": customers.translate,
        "customer.updated": customers.translate,
        "subscription.created": subscriptions.translate,
        "subscription.updated": subscriptions.translate,
        "subscription.restored": subscriptions.translate,
        "subscription.switched": subscriptions.translate,
    }
)

SUBSCRIBED: Final = ("order.created", "order.updated", "order.restored", "customer.created", "customer.updated")
"""What a shop shall tell us."""
SUBSCRIBED_WITH_SUBSCRIPTIONS: Final = ("subscription.created", "subscription.updated", "subscription.switched")
"""What one with the Subscriptions extension shall tell us too; every other shop refuses these."""

#: Bodies of these are ``{"id": n}``: a record went into the bin, which cancels nothing and withdraws nothing.
_DELETED: Final = frozenset({"customer.deleted", "order.deleted", "subscription.deleted"})

#: Objects with topics that nothing here uses. ``action.<hook>`` sends a hook's first argument alone.
_UNUSED: Final = frozenset({"action", "coupon", "customer", "order", "product", "subscription"})


def code_of(topic: str) -> Code:
    """Why a topic without a translator gives nothing."""
    if topic in _DELETED:
        return "record_deleted"
    subject, dot, _ = topic.partition(".")
    if not dot:
        return "unknown_topic"
    return "topic_not_used" if subject in _UNUSED else "unknown_topic"
