"""The lines and amounts that more than one of Shopify's bodies carries."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from commerce_sync.contracts import LineItem
from commerce_sync.intake.assembly import line_of
from commerce_sync.intake.fields import identifier, identifier_if_any
from commerce_sync.intake.money import ZERO, money, money_or_zero
from commerce_sync.intake.rejections import RejectedError
from commerce_sync.intake.shopify.shapes import Allocation, MoneySet, OrderLine, ShippingLine
from commerce_sync.intake.sums import read_each


def order_lines(lines: Sequence[OrderLine]) -> tuple[LineItem, ...]:
    """An order's lines with the price before discounts and the whole line's discount."""
    return read_each(lines, _order_line, "line_items")


def _order_line(line: OrderLine) -> LineItem:
    sku, title, parts = line.sku, line.title, line.discount_allocations
    return line_of(
        {
            "line_id": identifier(line.id, "id"),
            "product_id": None if line.product_id is None else identifier_if_any(line.product_id, "product_id"),
            "variant_id": None if line.variant_id is None else identifier_if_any(line.variant_id, "variant_id"),
            "sku": (sku.strip() or None) if sku else None,  # as fields.text does, without ten calls an order
            "title": (title.strip() or None) if title else None,
            "quantity": line.quantity,
            "unit_price": money(line.price, "price"),
            "discount": _line_discount(line) if parts or parts is None else ZERO,
        }
    )


def _line_discount(line: OrderLine) -> Decimal:
    """The sum of a line's allocations: ``total_discount`` misses order-level discounts, and serves old bodies only."""
    if line.discount_allocations is None:
        return money_or_zero(line.total_discount, "total_discount")
    return allocated(line.discount_allocations, "discount_allocations")


def allocated(allocations: Iterable[Allocation], name: str) -> Decimal:
    """The sum of the discounts that fall on one line."""
    return sum(read_each(allocations, lambda part: money(part.amount, "amount"), name), ZERO)


def shipping_price(lines: Iterable[ShippingLine] | None) -> Decimal:
    """The price of shipping by its lines, without removed ones."""
    return sum(read_each(lines or (), _shipping_line, "shipping_lines"), ZERO)


def _shipping_line(line: ShippingLine) -> Decimal:
    return ZERO if line.is_removed else money_or_zero(line.price, "price")


def shop_amount(amounts: MoneySet | None, path: str) -> Decimal | None:
    """The amount in shop money, or None where the set is absent."""
    if amounts is None or amounts.shop_money is None:
        return None
    try:
        return money(amounts.shop_money.amount, "shop_money.amount")
    except RejectedError as error:
        raise error.inside(path) from error
