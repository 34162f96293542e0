"""Every topic of Shopify has an answer, and every source too."""

import pytest
from commerce_sync.intake import translate
from commerce_sync.intake.registry import SOURCES

from tests.unit.intake.bodies import SHOP, encoded, order, refused, shopify


@pytest.mark.parametrize(
    ("topic", "code"),
    [
        ("customers/delete", "record_deleted"),
        ("draft_orders/create", "draft_order"),
        ("draft_orders/delete", "draft_order"),
        ("order_transactions/create", "told_by_order"),
        ("tender_transactions/create", "told_by_order"),
        ("returns/approve", "told_by_refund"),
        ("returns/close", "told_by_refund"),
        ("subscription_contracts/update", "subscription_goes_on"),
        ("subscription_billing_attempts/success", "told_by_shop"),
        ("subscription_billing_attempts/failure", "topic_not_used"),
        ("subscription_billing_attempts/challenged", "topic_not_used"),
        ("subscription_billing_cycles/unskip", "subscription_goes_on"),
        ("subscription_billing_cycle_edits/create", "subscription_goes_on"),
        ("orders/delete", "order_deleted"),
        ("checkouts/delete", "checkout_removed"),
        ("app/uninstalled", "topic_not_used"),
        ("disputes/create", "topic_not_used"),
        ("gift_cards", "topic_not_used"),
        ("customers/disable", "topic_not_used"),
        ("customer.tags_added", "topic_not_used"),
        ("customers/purchasing_summary", "topic_not_used"),
        ("", "unknown_topic"),
        ("bananas/peeled", "unknown_topic"),
    ],
)
def test_a_topic_without_events_says_why(topic: str, code: str) -> None:
    """Told better by another message, or not used at all; of Shopify's nothing waits to be translated."""
    rejection = refused(shopify(topic, order()))
    assert rejection.code == code
    assert rejection.waits is (code == "unknown_topic")


@pytest.mark.parametrize("source", ["", "magento", "SHOPIFY"])
def test_a_source_that_is_not_translated_says_so(source: str) -> None:
    """And names those that are."""
    rejection = refused(translate(source, "orders/create", SHOP, encoded(order())))
    assert (rejection.code, rejection.expected) == ("unknown_source", ", ".join(sorted(SOURCES)))


def test_headers_and_fetched_objects_change_nothing_for_a_full_body() -> None:
    """A replay without its headers is the same delivery."""
    body = encoded(order())
    bare = translate("shopify", "orders/create", SHOP, body)
    assert translate("shopify", "orders/create", SHOP, body, {"x-shopify-event-id": "e1"}, {"id": 5}) == bare
