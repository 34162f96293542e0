"""BigCommerce's topics: which are translated, and which are not used.

From BigCommerce's list of webhook events (https://docs.bigcommerce.com). In small letters, as ``translate`` hands them
over.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from commerce_sync.intake.bigcommerce import carts, customers, orders, subscribers
from commerce_sync.intake.catalogue import Code
from commerce_sync.intake.delivery import Translator

TRANSLATORS: Final[Mapping[str, Translator]] = MappingProxyType(
    {
        "store/subscriber/created": subscribers.created,
        "store/subscriber/updated": subscribers.updated,
        "store/order/created": orders.translate,
        "store/order/updated": orders.translate,
        "store/order/statusupdated": orders.translate,
        "store/order/archived": orders.translate,
        "store/order/refund/created": orders.translate,
        "store/shipment/created": orders.translate,
        "store/shipment/updated": orders.translate,
        "store/cart/created": carts.translate,
        "store/cart/updated": carts.translate,
        "store/cart/lineitem/created": carts.translate,
        "store/cart/lineitem/updated": carts.translate,
        "store/cart/lineitem/deleted": carts.translate,
        "store/customer/created": customers.translate,
        "store/customer/updated": customers.translate,
    }
)

SUBSCRIBED: Final = (
    "store/subscriber/created",
    "store/subscriber/updated",
    "store/order/created",
    "store/order/updated",
    "store/order/statusUpdated",
    "store/order/archived",
    "store/order/refund/created",
    "store/shipment/created",
    "store/shipment/updated",
    "store/customer/created",
    "store/customer/updated",
    "store/cart/updated",
)
"""What a store shall tell us, in BigCommerce's own letters.

``store/cart/updated`` is told of every new cart and line as well: the other scopes of carts would cost a call each.
"""

#: A subscriber that is deleted is no withdrawal: only its id is told, and staff tidy lists too (DECISIONS.md).
_TOPICS: Final[Mapping[str, Code]] = MappingProxyType(
    {
        "store/subscriber/deleted": "record_deleted",
        "store/customer/deleted": "record_deleted",
    }
)

#: Objects with topics that nothing here uses: the part after ``store/``. Of orders, carts and shipments these are their
#: messages, transactions, metafields and deletions, and what :mod:`carts` says of a cart's end.
_UNUSED: Final = frozenset(
    {
        *("app", "brand", "cart", "category", "channel", "coupon", "customer", "hook", "information", "inventory"),
        *("metafield", "modifier", "option", "order", "pricelist", "product", "redirects", "script", "shipment"),
        *("sku", "store", "subscriber"),
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
    return "topic_not_used" if subject in _UNUSED else "unknown_topic"
