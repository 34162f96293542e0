"""Every topic of Shopify has an answer, and every source too."""

import pytest
from commerce_sync.intake import translate
from commerce_sync.intake.registry import SOURCES

from tests.unit.intake.bodies import SHOP, encoded, order, refused, shopify


@pytest.mark.parametrize(
    ("topic", "code"),
    [
        ("customers/delete", "record_deleted"),
        ("orders/edited", "not_yet_translated"),
        ("draft_orders/create", "not_yet_translated"),
        ("order_transactions/create", "not_yet_translated"),
        ("subscription_contracts/pause", "not_yet_translated"),
        ("subscription_billing_attempts/failure", "not_yet_translated"),
        ("subscription_billing_cycles/skip", "not_yet_translated"),
        ("orders/delete", "topic_not_used"),
        ("checkouts/delete", "topic_not_used"),
        ("app/uninstalled", "topic_not_used"),
        ("disputes/create", "topic_not_used"),
        ("gift_cards", "topic_not_used"),
        ("returns/approve", "topic_not_used"),
        ("tender_transactions/create", "topic_not_used"),
        ("customers/disable", "topic_not_used"),
        ("customer.tags_added", "topic_not_used"),
        ("customers/purchasing_summary", "topic_not_used"),
        ("", "unknown_topic"),
        ("bananas/peeled", "unknown_topic"),
    ],
)
def test_a_topic_without_events_says_why(topic: str, code: str) -> None:
    """Kept for later, for the ledger, or not used at all."""
    assert refused(shopify(topic, order())).code == code


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
