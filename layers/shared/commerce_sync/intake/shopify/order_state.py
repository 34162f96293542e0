"""The order as a whole: which of two bodies is newer, and when the order was placed."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from commerce_sync.contracts import OrderState
from commerce_sync.intake.assembly import state_of
from commerce_sync.intake.fields import text, utc
from commerce_sync.intake.money import money
from commerce_sync.intake.shopify.order_body import OrderBody
from commerce_sync.intake.shopify.part_bodies import RefundBody
from commerce_sync.intake.shopify.rates import own_rate
from commerce_sync.intake.sums import checksum

_IMPORT_GAP: Final = timedelta(hours=1)


def order_state(order: OrderBody, value: Decimal, cancelled_at: datetime | None) -> OrderState:
    """The order as this body tells it, at the version of its own ``updated_at``."""
    current = order.current_total_price
    return state_of(
        {
            "version": utc(order.updated_at, "updated_at"),
            "digest": _digest(order),
            "name": order.name.strip(),
            "current_value": value if current is None else money(current, "current_total_price"),
            "financial_status": text(order.financial_status),
            "fulfillment_status": text(order.fulfillment_status),
            "cancelled_at": cancelled_at,
            "own_rate": own_rate(order.total_price_set),
        }
    )


def _digest(order: OrderBody) -> str:
    """Decides between two bodies with one ``updated_at``: the same for the same order, whatever its body's layout.

    Only what an order is takes part, not who bought it: a digest is kept longer than personal data may be.
    """
    part = (
        order.currency,
        order.total_price,
        order.current_total_price,
        order.financial_status,
        order.fulfillment_status,
        order.cancelled_at,
        order.cancel_reason,
        order.total_discounts,
        order.total_tax,
        order.line_items,
        [_refund(one) for one in order.refunds or ()],
        order.fulfillments,
    )
    return checksum(part)


def _refund(refund: RefundBody) -> tuple[object, ...]:
    """A refund without what is kept as its body wrote it."""
    return (
        *(refund.id, refund.created_at, refund.processed_at, refund.note, refund.transactions),
        *(refund.refund_line_items, refund.total_duties_set),
    )


def placed_at(created_at: datetime, processed_at: datetime | None) -> datetime:
    """When it happened: ``created_at``, or ``processed_at`` where the record was imported later.

    Shopify shows ``processed_at`` to its merchants and lets an importing app set it to the original date,
    while ``created_at`` is then the date of the import (Admin API, Order). A live checkout writes both within
    seconds and in either order, so an import is told by ``processed_at`` lying an hour or more before
    ``created_at``; and ``created_at`` never changes, so that every body of an order gives one time.
    """
    created = utc(created_at, "created_at")
    if processed_at is None or processed_at == created_at:
        return created
    processed = utc(processed_at, "processed_at")
    return processed if created - processed >= _IMPORT_GAP else created
