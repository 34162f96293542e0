"""Fulfilled: a parcel left. Delivered: it arrived."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.unit.intake.bodies import (
    ORDER_ID,
    assert_holds_contract,
    fulfillment,
    line,
    named,
    only,
    order,
    refused,
    shopify,
)

STEP = {
    "id": 1,
    "fulfillment_id": 601,
    "order_id": ORDER_ID,
    "status": "delivered",
    "happened_at": "2026-11-05T12:00:00-05:00",
}


@pytest.mark.parametrize("topic", ["fulfillments/create", "fulfillments/update"])
def test_a_parcel_that_left_fulfills_its_order(topic: str) -> None:
    """With its lines and tracking number, at its creation, and without a person: the order has that."""
    event = only(shopify(topic, fulfillment()))
    assert (event.name, event.event_id) == ("fulfilled_order", f"shopify:shop-1:{ORDER_ID}:fulfilled_order:601")
    assert (event.order_id, event.person, event.value) == (str(ORDER_ID), None, None)
    assert event.occurred_at == datetime(2026, 11, 2, 8, tzinfo=UTC)
    assert [item.unit_price for item in event.line_items] == [Decimal("10.00")]
    assert event.properties == {"tracking_number": "1Z999"}
    assert_holds_contract(event)


def test_a_parcel_has_one_id_from_its_own_topic_and_from_its_orders_body() -> None:
    """Whichever arrives first, the other is a repeat."""
    (embedded,) = named(shopify("orders/updated", order(fulfillments=[fulfillment()])), "fulfilled_order")
    assert embedded.model_copy(update={"person": None}) == only(shopify("fulfillments/create", fulfillment()))


@pytest.mark.parametrize("status", ["pending", "open", "cancelled", "error", "failure", None])
def test_a_parcel_that_did_not_leave_fulfills_nothing(status: str | None) -> None:
    """It is settled: an update follows when it leaves."""
    rejection = refused(shopify("fulfillments/create", fulfillment(status=status)))
    assert (rejection.code, rejection.path, rejection.waits) == ("fulfillment_not_shipped", "status", False)


def test_a_parcel_that_arrived_delivers_its_order() -> None:
    """The arrival has the parcel's id too, from every body that tells of it."""
    body = fulfillment(shipment_status="delivered", updated_at="2026-11-05T17:00:02Z")
    sent, arrived = shopify("fulfillments/update", body).events
    step = only(shopify("fulfillment_events/create", STEP))
    assert [sent.name, arrived.name, step.name] == ["fulfilled_order", "delivered_order", "delivered_order"]
    assert arrived.event_id == step.event_id == f"shopify:shop-1:{ORDER_ID}:delivered_order:601"
    assert arrived.occurred_at == datetime(2026, 11, 5, 17, 0, 2, tzinfo=UTC)
    assert step.occurred_at == datetime(2026, 11, 5, 17, tzinfo=UTC)
    assert_holds_contract(step)


@pytest.mark.parametrize("status", ["in_transit", "out_for_delivery", "attempted_delivery", "failure", "label_printed"])
def test_other_steps_of_a_parcel_are_no_events(status: str) -> None:
    """Only the arrival is."""
    assert refused(shopify("fulfillment_events/create", STEP | {"status": status})).code == "shipment_not_delivered"


def test_the_lines_prices_are_in_the_currency_that_they_name() -> None:
    """Else in the store's configured one: the body names none at all."""
    priced = line(price_set={"shop_money": {"amount": "10.00", "currency_code": "CAD"}})
    assert only(shopify("fulfillments/create", fulfillment(line_items=[priced]))).currency == "CAD"
    assert only(shopify("fulfillments/create", fulfillment())).currency == "EUR"


def test_what_an_embedded_parcel_gets_wrong_is_named_with_its_place() -> None:
    """The order is told all the same."""
    translation = shopify("orders/updated", order(fulfillments=[fulfillment(line_items=[line(price="x")])]))
    assert [(r.code, r.path) for r in translation.rejections] == [("bad_money", "fulfillments[0].line_items[0].price")]
    assert len(translation.events) == 3


def test_a_parcel_belongs_to_an_order() -> None:
    """On its own it must say to which."""
    assert refused(shopify("fulfillments/create", fulfillment(order_id=None))).path == "order_id"
