"""WooCommerce's topics: which are translated, which wait for another part of this bundle, and which are not used.

From the REST API's documentation of webhooks and from the Subscriptions extension.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from commerce_sync.intake.catalogue import Code
from commerce_sync.intake.delivery import Translator
from commerce_sync.intake.woocommerce import customers, orders

TRANSLATORS: Final[Mapping[str, Translator]] = MappingProxyType(
    {
        "order.created": orders.translate,
        "order.updated": orders.translate,
        "customer.created": customers.translate,
        "customer.updated": customers.translate,
    }
)

_TOPICS: Final[Mapping[str, Code]] = MappingProxyType({"customer.deleted": "record_deleted"})

#: Objects whose topics an order's story needs.
_LATER: Final = frozenset({"order", "subscription"})

#: Objects with topics that nothing here uses. ``action.<hook>`` sends a hook's first argument alone.
_UNUSED: Final = frozenset({"action", "coupon", "customer", "product"})


def code_of(topic: str) -> Code:
    """Why a topic without a translator gives nothing."""
    if code := _TOPICS.get(topic):
        return code
    subject, dot, _ = topic.partition(".")
    if not dot:
        return "unknown_topic"
    if subject in _LATER:
        return "not_yet_translated"
    return "topic_not_used" if subject in _UNUSED else "unknown_topic"
