"""What an order's body proves."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.unit.intake.bodies import (
    LINE_A,
    LINE_B,
    ORDER_ID,
    assert_holds_contract,
    fulfillment,
    line,
    named,
    order,
    refund,
    refused,
    shopify,
)

PREFIX = f"shopify:shop-1:{ORDER_ID}"


def test_an_order_is_placed_with_its_value_and_everything_between_its_lines_and_its_value() -> None:
    """The value is what the buyer owes, and discount, tax and shipping stand beside it as positive numbers."""
    placed, *_ = shopify("orders/create", order()).events
    assert (placed.name, placed.event_id, placed.order_id) == ("placed_order", f"{PREFIX}:placed_order", str(ORDER_ID))
    assert (placed.value, placed.currency) == (Decimal("27.80"), "EUR")
    assert (placed.discount, placed.tax, placed.shipping) == (Decimal("1.00"), Decimal("4.44"), Decimal("3.80"))
    assert placed.imbalance is None
    assert placed.occurred_at == datetime(2026, 11, 1, 9, tzinfo=UTC)
    assert_holds_contract(placed)


def test_every_line_is_an_ordered_product_worth_its_price_after_discounts() -> None:
    """One event for each line, with the line's id in its own, and with that line alone."""
    products = named(shopify("orders/create", order()), "ordered_product")
    assert [event.event_id for event in products] == [
        f"{PREFIX}:ordered_product:{LINE_A}",
        f"{PREFIX}:ordered_product:{LINE_B}",
    ]
    assert [event.value for event in products] == [Decimal("19.00"), Decimal("5.00")]
    assert [item.discount for event in products for item in event.line_items] == [Decimal("1.00"), Decimal(0)]
    assert all(event.order is None for event in products)


def test_lines_are_shared_between_the_order_and_its_products() -> None:
    """The line of an ordered_product is the very line of its placed_order."""
    placed, first, second = shopify("orders/create", order()).events
    assert placed.line_items[0] is first.line_items[0]
    assert placed.line_items[1] is second.line_items[0]


def test_the_order_carries_its_state_for_the_newest_body_to_win() -> None:
    """The version is the order's own modified time and the current value is the one after edits."""
    placed, *_ = shopify("orders/updated", order(current_total_price="22.80")).events
    assert placed.order is not None
    assert placed.order.version == datetime(2026, 11, 1, 9, 5, tzinfo=UTC)
    assert (placed.value, placed.order.current_value) == (Decimal("27.80"), Decimal("22.80"))
    assert (placed.order.name, placed.order.financial_status, placed.order.fulfillment_status) == (
        "#1001",
        "paid",
        None,
    )


def test_an_order_without_a_current_total_is_worth_its_total() -> None:
    """Old bodies have no current_total_price."""
    placed, *_ = shopify("orders/updated", order(current_total_price=None)).events
    assert placed.order is not None
    assert placed.order.current_value == Decimal("27.80")


@pytest.mark.parametrize(
    "change",
    [
        {"current_total_price": "1.00"},
        {"financial_status": "refunded"},
        {"cancelled_at": "2026-11-01T10:05:00+01:00"},
        {"line_items": [line()]},
        {"refunds": [refund()]},
    ],
)
def test_two_bodies_of_one_instant_are_told_apart_by_their_digest(change: dict[str, object]) -> None:
    """A different order part is a different digest; a different buyer is not."""
    digests = [
        placed.order.digest
        for body in (order(), order(**change), order(email="other@example.com", customer=None))
        for placed in shopify("orders/updated", body).events[:1]
        if placed.order
    ]
    assert digests[0] != digests[1]
    assert digests[0] == digests[2]


@pytest.mark.parametrize(
    "topic",
    [
        "orders/create",
        "orders/updated",
        "orders/paid",
        "orders/cancelled",
        "orders/fulfilled",
        "orders/partially_fulfilled",
        " Orders/Create ",
    ],
)
def test_every_order_topic_yields_every_event_that_its_body_proves(topic: str) -> None:
    """The topic says why the body was sent; the body says what happened."""
    body = order(
        cancelled_at="2026-11-04T10:00:00Z", cancel_reason="customer", refunds=[refund()], fulfillments=[fulfillment()]
    )
    assert [event.name for event in shopify(topic, body).events] == [
        "placed_order",
        "ordered_product",
        "ordered_product",
        "cancelled_order",
        "refunded_order",
        "fulfilled_order",
    ]


