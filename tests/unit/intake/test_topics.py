"""Every topic of Shopify has an answer, and every source too."""

from typing import Final

import pytest
from commerce_sync.intake import bigcommerce, recharge, translate, woocommerce
from commerce_sync.intake import shopify as of_shopify
from commerce_sync.intake.catalogue import CATALOGUE
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


#: source -> the objects whose topics the vendors document, each with what happens to it (commerce facts, section 5).
DOCUMENTED: Final[dict[str, str]] = {
    "shopify": """
        orders/create,paid,updated,cancelled,fulfilled,partially_fulfilled,edited,delete refunds/create
        fulfillments/create,update fulfillment_events/create,delete order_transactions/create
        returns/request,approve,decline,cancel,close,reopen,update,process draft_orders/create,update,delete
        checkouts/create,update,delete carts/create,update
        customers/create,update,delete,merge,disable,enable,purchasing_summary,data_request,redact shop/redact
        customers_email_marketing_consent/update customers_marketing_consent/update customer.tags_added
        customer.tags_removed subscription_contracts/create,update,activate,pause,cancel,expire,fail
        subscription_billing_cycles/skip,unskip subscription_billing_attempts/success,failure,challenged
    """,
    "bigcommerce": """
        store/order/created,updated,archived,statusUpdated store/order/refund/created store/order/message/created
        store/order/transaction/created,updated store/cart/lineItem/created,updated,deleted
        store/cart/created,updated,deleted,couponApplied,abandoned,converted store/customer/created,updated,deleted
        store/customer/address/created,updated,deleted store/shipment/created,updated,deleted
        store/subscriber/created,updated,deleted
    """,
    "woocommerce": """
        order.created order.updated order.deleted order.restored customer.created customer.updated customer.deleted
        customer.restored product.created product.updated product.deleted product.restored coupon.created
        coupon.updated coupon.deleted coupon.restored subscription.created subscription.updated subscription.deleted
        subscription.switched action.woocommerce_add_to_cart
    """,
    "recharge": """
        subscription/created,updated,activated,cancelled,deleted,paused,skipped,unskipped,swapped
        charge/created,paid,failed,max_retries_reached,refunded,upcoming,uncaptured,updated,deleted
        order/created,processed,success,cancelled,upcoming,payment_captured customer/created,updated,deleted
        onetime/created,updated,deleted
    """,
}
TOPICS: Final = {
    "bigcommerce": bigcommerce.topics,
    "recharge": recharge.topics,
    "shopify": of_shopify.topics,
    "woocommerce": woocommerce.topics,
}


def topics_of(source: str) -> list[str]:
    """Each by its whole name."""
    objects = (said.rpartition("/") for said in DOCUMENTED[source].split())
    return [f"{where}{slash}{what}" for where, slash, told in objects for what in told.split(",")]


@pytest.mark.parametrize("source", sorted(DOCUMENTED))
def test_every_documented_topic_is_translated_or_settled(source: str) -> None:
    """None waits for a person only because a store sends it, and none is unknown."""
    known = TOPICS[source]
    rest = {topic for topic in topics_of(source) if topic.lower() not in known.TRANSLATORS}
    codes = {topic: known.code_of(topic.lower()) for topic in rest}
    assert {topic: code for topic, code in codes.items() if code == "unknown_topic" or CATALOGUE[code].waits} == {}
    assert len(rest) < len(topics_of(source)), "some are translated"
