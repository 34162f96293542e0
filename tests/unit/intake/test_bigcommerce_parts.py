"""BigCommerce's refunds and parcels: money that was returned, and what left."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from commerce_sync.contracts import CanonicalEvent
from commerce_sync.intake import Translation

from tests.unit.intake.bigcommerce_bodies import UPDATED, bigcommerce_order, ordered, parts, refund, shipment
from tests.unit.intake.bodies import assert_holds_contracts, named
from tests.unit.intake.store_bodies import bigcommerce

ID = "bigcommerce:outlet:250"


def with_refunds(*refunds: object, scope: str = UPDATED, **changes: object) -> Translation:
    """An order with refunds."""
    return ordered(scope, {"refunds": list(refunds)}, is_email_opt_in=False, **changes)


def with_shipments(*shipments: object, **changes: object) -> list[CanonicalEvent]:
    """The fulfilled_order events of an order with parcels."""
    translation = ordered(UPDATED, {"shipments": list(shipments)}, **changes)
    assert_holds_contracts(translation)
    return named(translation, "fulfilled_order")


def about(scope: str, data: Mapping[str, object], **lists: object) -> Translation:
    """A webhook about a part of order 250."""
    return bigcommerce(scope, parts(bigcommerce_order(is_email_opt_in=False), **lists), data=data)


def why(translation: Translation) -> list[tuple[str, str]]:
    """The rejections."""
    return [(rejection.code, rejection.path) for rejection in translation.rejections]


def test_a_refund_is_the_money_that_was_not_declined_at_its_own_time() -> None:
    """20.00 and 0.50, months after the order; ``total_amount`` of 30.50 was only asked for."""
    translation = with_refunds(refund())
    (event,) = named(translation, "refunded_order")

    assert_holds_contracts(translation)
    assert (event.event_id, event.order_id) == (f"{ID}:refunded_order:501", "250")
    assert (event.value, event.currency) == (Decimal("20.50"), "USD")
    assert event.occurred_at == datetime(2027, 2, 3, 10, tzinfo=UTC)
    assert event.refund is not None
    assert (event.refund.refund_id, event.refund.amount, event.refund.reason) == ("501", Decimal("20.50"), "broken")
    assert event.person is not None


def test_amounts_of_refunds_are_numbers_with_all_their_digits() -> None:
    """As the API writes them."""
    payments = [{"amount": Decimal("0.1"), "is_declined": False}, {"amount": Decimal("0.2"), "is_declined": False}]
    (event,) = named(with_refunds(refund(payments=payments)), "refunded_order")

    assert event.value == Decimal("0.30")


def test_each_refund_is_an_event_and_one_that_is_refused_takes_no_other_with_it() -> None:
    """Its place is told."""
    translation = with_refunds(refund(), refund(id=502, payments=[]), refund(id=503, created=None), refund(id=504))

    assert [event.event_id for event in named(translation, "refunded_order")] == [
        f"{ID}:refunded_order:501",
        f"{ID}:refunded_order:504",
    ]
    assert why(translation) == [("refund_not_paid", "refunds[1].payments"), ("missing_field", "refunds[2].created")]


@pytest.mark.parametrize(
    ("payments", "code", "path"),
    [
        ([{"amount": "5.00", "is_declined": True}], "refund_not_paid", "refunds[0].payments"),
        (None, "refund_not_paid", "refunds[0].payments"),
        ([{"amount": "0", "is_declined": False}], "refund_not_paid", "refunds[0].payments"),
        ([{"amount": "5.00"}], "missing_field", "refunds[0].payments[0].is_declined"),
        ([{"amount": "5.005", "is_declined": False}], "bad_money", "refunds[0].payments[0].amount"),
        ([{"amount": 5.0, "is_declined": False}], "wrong_type", "refunds[0].payments[0].amount"),
        ([{"is_declined": False}], "missing_field", "refunds[0].payments[0].amount"),
    ],
)
def test_money_that_did_not_come_back_or_may_not_have_is_no_refund(payments: object, code: str, path: str) -> None:
    """Nothing is guessed, and nothing that went through floating point is money."""
    translation = with_refunds(refund(payments=payments))

    assert named(translation, "refunded_order") == []
    assert why(translation) == [(code, path)]


@pytest.mark.parametrize("status", [4, 14, 5, 10])
def test_a_status_tells_of_no_refund_by_itself(status: int) -> None:
    """The refund is the truth: both are told of one act."""
    once = with_refunds(refund(), status_id=status)

    assert len(named(once, "refunded_order")) == 1
    assert named(with_refunds(status_id=status), "refunded_order") == []


def test_a_refunds_webhook_tells_the_same_event_as_its_order() -> None:
    """And the order beside it."""
    data = {"type": "order", "id": 250, "refund": {"refund_id": 501}}
    told = about("store/order/refund/created", data, refunds=[refund()])

    assert (told.events, told.rejections) == (with_refunds(refund()).events, ())


@pytest.mark.parametrize("said", [{"refund_id": 502}, {}, None, 501])
def test_a_refund_that_the_order_does_not_have_is_said(said: object) -> None:
    """The order's others are told."""
    data = {"type": "order", "id": 250, "refund": said}
    translation = about("store/order/refund/created", data, refunds=[refund()])

    assert why(translation) == [("record_unknown", "data.refund.refund_id")]
    assert len(named(translation, "refunded_order")) == 1