def test_a_cancellation_happens_when_it_happened_and_says_why() -> None:
    """The reason is the cancellation's, so that a later body does not change the placed order."""
    translation = shopify("orders/updated", order(cancelled_at="2026-11-04T11:00:00+01:00", cancel_reason="fraud"))
    (cancelled,) = named(translation, "cancelled_order")
    assert cancelled.event_id == f"{PREFIX}:cancelled_order"
    assert cancelled.occurred_at == datetime(2026, 11, 4, 10, tzinfo=UTC)
    assert (cancelled.value, cancelled.properties["cancel_reason"]) == (Decimal("27.80"), "fraud")
    assert "cancel_reason" not in translation.events[0].properties


def test_a_broken_refund_takes_nothing_else_of_its_order_with_it() -> None:
    """The order is told, and the refund is refused at its place in the body."""
    moves = [{"kind": "refund", "status": "success", "amount": "5,00", "currency": "EUR"}]
    translation = shopify("orders/updated", order(refunds=[refund(), refund(id=502, transactions=moves)]))
    assert [event.event_id for event in named(translation, "refunded_order")] == [f"{PREFIX}:refunded_order:501"]
    (rejection,) = translation.rejections
    assert (rejection.code, rejection.path) == ("bad_money", "refunds[1].transactions[0].amount")
    assert len(named(translation, "placed_order")) == 1


def test_a_test_order_is_not_revenue() -> None:
    """Orders of the bogus gateway are refused as settled: nothing waits."""
    rejection = refused(shopify("orders/create", order(test=True)))
    assert (rejection.code, rejection.path, rejection.waits) == ("test_order", "test", False)


@pytest.mark.parametrize(
    ("processed_at", "expected"),
    [
        (None, datetime(2026, 11, 1, 9, tzinfo=UTC)),
        ("2026-11-01T09:00:01+01:00", datetime(2026, 11, 1, 9, tzinfo=UTC)),
        ("2026-11-01T10:00:07+01:00", datetime(2026, 11, 1, 9, tzinfo=UTC)),
        ("2026-11-01T09:00:00+01:00", datetime(2026, 11, 1, 8, tzinfo=UTC)),
        ("2019-05-01T12:00:00Z", datetime(2019, 5, 1, 12, tzinfo=UTC)),
    ],
)
def test_an_imported_order_was_placed_when_it_was_processed(processed_at: str | None, expected: datetime) -> None:
    """An hour or more before its creation tells an import; seconds around it are a live checkout."""
    assert shopify("orders/create", order(processed_at=processed_at)).events[0].occurred_at == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"total_price": "27.81"}, None),
        ({"total_price": "27.79"}, None),
        ({"total_price": "27.82"}, "0.02 EUR"),
        ({"taxes_included": False}, "-4.44 EUR"),
        ({"taxes_included": False, "total_price": "32.24"}, None),
        ({"total_tip_received": "2.00", "total_price": "29.80"}, None),
        ({"total_tip_received": "2.00"}, None),
        ({"original_total_duties_set": {"shop_money": {"amount": "7.00"}}, "total_price": "34.80"}, None),
        ({"original_total_duties_set": {"shop_money": {"amount": "7.00"}}, "duties_included": True}, None),
        ({"original_total_additional_fees_set": {"shop_money": {"amount": "1.50"}}, "total_price": "29.30"}, None),
        ({"total_discounts": "3.00"}, "2.00 EUR"),
    ],
)
def test_an_order_that_does_not_sum_up_says_by_how_much(changes: dict[str, object], expected: str | None) -> None:
    """Lines, discounts, tax, shipping, duties, fees and tips must come within one cent; else the event says so."""
    translation = shopify("orders/create", order(**changes))
    imbalance = translation.events[0].imbalance
    assert translation.rejections == ()
    assert imbalance is None if expected is None else expected in (imbalance or "")


