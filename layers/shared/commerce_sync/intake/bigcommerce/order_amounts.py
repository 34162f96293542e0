"""What an order costs: its lines, and what lies between them and its total.

The total is ``total_inc_tax``. Gift certificates and store credit are how it was paid and take nothing off it.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from commerce_sync.contracts import LineItem
from commerce_sync.intake.assembly import line_of
from commerce_sync.intake.bigcommerce.order_body import OrderBody, Product
from commerce_sync.intake.bigcommerce.people import id_but_zero
from commerce_sync.intake.delivery import Facts
from commerce_sync.intake.fields import identifier, text
from commerce_sync.intake.money import ZERO, in_units, money, money_or_zero, whole
from commerce_sync.intake.rejections import RejectedError
from commerce_sync.intake.sums import goods_of, imbalance, read_each

_COSTS: Final = ("shipping_cost", "handling_cost", "wrapping_cost")
Tax = Literal["inc", "ex"]


class _Reading(NamedTuple):
    """An order's lines and shipping, with tax in every price or in none."""

    lines: tuple[LineItem, ...]
    shipping: Decimal
    imbalance: str | None


def amounts_of(order: OrderBody, products: Sequence[Product], code: str) -> Facts:
    """The value, the lines and the charges of an order.

    A body tells each price with tax and without. In a shop whose prices hold their tax, discounts are taken off the
    former; in one that adds it, off the latter, and the tax is of what remains. The body does not say which shop it is:
    prices are those with tax, unless only those without it sum up.
    """
    value = whole(money(order.total_inc_tax, "order.total_inc_tax"), code, "order.total_inc_tax")
    tax = whole(money_or_zero(order.total_tax, "order.total_tax"), code, "order.total_tax")
    discount = _cost(order, "discount_amount", code) + _cost(order, "coupon_discount", code)
    reading = _reading(order, products, code, "inc", value + discount)
    if reading.imbalance:
        try:
            without_tax = _reading(order, products, code, "ex", value + discount - tax)
        except RejectedError:  # older answers hold prices with tax alone
            without_tax = reading
        reading = reading if without_tax.imbalance else without_tax
    return {
        "value": value,
        "discount": discount,
        "tax": tax,
        "shipping": reading.shipping,
        "line_items": reading.lines,
        "imbalance": reading.imbalance,
    }


def _reading(order: OrderBody, products: Sequence[Product], code: str, tax: Tax, before: Decimal) -> _Reading:
    """:param before: what lines and shipping have to sum to."""
    lines = read_each(products, lambda product: _line(product, code, tax), "products")
    shipping = sum((_cost(order, f"{cost}_{tax}_tax", code) for cost in _COSTS), ZERO)
    return _Reading(lines, shipping, imbalance(before, goods_of(lines), shipping, ZERO, code))


def _cost(order: OrderBody, name: str, code: str) -> Decimal:
    path = f"order.{name}"
    return whole(abs(money_or_zero(getattr(order, name), path)), code, path)


def _line(product: Product, code: str, tax: Tax) -> LineItem:
    """One line at its price before discounts. A price of a single piece may have parts of a cent, and keeps them."""
    price = f"price_{tax}_tax"
    discounts = read_each(
        product.applied_discounts or (), lambda part: abs(money(part.amount, "amount")), "applied_discounts"
    )
    return line_of(
        {
            "line_id": identifier(product.id, "id"),
            "product_id": id_but_zero(product.product_id, "product_id"),
            "variant_id": id_but_zero(product.variant_id, "variant_id"),
            "sku": text(product.sku),
            "title": text(product.name),
            "quantity": product.quantity,
            "unit_price": in_units(money(getattr(product, price), price), code),
            "discount": in_units(sum(discounts, ZERO), code),
        }
    )
