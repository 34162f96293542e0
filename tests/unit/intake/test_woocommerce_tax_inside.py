"""Shops whose prices hold their tax: without it a line is no whole number of cents, and the sum comes out."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.intake.store_bodies import woocommerce, woocommerce_line, woocommerce_order

CENT = Decimal("0.01")
KEPT = Decimal("0.000001")


def shown(amount: Decimal, unit: Decimal = CENT) -> str:
    """As the API writes it."""
    return f"{amount.quantize(unit, ROUND_HALF_UP):f}"


def sold(lines: list[tuple[Decimal, int]], rate: Decimal, **changes: object) -> dict[str, Any]:
    """An order as the shop works it out from prices with tax: it keeps six digits, and shows two."""
    rows, taxes = [], Decimal(0)
    for number, (gross, quantity) in enumerate(lines):
        net = (gross * quantity / (1 + rate)).quantize(KEPT)
        taxes += gross * quantity - net
        rows.append(
            woocommerce_line(
                id=number, quantity=quantity, subtotal=shown(net), total=shown(net), price=float(net / quantity)
            )
        )
    nothing = {"discount_total": "0.00", "shipping_total": "0.00", "coupon_lines": []}
    total = sum((gross * quantity for gross, quantity in lines), Decimal(0))
    said = {"line_items": rows, "total": shown(total), "total_tax": shown(taxes), "prices_include_tax": True}
    return woocommerce_order(**nothing, **said, **changes)


def sums(event: Any) -> Decimal:
    """Lines after discounts, tax and shipping."""
    lines = sum((one.unit_price * one.quantity - one.discount for one in event.line_items), Decimal(0))
    return Decimal(lines + event.tax + event.shipping)


def test_forty_lines_of_a_price_with_tax_come_to_their_total() -> None:
    """Each costs 8.361345 and is shown at 8.36: shown, forty are five cents less than was paid."""
    placed, *products = woocommerce("order.created", sold([(Decimal("9.95"), 1)] * 40, Decimal("0.19"))).events

    assert (placed.value, placed.tax, placed.imbalance) == (Decimal("398.00"), Decimal("63.55"), None)
    assert {one.unit_price for one in placed.line_items} == {Decimal("8.361345")}
    assert [one.line_items[0] for one in products] == list(placed.line_items)
    assert {one.value for one in products} == {Decimal("8.36")}, "the line's own total is told as the shop wrote it"


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 10**5).map(lambda cents: cents * CENT), st.integers(1, 9)), min_size=1, max_size=80
    ),
    st.sampled_from([Decimal(rate) for rate in ("0.05", "0.07", "0.10", "0.19", "0.20", "0.25", "0.081")]),
)
def test_every_order_of_such_a_shop_comes_to_its_total(lines: list[tuple[Decimal, int]], rate: Decimal) -> None:
    """To the minor unit, however many lines there are."""
    placed = woocommerce("order.created", sold(lines, rate)).events[0]
    assert placed.imbalance is None
    assert abs(sums(placed) - (placed.value or 0)) <= CENT


@pytest.mark.parametrize("price", [None, "", "x", 8.37, 8.35, [], 0, 10**14])
def test_a_price_that_is_not_its_lines_explains_nothing(price: object) -> None:
    """The gap is told as it is, and the lines as they are shown."""
    body = sold([(Decimal("9.95"), 1)] * 40, Decimal("0.19"))
    body["line_items"][7]["price"] = price
    placed = woocommerce("order.created", body).events[0]

    assert placed.imbalance == "the total differs by 0.05 GBP from lines, discounts, tax, shipping and fees"
    assert {one.unit_price for one in placed.line_items} == {Decimal("8.36")}


def test_an_order_that_is_really_off_stays_so() -> None:
    """Prices before rounding explain cents, and no more."""
    body = sold([(Decimal("9.95"), 1)] * 40, Decimal("0.19")) | {"total": "399.00"}
    placed = woocommerce("order.created", body).events[0]
    assert placed.imbalance == "the total differs by 1.05 GBP from lines, discounts, tax, shipping and fees"


def test_lines_by_weight_and_with_a_discount_keep_their_discount() -> None:
    """1.5 kg at 9.95 with tax, thirty times, a pound off each."""
    body = sold([(Decimal("9.95"), 1)] * 30, Decimal("0.19"))
    for row in body["line_items"]:
        row |= {"quantity": 1.5, "price": 8.361345 / 1.5, "subtotal": "9.36"}
    body["discount_total"] = "30.00"
    placed = woocommerce("order.created", body).events[0]

    assert (placed.imbalance, placed.discount) == (None, Decimal("30.00"))
    assert {(one.quantity, one.discount, one.unit_price) for one in placed.line_items} == {
        (1, Decimal("1.00"), Decimal("9.361345"))
    }


def test_a_price_beyond_all_prices_costs_no_order() -> None:
    """A translation never raises."""
    body = woocommerce_order(total="1.00")
    for row in body["line_items"]:
        row |= {"quantity": 10**9, "price": 10**14, "total": "999999999999999", "subtotal": "999999999999999"}
    placed = woocommerce("order.created", body).events[0]
    assert placed.imbalance is not None
