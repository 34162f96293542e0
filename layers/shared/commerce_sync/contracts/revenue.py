"""What HubSpot is shown of an order: which object, at which stage, worth what in the company's currency."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from commerce_sync.contracts.order_book import BookedOrder

RevenueObject = Literal["order", "deal"]
RateSource = Literal["ecb", "shop_money"]
OrderStage = Literal["placed", "paid", "fulfilled", "cancelled", "refunded"]


@dataclass(frozen=True, slots=True)
class StoreRevenue:
    """How one store's orders become revenue. ``time_zone`` (IANA) says which day an order's own day is."""

    object: RevenueObject = "order"
    rate: RateSource = "ecb"
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A HubSpot pipeline and its stages by the order's own, each by its internal id or its label."""

    pipeline: str
    stages: Mapping[OrderStage, str]


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line in the company's currency. ``key`` is unique over all orders; ``discount`` is the line's whole."""

    key: str
    title: str
    sku: str
    quantity: int
    unit_price: Decimal
    discount: Decimal


@dataclass(frozen=True, slots=True)
class PricedOrder:
    """An order with its amounts in the company's ``currency``. ``original`` is its total as the buyer owes it.

    ``rate`` is how many units of it one unit of the order's own currency is worth, on ``rate_day``. ``gross`` is its
    total as placed, ``refunded`` the money returned, ``kept`` what is left of it after edits and refunds.
    """

    order: BookedOrder
    object: RevenueObject
    stage: OrderStage
    original: Decimal
    currency: str
    rate: Decimal
    rate_day: date
    total: Decimal
    discount: Decimal | None
    tax: Decimal | None
    shipping: Decimal | None
    gross: Decimal
    refunded: Decimal
    kept: Decimal
    lines: tuple[PricedLine, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """No rate, so no amount. ``until`` is when one is expected; None where one should be there already."""

    reason: str
    until: datetime | None = None
