"""Refunds of a shop that sells in other currencies than its own: counted in shop money, and never converted."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.intake.bodies import Body, named, only, order, refund, refused, shopify

SHOP, BUYER = "EUR", "USD"


def both(shop: str, buyer: str) -> Body:
    """An amount as Shopify shows it: in shop money, and as the buyer saw it."""
    return {
        "shop_money": {"amount": shop, "currency_code": SHOP},
        "presentment_money": {"amount": buyer, "currency_code": BUYER},
    }


def moved(*amounts: str, currency: str | None = BUYER) -> list[Body]:
    """Successful refund transactions, in the currency that was paid in."""
    return [{"kind": "refund", "status": "success", "amount": amount, "currency": currency} for amount in amounts]


TAKEN_BACK = [
    {"subtotal_set": both("10.00", "11.13"), "total_tax_set": both("1.90", "2.11")},
    {"subtotal_set": both("5.00", "5.57"), "total_tax_set": both("0.95", "1.06")},
]
OLD_SHIPPING = {
    "order_adjustments": [
        {"kind": "shipping_refund", "amount_set": both("-3.80", "-4.23"), "tax_amount_set": both("0.00", "0.00")}
    ]
}
NEW_SHIPPING = {"refund_shipping_lines": [{"id": 1, "subtotal_amount_set": both("3.80", "4.23")}]}


@pytest.mark.parametrize(
    ("paid", "more", "expected"),
    [
        (["19.87"], {}, "17.85"),  # 11.13 + 2.11 + 5.57 + 1.06, tax on top
        (["16.70"], {}, "15.00"),  # 11.13 + 5.57, tax in the prices
        (["10.00", "9.87"], {}, "17.85"),  # two cards
        (["24.10"], OLD_SHIPPING, "21.65"),
        (["24.10"], NEW_SHIPPING, "21.65"),
        (["21.98"], {"total_duties_set": both("1.90", "2.11")}, "19.75"),
        (["21.98"], {"total_additional_fees_set": both("1.90", "2.11")}, "19.75"),
        (
            ["14.87"],
            {"order_adjustments": [{"kind": "refund_discrepancy", "amount_set": both("4.49", "5.00")}]},
            "13.36",
        ),
    ],
    ids=["tax on top", "tax inside", "two cards", "shipping before 2024-10", "shipping", "duties", "fees", "less"],
)
def test_what_was_taken_back_says_in_shop_money_what_was_paid_back_in_the_buyers(
    paid: list[str], more: Body, expected: str
) -> None:
    """Its parts come to the payment exactly, and Shopify tells each in both currencies."""
    body = refund(transactions=moved(*paid), refund_line_items=TAKEN_BACK, **more)
    event = only(shopify("refunds/create", body))
    assert (event.value, event.currency) == (Decimal(expected), SHOP)
    assert event.refund is not None
    assert event.refund.amount == Decimal(expected)


def test_the_orders_body_tells_the_same_refund() -> None:
    """One id and one amount, whichever comes first."""
    body = refund(transactions=moved("19.87"), refund_line_items=TAKEN_BACK)
    alone = only(shopify("refunds/create", body))
    (embedded,) = named(shopify("orders/updated", order(presentment_currency=BUYER, refunds=[body])), "refunded_order")
    assert embedded.model_copy(update={"person": None}) == alone


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"transactions": moved("19.86")}, "transactions[0].currency"),
        ({"transactions": moved("19.87", currency="GBP")}, "transactions[0].currency"),
        ({"transactions": moved("19.87", currency=None)}, "transactions[0].currency"),
        ({"transactions": [*moved("1.00", currency=SHOP), *moved("18.87")]}, "transactions[1].currency"),
        ({"order_adjustments": [{"amount_set": both("-1.00", "-1.11")}]}, "transactions[0].currency"),
        ({"order_adjustments": {"odd": 1}}, "transactions[0].currency"),
        ({"refund_line_items": [{"subtotal_set": both("x", "19.87")}]}, "transactions[0].currency"),
        ({"refund_line_items": [{"subtotal_set": both("0.00", "19.87")}]}, "transactions[0].currency"),
        ({"total_duties_set": {"shop_money": {"amount": "0.00", "currency_code": SHOP}}}, "transactions[0].currency"),
    ],
    ids=[
        "a cent less",
        "a third currency",
        "no currency",
        "two",
        "more parts",
        "odd",
        "no money",
        "nothing",
        "one side",
    ],
)
def test_what_does_not_come_to_the_payment_says_nothing_of_it(changes: Body, path: str) -> None:
    """It waits for a person: neither a rate nor a share is made up."""
    body = refund(**{"transactions": moved("19.87"), "refund_line_items": TAKEN_BACK, **changes})
    rejection = refused(shopify("refunds/create", body))
    assert (rejection.code, rejection.path, rejection.waits) == ("refund_currency_differs", path, True)


def test_what_is_odd_beside_a_refund_in_shop_money_costs_nothing() -> None:
    """It is not looked at."""
    body = refund(order_adjustments={"odd": 1}, refund_shipping_lines=[None])
    assert only(shopify("refunds/create", body)).value == Decimal("5.00")


def test_how_a_body_lays_out_what_is_beside_a_refund_makes_no_other_order_of_it() -> None:
    """A webhook's body and a polled one of one moment are one state."""
    (said,) = OLD_SHIPPING["order_adjustments"]
    other = {**dict(reversed(said.items())), "reason": None}
    digests = set()
    for adjustments in ([said], [other], None):
        body = order(refunds=[refund(order_adjustments=adjustments)])
        placed = named(shopify("orders/updated", body), "placed_order")[0]
        digests.add(placed.order.digest if placed.order else None)
    assert len(digests) == 1


CENTS = st.integers(1, 10**6).map(lambda cents: Decimal(cents) / 100)
PAIRS = st.lists(st.tuples(CENTS, CENTS), min_size=1, max_size=5)


@given(PAIRS, st.integers(-3, 3))
def test_a_payment_is_turned_by_what_was_taken_back_or_not_at_all(
    pairs: list[tuple[Decimal, Decimal]], off: int
) -> None:
    """To the cent."""
    lines = [{"subtotal_set": both(f"{shop}", f"{buyer}")} for shop, buyer in pairs]
    paid = sum((buyer for _, buyer in pairs), Decimal(0)) + Decimal(off) / 100
    if paid <= 0:
        return
    translation = shopify("refunds/create", refund(transactions=moved(f"{paid}"), refund_line_items=lines))
    if off:
        assert refused(translation).code == "refund_currency_differs"
    else:
        assert only(translation).value == sum(shop for shop, _ in pairs)
