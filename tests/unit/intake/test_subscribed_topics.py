"""What stores are asked to tell us is what is read here."""

from collections.abc import Sequence

import pytest
from commerce_sync.intake.bigcommerce import topics as bigcommerce
from commerce_sync.intake.recharge import topics as recharge
from commerce_sync.intake.shopify import topics as shopify
from commerce_sync.intake.woocommerce import topics as woocommerce
from commerce_sync.vendors.shopify.webhooks import SCOPES

WOOCOMMERCE = (*woocommerce.SUBSCRIBED, *woocommerce.SUBSCRIBED_WITH_SUBSCRIPTIONS)
NOT_ASKED_FOR = {
    "shopify": {*shopify.PRIVACY, "orders/export"},
    "bigcommerce": {"store/cart/created", *(f"store/cart/lineitem/{one}" for one in ("created", "updated", "deleted"))},
    "woocommerce": {"subscription.restored"},
    "recharge": {"subscription/swapped", "subscription/unskipped"},
}
"""An app's configuration subscribes to these, an export brings them, others tell the same, or nothing comes of them."""


@pytest.mark.parametrize(
    ("source", "subscribed", "translated"),
    [
        ("shopify", shopify.SUBSCRIBED, shopify.TRANSLATORS),
        ("bigcommerce", bigcommerce.SUBSCRIBED, bigcommerce.TRANSLATORS),
        ("woocommerce", WOOCOMMERCE, woocommerce.TRANSLATORS),
        ("recharge", recharge.SUBSCRIBED, recharge.TRANSLATORS),
    ],
)
def test_every_translated_topic_is_asked_for_but_those_that_need_not_be(
    source: str, subscribed: Sequence[str], translated: Sequence[str]
) -> None:
    """Once each; a new translator says here whether a store has to tell of it."""
    assert len(set(subscribed)) == len(subscribed)
    assert {topic.lower() for topic in subscribed} == set(translated) - NOT_ASKED_FOR[source]


def test_the_scope_of_every_shopify_topic_is_known() -> None:
    """Without it a topic would be asked for again each time, and refused."""
    assert set(shopify.SUBSCRIBED) == set(SCOPES)
