"""WooCommerce's money: prices that divide and prices that do not, fees, gift cards, every currency."""

from decimal import Decimal
from typing import Any

import pytest
from commerce_sync.contracts import CanonicalEvent
from commerce_sync.contracts.currencies import MINOR_UNITS
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.intake.store_bodies import woocommerce, woocommerce_line, woocommerce_order


def events(**changes: object) -> tuple[CanonicalEvent, ...]:
    """An order's events."""
    translation = woocommerce("order.updated", woocommerce_order(**changes))
    assert translation.rejections == ()
    return translation.events


def placed(**changes: object) -> CanonicalEvent:
    """An order as placed."""
    return events(**changes)[0]


def one_line(total: str, **changes: object) -> CanonicalEvent:
    """An order of one line without anything else."""
    line = woocommerce_line(subtotal=total, total=total, **changes)
    return placed(line_items=[line], total=total, discount_total="0", shipping_total="0", total_tax="0")


def test_the_price_of_a_piece_is_before_discounts_and_not_the_float_that_lies() -> None:
    """30.00 for three is 10.00 each, and 3.00 off the whole line."""
    order, mugs, spoon = events()

    assert [(one.quantity, str(one.unit_price), str(one.discount)) for one in order.line_items] == [
        (3, "10.00", "3.00"),
        (1, "5.00", "0.00"),
    ]
    assert (str(mugs.value), str(spoon.value)) == ("27.00", "5.00")
    assert (order.discount, order.tax, order.shipping) == (Decimal("3.00"), Decimal("7.20"), Decimal("4.00"))
    assert order.imbalance is None


def test_products_are_named_as_the_shop_names_them() -> None:
    """0 is no variation; names are HTML in WordPress; an empty SKU is none."""
    mug, spoon = placed().line_items

    assert (mug.product_id, mug.variant_id, mug.sku, mug.title) == ("93", None, "MUG", "Mug \u2013 blue")
    assert (spoon.variant_id, spoon.sku) == ("23", None)
    gone = placed(line_items=[woocommerce_line(product_id=0)]).line_items[0]
    assert gone.product_id is None


def test_a_price_that_cannot_be_divided_sums_up_all_the_same() -> None:
    """Ten for three."""
    order = one_line("10.00")
    (line,) = order.line_items

    assert (line.unit_price * line.quantity - line.discount).quantize(Decimal("0.01")) == Decimal("10.00")
    assert order.imbalance is None


def test_a_line_that_is_measured_counts_as_one_and_says_its_measure() -> None:
    """Plugins sell a pound and a half of coffee, which no whole number of pieces is."""
    order, coffee = events(line_items=[woocommerce_line(quantity=1.5)], shipping_total="0", total="34.20")
    (line,) = order.line_items

    assert (line.quantity, str(line.unit_price), str(line.discount)) == (1, "30.00", "3.00")
    assert coffee.properties == {"measured_quantity": "1.5"}
    assert order.imbalance is None


def test_a_line_of_no_pieces_costs_nothing() -> None:
    """Staff set a quantity to zero; nothing is divided by it."""
    assert one_line("0.00", quantity=0).line_items[0].unit_price == 0


def test_a_price_that_staff_raised_is_the_price() -> None:
    """A discount below zero would be no discount; ``discount_total`` is less by what was added."""
    lines = [woocommerce_line(), woocommerce_line(id=32, quantity=2, subtotal="5.00", total="6.00")]
    order = placed(line_items=lines, discount_total="2.00", total="44.20")

    assert [(str(one.unit_price), str(one.discount)) for one in order.line_items] == [
        ("10.00", "3.00"),
        ("3.00", "0.00"),
    ]
    assert (order.discount, order.imbalance) == (Decimal("3.00"), None)


def test_fees_and_gift_cards_belong_to_the_sum() -> None:
    """A fee below zero is a discount by another name; a gift card has lowered what is owed already."""
    order = placed(
        fee_lines=[{"total": "2.50"}, {"total": "-1.00"}, {"total": ""}],
        gift_cards=[{"id": 1, "code": "x", "amount": 20}],
        total="24.70",
    )

    assert (str(order.value), order.imbalance) == ("24.70", None)
    assert (order.properties["fees"], order.properties["gift_cards"]) == ("1.50", "20")
    assert "x" not in order.properties.values()


def test_a_sum_that_does_not_come_out_says_by_how_much() -> None:
    """And the order is told all the same, at the shop's total."""
    order = placed(total="50.00")

    assert str(order.value) == "50.00"
    assert order.imbalance == "the total differs by 6.80 GBP from lines, discounts, tax, shipping and fees"


@pytest.mark.parametrize("included", [True, False])
def test_lines_are_without_tax_however_prices_were_typed(included: object) -> None:
    """``prices_include_tax`` is about the shop's settings, not about the body's amounts."""
    assert placed(prices_include_tax=included).imbalance is None


@pytest.mark.parametrize(("code", "total"), [("JPY", "2000"), ("KWD", "12.345"), ("USD", "0.10")])
def test_amounts_are_in_the_main_unit_of_any_currency(code: str, total: str) -> None:
    """Nothing is divided by a hundred, and three decimals stay three."""
    line = woocommerce_line(quantity=1, subtotal=total, total=total)
    order = placed(currency=code, line_items=[line], total=total, discount_total="0", shipping_total="0", total_tax="0")

    assert (str(order.value), order.currency, order.imbalance) == (total, code, None)


@st.composite
def priced_orders(draw: st.DrawFn) -> tuple[dict[str, Any], Decimal]:
    """An order whose total is the sum of its parts, and one minor unit of its currency."""
    code = draw(st.sampled_from(sorted(MINOR_UNITS)))
    unit = MINOR_UNITS[code]
    amounts = st.integers(0, 10**7).map(lambda units: units * unit)
    lines = []
    for number in range(draw(st.integers(1, 5))):
        total, off = draw(amounts), draw(amounts)
        quantity = draw(st.integers(1, 10**4))
        lines.append(woocommerce_line(id=number, quantity=quantity, subtotal=f"{total + off:f}", total=f"{total:f}"))
    tax, shipping, fee, card = draw(amounts), draw(amounts), draw(amounts), draw(amounts)
    goods = sum((Decimal(item["total"]) for item in lines), Decimal(0))
    changes = {
        "currency": code,
        "line_items": lines,
        "discount_total": f"{sum((Decimal(item['subtotal']) for item in lines), Decimal(0)) - goods:f}",
        "total_tax": f"{tax:f}",
        "shipping_total": f"{shipping:f}",
        "fee_lines": [{"total": f"{fee:f}"}],
        "gift_cards": [{"amount": f"{card:f}"}],
        "total": f"{goods + tax + shipping + fee - card:f}",
    }
    return woocommerce_order(**changes), unit


@settings(deadline=None)
@given(priced_orders(), st.integers(-3, 3))
def test_money_sums_exactly_in_every_currency(priced: tuple[dict[str, Any], Decimal], off: int) -> None:
    """An order balances within one minor unit and not beyond it, whatever its lines divide into."""
    body, unit = priced
    body["total"] = f"{Decimal(body['total']) + off * unit:f}"
    order, *products = woocommerce("order.created", body).events

    assert (order.imbalance is None) is (abs(off) <= 1)
    assert order.value == Decimal(body["total"])
    for product, line in zip(products, body["line_items"], strict=True):
        (item,) = product.line_items
        assert product.value == Decimal(line["total"])
        assert (item.unit_price * item.quantity - item.discount).quantize(unit) == product.value
        assert item.discount == Decimal(line["subtotal"]) - Decimal(line["total"])
