"""What lies between a sale's lines and its total, and whether it all sums up."""

from decimal import Decimal
from typing import NamedTuple

from commerce_sync.contracts import LineItem
from commerce_sync.contracts.currencies import MINOR_UNITS
from commerce_sync.intake.delivery import Facts
from commerce_sync.intake.money import ZERO, currency, money
from commerce_sync.intake.people import place_in
from commerce_sync.intake.sums import goods_of, imbalance, read_each
from commerce_sync.intake.woocommerce.lines import Row, unrounded
from commerce_sync.intake.woocommerce.shapes import Sale, list_in


class Extras(NamedTuple):
    """Fees (negative ones are discounts by another name), and what gift cards paid."""

    fees: Decimal
    gift_cards: Decimal


def amounts_of(sale: Sale, rows: tuple[Row, ...], extras: Extras) -> Facts:
    """Value, currency, discount, tax and shipping.

    ``total`` is what is still owed after gift cards. Lines, fees and shipping are without tax also in shops whose
    prices include it, so tax is always added. There many lines, each shown to the cent, are off by some cents in all.
    """
    code = currency(sale.currency if isinstance(sale.currency, str) else None, "currency")
    value = money(sale.total, "total")
    discount = _discount(sale, rows)
    tax, shipping = amount_or_zero(sale.total_tax, "total_tax"), amount_or_zero(sale.shipping_total, "shipping_total")
    charges = tax + shipping + extras.fees - extras.gift_cards - discount
    lines, gap = _lines(rows, value, charges, code)
    return {
        "value": value,
        "currency": code,
        "discount": discount,
        "tax": tax,
        "shipping": shipping,
        "line_items": lines,
        "imbalance": gap,
    }


def _lines(
    rows: tuple[Row, ...], value: Decimal, charges: Decimal, code: str
) -> tuple[tuple[LineItem, ...], str | None]:
    """The lines as the shop shows them, unless only what they were before rounding sums up; and why nothing does."""
    gap = imbalance(value, sum((row.subtotal for row in rows), ZERO), charges, ZERO, code)
    exact = unrounded(rows, MINOR_UNITS[code]) if gap else None
    if exact is None or imbalance(value, goods_of(exact), charges, ZERO, code):
        return tuple(row.line for row in rows), gap
    return exact, None


def extras_of(sale: Sale) -> Extras:
    """The sums of the lists beside the lines. The Gift Cards extension writes numbers, the shop itself text."""
    return Extras(
        _sum(sale.fee_lines, "total", "fee_lines"),
        _sum(sale.gift_cards, "amount", "gift_cards"),
    )


def amount_or_zero(value: object, path: str) -> Decimal:
    """An amount, where none and empty text mean that nothing was charged."""
    return ZERO if value is None or value == "" else money(value, path)


def _discount(sale: Sale, rows: tuple[Row, ...]) -> Decimal:
    """``discount_total``; that of the lines where staff raised a price, which ``discount_total`` is less by then."""
    if any(row.is_raised for row in rows):
        return sum((row.line.discount for row in rows), ZERO)
    return amount_or_zero(sale.discount_total, "discount_total")


def _sum(listed: object, name: str, path: str) -> Decimal:
    def one(item: object) -> Decimal:
        return amount_or_zero(place_in(item).get(name), name)

    return sum(read_each(list_in(listed), one, path), ZERO)