def test_a_parcel_is_an_event_with_what_lies_in_it() -> None:
    """One of two lamps, with its half of their discount."""
    (event,) = with_shipments(shipment())

    assert (event.event_id, event.occurred_at) == (f"{ID}:fulfilled_order:601", datetime(2026, 11, 2, 8, tzinfo=UTC))
    assert event.properties == {"tracking_number": "1Z999"}
    (line,) = event.line_items
    assert (line.line_id, line.quantity, line.unit_price, line.discount) == (
        "31",
        1,
        Decimal("170.00"),
        Decimal("7.50"),
    )


def test_a_shipped_order_with_parcels_is_fulfilled_by_them_alone() -> None:
    """Not a second time as a whole."""
    rest = shipment(id=602, items=[{"order_product_id": 31, "quantity": 1}, {"order_product_id": 32, "quantity": 1}])
    events = with_shipments(shipment(), rest, status_id=2)

    assert [event.event_id for event in events] == [f"{ID}:fulfilled_order:601", f"{ID}:fulfilled_order:602"]
    assert [line.line_id for line in events[1].line_items] == ["31", "32"]


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"status_id": 10}, datetime(2026, 11, 1, 9, 45, 10, tzinfo=UTC)),
        (
            {"status_id": 2, "date_shipped": "Tue, 03 Nov 2026 10:00:00 +0100"},
            datetime(2026, 11, 3, 9, tzinfo=UTC),
        ),
    ],
)
def test_an_order_without_parcels_is_fulfilled_as_a_whole(changes: Mapping[str, object], at: datetime) -> None:
    """Files, or a status that staff set: when it was shipped, or else changed."""
    (event,) = with_shipments(**changes)

    assert (event.event_id, event.occurred_at) == (f"{ID}:fulfilled_order", at)
    assert [line.line_id for line in event.line_items] == ["31", "32"]


@pytest.mark.parametrize("status", [1, 3, 8, 9, 11, 13])
def test_no_other_status_fulfils_an_order(status: int) -> None:
    """A partially shipped one is fulfilled by its parcels."""
    assert with_shipments(status_id=status) == []


def test_no_status_says_that_an_order_arrived() -> None:
    """Completed is no proof."""
    assert named(ordered(status_id=10), "delivered_order") == []


def test_what_is_no_longer_the_orders_has_no_price() -> None:
    """It is left out of the parcel."""
    (event,) = with_shipments(shipment(items=[{"order_product_id": 99, "quantity": 1}]))

    assert event.line_items == ()


def test_a_parcel_that_cannot_be_read_takes_nothing_with_it() -> None:
    """The order is not fulfilled as a whole in its place."""
    translation = ordered(UPDATED, {"shipments": [shipment(date_created="soon")]}, status_id=2)

    assert named(translation, "placed_order")
    assert named(translation, "fulfilled_order") == []
    assert why(translation) == [("bad_time", "shipments[0].date_created")]


@pytest.mark.parametrize("scope", ["store/shipment/created", "store/shipment/updated"])
def test_a_shipments_webhook_tells_the_same_event_as_its_order(scope: str) -> None:
    """The order is named beside the parcel's own id."""
    data = {"type": "shipment", "id": 601, "orderId": 250}

    assert named(about(scope, data, shipments=[shipment()]), "fulfilled_order") == with_shipments(shipment())


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"type": "shipment", "id": 601}, ("missing_field", "data.orderId")),
        ({"type": "shipment", "id": 602, "orderId": 250}, ("record_unknown", "data.id")),
        ({"type": "shipment", "id": "", "orderId": 250}, ("record_unknown", "data.id")),
    ],
)
def test_a_parcel_that_cannot_be_found_is_said(data: Mapping[str, object], expected: tuple[str, str]) -> None:
    """Without its order it has no name; with it, it may be gone."""
    assert why(about("store/shipment/created", data, shipments=[shipment()])) == [expected]
