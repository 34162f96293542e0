"""What a person's orders come to: a pure fold over the set of them, in the company's currency.

A cancelled order never happened. One that was refunded did: it counts, and what was returned is off the total.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal

from commerce_sync.contracts.currencies import MINOR_UNITS
from commerce_sync.contracts.fields import Known
from commerce_sync.contracts.revenue import PricedOrder
from commerce_sync.profiles.transforms import moment_text, number_text

NOTHING = Decimal(0)
CUSTOMER = "customer"
"""HubSpot's lifecycle stage of whoever bought."""


@dataclass(frozen=True, slots=True)
class OrderTotals:
    """``gross`` as placed, ``refunded`` the money returned, ``total`` what is left after edits and refunds."""

    currency: str
    count: int = 0
    gross: Decimal = NOTHING
    refunded: Decimal = NOTHING
    total: Decimal = NOTHING
    first_at: datetime | None = None
    last_at: datetime | None = None

    @property
    def average(self) -> Decimal | None:
        """Of what is left, to the minor unit; None without an order."""
        if not self.count:
            return None
        return (self.total / self.count).quantize(MINOR_UNITS[self.currency], ROUND_HALF_EVEN)


def totals_of(orders: Mapping[str, PricedOrder], currency: str) -> OrderTotals:
    """The totals of orders by their keys: all in ``currency``, the company's."""
    standing = [one for one in orders.values() if one.stage != "cancelled" and one.order.placed]
    times = [one.order.placed.occurred_at for one in standing if one.order.placed]
    return OrderTotals(
        currency=currency,
        count=len(standing),
        gross=sum((one.gross for one in standing), NOTHING),
        refunded=sum((one.refunded for one in standing), NOTHING),
        total=sum((one.kept for one in standing), NOTHING),
        first_at=min(times, default=None),
        last_at=max(times, default=None),
    )


def totals_known(totals: OrderTotals) -> Known:
    """Totals as sources of the field map. Amounts keep the decimals that they need: ``59.9`` is ``59.90``."""
    first_at, last_at, average = totals.first_at, totals.last_at, totals.average
    return {
        "orders.count": str(totals.count),
        "orders.gross": number_text(totals.gross),
        "orders.refunded": number_text(totals.refunded),
        "orders.total": number_text(totals.total),
        "orders.average": None if average is None else number_text(average),
        "orders.currency": totals.currency,
        "orders.first_at": moment_text(first_at) if first_at else None,
        "orders.last_at": moment_text(last_at) if last_at else None,
        "orders.lifecycle": CUSTOMER if totals.count else None,
    }
