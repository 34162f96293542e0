"""Orders of Shopify's own export (CSV, "Export orders"): history that its API does not show without a scope.

A row is a line; an order's own columns stand in its first row, its name in each. It holds no ids but the order's: so an
order gives what happened to it as a whole, with the ids that its webhooks give, and no event of a line, a refund
or a parcel, which would be another event than the webhook's. Its version is the latest time that it tells, which is
never later than the store's own: any other body of the order wins. A column about consent says nothing dated, and is
not read.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct

from commerce_sync.contracts import CanonicalEvent
from commerce_sync.intake.bodies import decode, decoder_of, shaped
from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.money import ZERO, money_or_zero
from commerce_sync.intake.rejections import refuse, reject
from commerce_sync.intake.shopify.export_file import Row
from commerce_sync.intake.shopify.order_body import OrderBody
from commerce_sync.intake.shopify.orders import whole_order

TOPIC: Final = "orders/export"
"""Ours: no webhook has it."""
_TIME: Final = "%Y-%m-%d %H:%M:%S %z"
_COUNT: Final = re.compile("[0-9]{1,9}")
_DIGITS: Final = re.compile("[0-9]{1,19}")
_TIMES: Final = ("Created at", "Paid at", "Fulfilled at", "Cancelled at")


class Exported(Struct, gc=False):
    """The rows of one order, as they travel."""

    rows: list[dict[str, str]]


_DECODER: Final = decoder_of(Exported)


def translate(delivery: Delivery) -> Translation:
    """Placed, and cancelled where it was."""
    rows = decode(_DECODER, delivery.body).rows
    if not rows:
        raise refuse("missing_field", "rows", "at least one row")
    told = whole_order(delivery, shaped(OrderBody, _body(rows)))
    refunded = money_or_zero(rows[0].get("Refunded Amount"), "Refunded Amount")
    settled = (reject("refund_in_export", "Refunded Amount", "the refunds themselves"),) if refunded else ()
    return Translation(tuple(map(_without_line_ids, told)), settled)


def _body(rows: Sequence[Row]) -> Mapping[str, Any]:
    """The order as the API shows it, as far as an export tells."""
    order = rows[0]
    total, refunded = _amount(order, "Total"), _amount(order, "Refunded Amount")
    taxes_included = _amount(order, "Subtotal") + _amount(order, "Shipping") + _amount(order, "Duties") == total
    status = order.get("Fulfillment Status")
    return {
        "id": _id(order),
        "name": order.get("Name"),
        "created_at": _time(order, "Created at"),
        "updated_at": max(filter(None, (_time(order, name) for name in _TIMES)), default=None),
        "cancelled_at": _time(order, "Cancelled at"),
        "currency": order.get("Currency"),
        "total_price": order.get("Total"),
        "current_total_price": str(total - refunded),
        "total_discounts": order.get("Discount Amount"),
        "total_tax": order.get("Taxes"),
        "taxes_included": taxes_included,
        "total_shipping_price_set": _shop(order.get("Shipping")),
        "original_total_duties_set": _shop(order.get("Duties")),
        "financial_status": order.get("Financial Status"),
        "fulfillment_status": None if status == "unfulfilled" else status,
        "email": order.get("Email"),
        "phone": _plain(order.get("Phone")),
        "billing_address": _address(order),
        "line_items": [_line(at, row) for at, row in enumerate(rows) if row.get("Lineitem quantity")],
    }


def _id(order: Row) -> str | None:
    """The order's number. What a spreadsheet made of it (``7E+12``) is another order's, or several orders'."""
    said = _plain(order.get("Id"))
    if said is not None and not _DIGITS.fullmatch(said):
        raise refuse("wrong_type", "Id", "the order's number in full, in digits: export it again")
    return said


def _line(at: int, row: Row) -> Mapping[str, Any]:
    quantity = row["Lineitem quantity"]
    return {
        "id": f"row-{at}",
        "quantity": int(quantity) if _COUNT.fullmatch(quantity) else quantity,
        "price": row.get("Lineitem price"),
        "sku": row.get("Lineitem sku"),
        "title": row.get("Lineitem name"),
    }


def _address(order: Row) -> Mapping[str, Any]:
    first, _, last = order.get("Billing Name", "").partition(" ")
    return {
        "first_name": first,
        "last_name": last,
        "phone": _plain(order.get("Billing Phone")),
        "country_code": order.get("Billing Country"),
    }


def _without_line_ids(event: CanonicalEvent) -> CanonicalEvent:
    lines = tuple(line.model_copy(update={"line_id": None}) for line in event.line_items)
    return event.model_copy(update={"line_items": lines})


def _shop(amount: str | None) -> Mapping[str, Any] | None:
    return {"shop_money": {"amount": amount}} if amount else None


def _amount(order: Row, column: str) -> Decimal:
    text = order.get(column)
    return money_or_zero(text, column) if text else ZERO


def _plain(text: str | None) -> str | None:
    """A spreadsheet's apostrophe before a number that is to stay text."""
    return text.removeprefix("'") if text else None


def _time(order: Row, column: str) -> datetime | None:
    try:
        return datetime.strptime(order[column], _TIME) if column in order else None  # noqa: DTZ007 # its offset is needed
    except ValueError:
        raise refuse("bad_time", column, "a time like 2026-11-01 09:30:00 -0500") from None
