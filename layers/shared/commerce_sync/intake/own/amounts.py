"""The own system's lines and amounts."""

from collections.abc import Iterable
from decimal import Decimal

from commerce_sync.contracts import LineItem
from commerce_sync.intake.delivery import Facts
from commerce_sync.intake.fields import identifier_if_any, text
from commerce_sync.intake.money import ZERO, currency, money, money_or_zero, whole
from commerce_sync.intake.own.shapes import Data, Product
from commerce_sync.intake.rejections import refuse
from commerce_sync.intake.sums import goods_of, imbalance, read_each


def lines_of(data: Data) -> tuple[LineItem, ...]:
    """The lines; an order without any is refused."""
    if data.products is None:
        raise refuse("missing_field", "data.products", "a list of products")
    return read_each(data.products, _line, "data.products")


def _line(product: Product) -> LineItem:
    return LineItem(
        line_id=identifier_if_any(product.line_id, "line_id"),
        product_id=identifier_if_any(product.product_id, "product_id"),
        variant_id=identifier_if_any(product.variant_id, "variant_id"),
        sku=text(product.sku),
        title=text(product.name),
        quantity=product.quantity,
        unit_price=money(product.price, "price"),
        discount=abs(money_or_zero(product.discount, "discount")),
    )


def owed(amount: object, code: str, path: str) -> Decimal:
    """An amount that somebody pays or gets back, with its currency's own decimals."""
    return whole(money(amount, path), code, path)


def amounts_of(data: Data, lines: Iterable[LineItem]) -> Facts:
    """The value and what lies between it and the lines. Discounts are positive however the sender writes them."""
    code = currency(data.currency, "data.currency")
    value = owed(data.total, code, "data.total")
    discount = abs(money_or_zero(data.discount, "data.discount"))
    tax = money_or_zero(data.tax, "data.tax")
    shipping = money_or_zero(data.shipping, "data.shipping")
    charges = shipping - discount + (ZERO if data.taxes_included else tax)
    return {
        "value": value,
        "currency": code,
        "discount": discount,
        "tax": tax,
        "shipping": shipping,
        "imbalance": imbalance(value, goods_of(lines), charges, ZERO, code),
    }
