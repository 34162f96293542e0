"""Recharge's topics: which are translated, which the shop tells better, and which are not used.

From the topics that clients of its API list. As they stand in the address, in small letters.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from commerce_sync.intake.catalogue import Code
from commerce_sync.intake.delivery import Translator
from commerce_sync.intake.recharge import customers, subscriptions

TRANSLATORS: Final[Mapping[str, Translator]] = MappingProxyType(
    {
        **dict.fromkeys(subscriptions.TOPICS, subscriptions.translate),
        "customer/created": customers.translate,
        "customer/updated": customers.translate,
    }
)

SUBSCRIBED: Final = tuple(sorted(TRANSLATORS.keys() - {"subscription/swapped", "subscription/unskipped"}))
"""What an account shall tell us. The two that it need not are of subscriptions that go on: no event comes of them."""

#: Topics that give no event for a reason of their own. Of a charge that failed or is still ahead no shop ever hears.
_TOPICS: Final[Mapping[str, Code]] = MappingProxyType(
    {
        "customer/deleted": "record_deleted",
        **dict.fromkeys(("charge/failed", "charge/max_retries_reached"), "topic_not_used"),
        **dict.fromkeys(("charge/upcoming", "order/upcoming"), "topic_not_used"),
    }
)

#: Objects that become orders, payments and refunds of the shop, which tells of them itself.
_OF_THE_SHOP: Final = frozenset({"charge", "order"})

#: Objects with topics that nothing here uses.
_UNUSED: Final = frozenset(
    {
        *("address", "async_batch", "bundle_selection", "checkout", "collection", "customer", "discount", "onetime"),
        *("payment_method", "plan", "product", "recharge", "store"),
    }
)


def code_of(topic: str) -> Code:
    """Why a topic without a translator gives nothing."""
    if code := _TOPICS.get(topic):
        return code
    subject = topic.partition("/")[0]
    if subject in _OF_THE_SHOP:
        return "told_by_shop"
    return "topic_not_used" if subject in _UNUSED else "unknown_topic"
