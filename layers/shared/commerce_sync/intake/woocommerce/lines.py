"""The lines of an order or a subscription.

The price of one piece is ``subtotal / quantity``, and what a third of ten cannot say exactly it says to 28 digits:
times the quantity it is the subtotal again in every currency's smallest unit. The line's own total is told as the shop
wrote it. ``price`` is ``total / quantity`` in floating point (10.799999999999999 was seen) and already less the
discount. It is read for one thing only: in a shop whose prices hold their tax a line without it is no whole number of
cents, and the order is the sum of what lines are, not of what is shown of them.
"""

from decimal import Decimal
from html import unescape
from typing import Final, NamedTuple

from msgspec import Struct

from commerce_sync.contracts import LineItem
from commerce_sync.intake.assembly import line_of
from commerce_sync.intake.bodies import Id, shaped
from commerce_sync.intake.fields import identifier
from commerce_sync.intake.money import ZERO, money
from commerce_sync.intake.people import address_in, id_in
from commerce_sync.intake.rejections import RejectedError, refuse
from commerce_sync.intake.sums import read_each
from commerce_sync.intake.woocommerce.shapes import list_in

_NONE: Final = "0"
_MOST: Final = 10**9
_KEPT: Final = Decimal("0.000001")
"""To how many digits the shop keeps an amount."""


class Line(Struct, gc=False):
    """One line. ``subtotal`` is before discounts, ``total`` after them, both of the whole line and without tax."""

    id: Id
    quantity: object = None
    subtotal: object = None
    total: object = None
    name: object = None
    product_id: object = None
    variation_id: object = None
    sku: object = None
    price: object = None


class Row(NamedTuple):
    """A line with its exact sums; whether staff raised its price; its quantity where that is no number of pieces."""

    line: LineItem
    subtotal: Decimal
    total: Decimal
    is_raised: bool
    measured: str | None = None
    price: object = None


def rows_of(line_items: object) -> tuple[Row, ...]:
    """Every line.

    :raises RejectedError: there is no list of lines, or one of them cannot be read.
    """
    if line_items is None:
        raise refuse("missing_field", "line_items", "a list of lines")
    return read_each(shaped(list[Line], list_in(line_items) or line_items, "line_items"), _row, "line_items")


def _row(line: Line) -> Row:
    """A line whose total is more than it was before discounts was raised by staff: the total is its price then."""
    total = money(line.total, "total")
    before = total if line.subtotal is None or line.subtotal == "" else money(line.subtotal, "subtotal")
    subtotal = max(before, total)
    quantity, measured = _pieces(line.quantity, subtotal)
    item = line_of(
        {
            "line_id": identifier(line.id, "id"),
            "product_id": _reference(line.product_id),
            "variant_id": _reference(line.variation_id),
            "sku": address_in(line.sku),
            "title": _title(line.name),
            "quantity": quantity,
            "unit_price": subtotal / quantity if quantity else ZERO,
            "discount": subtotal - total,
        }
    )
    return Row(item, subtotal, total, total > before, measured, line.price)


def unrounded(rows: tuple[Row, ...], unit: Decimal) -> tuple[LineItem, ...] | None:
    """The lines with what they cost before it was rounded to the unit; None where a price is not its line's."""
    lines: list[LineItem] = []
    for row in rows:
        try:
            price = money(row.price, "price")
        except RejectedError:
            return None
        pieces = row.line.quantity
        total = price * (Decimal(row.measured) if row.measured else pieces)
        if abs(total - row.total) > unit / 2 + _KEPT:
            return None
        unit_price = (total.quantize(_KEPT) + row.line.discount) / pieces if pieces else ZERO
        lines.append(row.line.model_copy(update={"unit_price": unit_price}))
    return tuple(lines)


def _pieces(quantity: object, subtotal: Decimal) -> tuple[int, str | None]:
    """How many pieces, which plugins let be 1.5 kg: a line that is measured counts as one piece, with its measure."""
    try:
        said = money(quantity, "quantity")
    except RejectedError as error:
        raise refuse(error.rejection.code, "quantity", "a number of pieces") from error
    if said == said.to_integral_value() and 0 < said <= _MOST:
        return int(said), None
    if not said and not subtotal:
        return 0, None
    return 1, f"{said:f}"


def _reference(value: object) -> str | None:
    """The id of a product; 0 is a product that is gone, or no variation."""
    known_as = id_in(value)
    return None if known_as == _NONE else known_as


def _title(name: object) -> str | None:
    """WordPress keeps names as HTML: ``Ship Your Idea &ndash; Black``."""
    return (unescape(name).strip() or None) if isinstance(name, str) else None
