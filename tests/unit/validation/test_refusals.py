"""Which event a refused delivery would have been."""

import pytest
from commerce_sync.intake.bigcommerce.topics import TRANSLATORS as BIGCOMMERCE
from commerce_sync.intake.shopify.topics import TRANSLATORS as SHOPIFY
from commerce_sync.intake.woocommerce.topics import TRANSLATORS as WOOCOMMERCE
from commerce_sync.validation.refusals import event_of, thing_of

TOPICS = [
    *(("shopify", topic) for topic in sorted(SHOPIFY)),
    *(("bigcommerce", topic) for topic in sorted(BIGCOMMERCE)),
    *(("woocommerce", topic) for topic in sorted(WOOCOMMERCE)),
]
COMMERCE = ("order", "refund", "fulfillment", "shipment", "checkout", "cart")


@pytest.mark.parametrize(
    ("source", "topic", "path", "expected"),
    [
        ("shopify", "orders/create", "total_price", "placed_order"),
        ("shopify", "orders/updated", "line_items[2].price", "placed_order"),
        ("shopify", "orders/updated", "refunds[0].transactions", "refunded_order"),
        ("shopify", "orders/edited", "order.refunds[0].id", "refunded_order"),
        ("shopify", "orders/updated", "fulfillments[1].status", "fulfilled_order"),
        ("shopify", "refunds/create", "", "refunded_order"),
        ("shopify", "fulfillment_events/create", "status", "delivered_order"),
        ("shopify", "checkouts/update", "token", "started_checkout"),
        ("shopify", "carts/update", "line_items", "added_to_cart"),
        ("bigcommerce", "store/cart/lineitem/created", "", "added_to_cart"),
        ("bigcommerce", "store/shipment/created", "", "fulfilled_order"),
        ("woocommerce", "order.updated", "total", "placed_order"),
        ("web", "events", "[3].data", "unread"),
        ("own", "", "data.value", "unread"),
        ("shopify", "customers/update", "email", None),
        ("shopify", "draft_orders/create", "", None),
        ("hubspot", "events", "", None),
    ],
)
def test_the_topic_says_it_and_the_place_of_the_fault(source: str, topic: str, path: str, expected: str | None) -> None:
    """A fault inside an order's refunds costs the refund alone."""
    assert event_of(source, topic, path) == expected


@pytest.mark.parametrize(("source", "topic"), TOPICS)
def test_every_topic_about_commerce_names_an_event(source: str, topic: str) -> None:
    """And none that is about people alone."""
    is_commerce = any(word in topic for word in COMMERCE)
    assert (event_of(source, topic, "") is not None) == is_commerce


@pytest.mark.parametrize(
    ("path", "thing"),
    [
        ("", ""),
        ("total_price", ""),
        ("line_items[2].price", ""),
        ("[3].data.price", "[3]"),
        ("refunds[0].transactions[1].amount", "refunds[0]"),
        ("order.refunds[0].id", "refunds[0]"),
    ],
)
def test_two_faults_of_one_thing_are_one(path: str, thing: str) -> None:
    """A line costs its whole order; an entry of a list, a refund and a parcel cost themselves."""
    assert thing_of(path) == thing
