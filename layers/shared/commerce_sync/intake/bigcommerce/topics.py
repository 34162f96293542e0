"""BigCommerce's topics: which are translated, which wait for another part of this bundle, and which are not used.

From BigCommerce's list of webhook events (https://docs.bigcommerce.com). In small letters, as ``translate`` hands them
over.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from commerce_sync.intake.bigcommerce import orders, subscribers
from commerce_sync.intake.catalogue import Code
from commerce_sync.intake.delivery import Translator

TRANSLATORS: Final[Mapping[str, Translator]] = MappingProxyType(
    {
        "store/subscriber/created": subscribers.created,
        "store/subscriber/updated": subscribers.updated,
        "store/order/created": orders.translate,
        "store/order/updated": orders.translate,
        "store/order/statusupdated": orders.translate,
    }
)

#: A subscriber that is deleted is no withdrawal: only its id is told, and staff tidy lists too (DECISIONS.md).
_TOPICS: Final[Mapping[str, Code]] = MappingProxyType(
    {
        "store/subscriber/deleted": "record_deleted",
        "store/customer/deleted": "record_deleted",
        "store/customer/created": "not_yet_translated",
        "store/customer/updated": "not_yet_translated",
    }
)

#: Objects whose topics an order's story needs (refunds, shipments, carts).
_LATER: Final = frozenset({"order", "cart", "shipment"})

#: Objects with topics that nothing here uses: the part after ``store/``.
_UNUSED: Final = frozenset(
    {
        *("app", "brand", "category", "channel", "coupon", "customer", "hook", "information", "inventory", "metafield"),
        *("modifier", "option", "pricelist", "product", "redirects", "script", "sku", "store", "subscriber"),
    }
)


def code_of(topic: str) -> Code:
    """Why a topic without a translator gives nothing."""
    if code := _TOPICS.get(topic):
        return code
    store, _, rest = topic.partition("/")
    subject = rest.partition("/")[0]
    if store != "store":
        return "unknown_topic"
    if subject in _LATER:
        return "not_yet_translated"
    return "topic_not_used" if subject in _UNUSED else "unknown_topic"
