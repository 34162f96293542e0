"""The order as a whole, as its newest body tells it."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from commerce_sync.contracts import OrderState
from commerce_sync.intake.assembly import state_of
from commerce_sync.intake.bigcommerce.order_body import OrderBody, Product
from commerce_sync.intake.bigcommerce.rates import own_rate
from commerce_sync.intake.bigcommerce.statuses import ENDED, NAMES
from commerce_sync.intake.fields import identifier, text
from commerce_sync.intake.sums import checksum


def order_state(order: OrderBody, products: Sequence[Product], value: Decimal, version: datetime) -> OrderState:
    """The order at the version of its own ``date_modified``, which is to the second: the digest decides in one.

    Nothing tells when an order ended; it was changed then, or later.
    """
    return state_of(
        {
            "version": version,
            "digest": _digest(order, products),
            "name": identifier(order.id, "order.id"),
            "current_value": value,
            "financial_status": text(order.payment_status),
            "fulfillment_status": NAMES.get(order.status_id),
            "cancelled_at": version if order.status_id in ENDED else None,
            "own_rate": own_rate(order),
        }
    )


def _digest(order: OrderBody, products: Sequence[Product]) -> str:
    """Only what an order is takes part: not who bought it, and not its refunds and parcels, which are not always asked
    for.
    """
    part = (
        *(order.status_id, order.payment_status, order.default_currency_code, order.total_inc_tax, order.total_tax),
        *(order.discount_amount, order.coupon_discount, products),
    )
    return checksum(part)
