"""What lies between a sale's lines and its total, and whether it all sums up."""

from decimal import Decimal
from typing import NamedTuple

from commerce_sync.intake.delivery import Facts
from commerce_sync.intake.money import ZERO, currency, money
from commerce_sync.intake.people import place_in
from commerce_sync.intake.sums import imbalance, read_each
from commerce_sync.intake.woocommerce.lines import Row
from commerce_sync.intake.woocommerce.shapes import Sale, list_in


class Extras(NamedTuple):
    """Fees (negative ones are discounts by another name), and what gift cards paid."""

    fees: Decimal
    gift_cards: Decimal


def amounts_of(sale: Sale, rows: tuple[Row, ...], extras: Extras) -> Facts:
    """Value, currency, discount, tax and shipping.

    ``total`` is what is still owed after gift cards. Lines, fees and shipping are without tax also in shops whose
    prices include it, so tax is always added; such shops round line by line, and may be off by more than a minor unit.
    """
    code = currency(sale.currency if isinstance(sale.currency, str) else None, "currency")
    value = money(sale.total, "total")
    discount = _discount(sale, rows)
    tax, shipping = amount_or_zero(sale.total_tax, "total_tax"), amount_or_zero(sale.shipping_total, "shipping_total")
    goods = sum((row.subtotal for row in rows), ZERO)
    charges = tax + shipping + extras.fees - extras.gift_cards - discount
    return {
        "value": value,
        "currency": code,
        "discount": discount,
        "tax": tax,
        "shipping": shipping,
        "line_items": tuple(row.line for row in rows),
        "imbalance": imbalance(value, goods, charges, ZERO, code),
    }


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