@pytest.mark.parametrize(
    ("currency", "price", "total", "balanced"),
    [
        ("JPY", "1000", "1000", True),
        ("JPY", "1000", "1001", True),
        ("JPY", "1000", "1002", False),
        ("KWD", "10.125", "10.126", True),
        ("KWD", "10.125", "10.127", False),
        ("CLF", "1.2345", "1.2347", False),
    ],
)
def test_a_minor_unit_is_the_currencys_own(currency: str, price: str, total: str, balanced: bool) -> None:  # noqa: FBT001
    """Yen have no decimals and dinars three; nothing is divided, and the tolerance follows."""
    body = order(
        currency=currency,
        total_price=total,
        total_discounts="0",
        total_tax="0",
        total_shipping_price_set=None,
        line_items=[line(price=price, quantity=1, discount_allocations=[])],
    )
    placed, product = shopify("orders/create", body).events
    assert (placed.value, placed.currency, product.value) == (Decimal(total), currency, Decimal(price))
    assert (placed.imbalance is None) is balanced


def test_shipping_without_a_total_is_the_sum_of_the_lines_that_were_not_removed() -> None:
    """Since 2024-04 removed shipping lines stay in the body, flagged."""
    lines = [{"price": "3.00"}, {"price": "9.00", "is_removed": True}, {"price": "0.80", "is_removed": False}]
    placed, *_ = shopify("orders/create", order(total_shipping_price_set=None, shipping_lines=lines)).events
    assert (placed.shipping, placed.imbalance) == (Decimal("3.80"), None)


def test_the_old_line_discount_serves_where_there_are_no_allocations() -> None:
    """Allocations are the whole discount; total_discount is read only where a body has none of them."""
    old = line(total_discount="2.00")
    del old["discount_allocations"]
    new = line(id=LINE_B, total_discount="2.00", discount_allocations=[])
    placed, *_ = shopify("orders/create", order(line_items=[old, new])).events
    assert [item.discount for item in placed.line_items] == [Decimal("2.00"), Decimal(0)]


def test_properties_are_few_and_named() -> None:
    """UTM values come from the landing site's query; notes never travel."""
    body = order(note="call me", checkout_token="ct", cart_token=" ", note_attributes=[{"name": "a", "value": "b"}])
    placed, *_ = shopify("orders/create", body).events
    assert placed.properties == {
        "order_name": "#1001",
        "source_name": "web",
        "checkout_token": "ct",
        "utm_source": "klaviyo",
        "utm_medium": "email",
    }


def test_ids_beyond_floating_point_stay_exact_as_numbers_and_as_text() -> None:
    """Shopify's own test order is 820982911946154508, which no double can hold."""
    for given in (820982911946154508, "820982911946154508"):
        placed, *_ = shopify("orders/create", order(id=given)).events
        assert placed.order_id == "820982911946154508"
        assert placed.event_id == "shopify:shop-1:820982911946154508:placed_order"


def test_money_as_a_json_number_keeps_its_digits() -> None:
    """0.1 + 0.2 is 0.3 here: numbers are read from their text."""
    raw = (
        b'{"id":1,"name":"#1","created_at":"2026-11-01T10:00:00Z","updated_at":"2026-11-01T10:00:00Z","currency":"EUR"'
    )
    raw += b',"total_price":0.30,"line_items":[{"id":1,"quantity":1,"price":0.1},{"id":2,"quantity":1,"price":0.2}]}'
    placed, *_ = shopify("orders/create", raw).events
    assert (str(placed.value), placed.imbalance) == ("0.30", None)


def test_an_act_cannot_borrow_the_id_of_another() -> None:
    """A colon inside an id is escaped: order "1:ordered_product" is not a line of order "1"."""
    sneaky = shopify("orders/create", order(id="1:ordered_product")).events[0].event_id
    honest = shopify("orders/create", order(id="1", line_items=[line(id="placed_order")])).events[1].event_id
    assert sneaky == "shopify:shop-1:1%3Aordered_product:placed_order"
    assert sneaky != honest
