"""A refund is money really returned."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from commerce_sync.contracts import Refund

from tests.unit.intake.bodies import ORDER_ID, assert_holds_contract, named, only, order, refund, refused, shopify


def move(**changes: object) -> dict[str, object]:
    """One successful refund transaction."""
    return {"kind": "refund", "status": "success", "amount": "5.00", "currency": "EUR", **changes}


def money_set(shop: str, presentment: str) -> dict[str, object]:
    """An amount in both currencies."""
    return {
        "shop_money": {"amount": "1.00", "currency_code": shop},
        "presentment_money": {"amount": "1.00", "currency_code": presentment},
    }


def test_a_refund_is_the_sum_of_its_successful_refund_transactions() -> None:
    """Pending and failed ones, and transactions that are no refunds, returned nothing."""
    moves = [
        move(amount="5.00"),
        move(amount=2.5),
        move(amount="9.00", status="pending"),
        move(amount="9.00", status="failure"),
        move(amount="9.00", kind="void"),
    ]
    event = only(shopify("refunds/create", refund(transactions=moves)))
    assert (event.name, event.event_id) == ("refunded_order", f"shopify:shop-1:{ORDER_ID}:refunded_order:501")
    assert (event.value, event.currency, event.order_id) == (Decimal("7.50"), "EUR", str(ORDER_ID))
    assert event.refund == Refund(refund_id="501", amount=Decimal("7.50"), reason="broken")
    assert event.occurred_at == datetime(2026, 11, 3, 10, tzinfo=UTC)
    assert event.person is None
    assert_holds_contract(event)


def test_a_refund_has_one_id_from_its_own_topic_and_from_its_orders_body() -> None:
    """Whichever arrives first, the other is a repeat; the order's body only adds who it was."""
    alone = only(shopify("refunds/create", refund()))
    (embedded,) = named(shopify("orders/updated", order(refunds=[refund()])), "refunded_order")
    assert embedded.person is not None
    assert embedded.model_copy(update={"person": None}) == alone


@pytest.mark.parametrize("moves", [[], None, [move(status="pending")], [move(amount="0.00")], [move(kind="sale")]])
def test_a_refund_that_returned_no_money_is_refused_and_settled(moves: object) -> None:
    """Items can be taken back without a payment; the order's body says when money moves."""
    rejection = refused(shopify("refunds/create", refund(transactions=moves)))
    assert (rejection.code, rejection.waits) == ("refund_not_paid", False)


@pytest.mark.parametrize(
    ("currency", "sets", "expected"),
    [
        ("EUR", None, "EUR"),
        (None, None, "EUR"),
        (None, ("CAD", "CAD"), "CAD"),
        ("CAD", ("CAD", "USD"), "CAD"),
        ("USD", ("CAD", "USD"), None),
        (None, ("CAD", "USD"), None),
        ("USD", None, None),
    ],
)
def test_only_shop_money_is_counted(currency: str | None, sets: tuple[str, str] | None, expected: str | None) -> None:
    """The body's shop currency rules, then the store's; money in the buyer's currency is never converted."""
    body = refund(
        transactions=[move(currency=currency)],
        refund_line_items=[{"subtotal_set": money_set(*sets)}] if sets else [],
    )
    translation = shopify("refunds/create", body)
    if expected is None:
        assert refused(translation).code == "refund_currency_differs"
        assert refused(translation).path == "transactions[0].currency"
    else:
        assert (only(translation).currency, only(translation).value) == (expected, Decimal("5.00"))


def test_an_embedded_refund_is_in_its_orders_currency() -> None:
    """An amount without a currency is shop money unless the buyer saw another one."""
    embedded = refund(transactions=[move(currency=None)])
    same = shopify("orders/updated", order(currency="CAD", presentment_currency="CAD", refunds=[embedded]))
    other = shopify("orders/updated", order(currency="CAD", presentment_currency="USD", refunds=[embedded]))
    assert [event.currency for event in named(same, "refunded_order")] == ["CAD"]
    assert [(r.code, r.path) for r in other.rejections] == [
        ("refund_currency_differs", "refunds[0].transactions[0].currency")
    ]


def test_a_refund_of_a_test_payment_is_not_money() -> None:
    """Orders of the bogus gateway are refunded with test transactions."""
    assert refused(shopify("refunds/create", refund(transactions=[move(test=True)]))).code == "test_order"


def test_a_refund_belongs_to_an_order() -> None:
    """On its own it must say to which."""
    rejection = refused(shopify("refunds/create", refund(order_id=None)))
    assert (rejection.code, rejection.path) == ("missing_field", "order_id")


def test_a_refund_in_a_currency_that_is_none_is_refused() -> None:
    """XXX stands for no currency."""
    body = refund(total_duties_set=money_set("XXX", "XXX"), transactions=[move(currency=None)])
    rejection = refused(shopify("refunds/create", body))
    assert (rejection.code, rejection.path) == ("unknown_currency", "total_duties_set.shop_money.currency_code")
