"""What happened at the shops that day, told once: deliveries are made from it, and so is what must come of them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from local.sample_day.people import Someone


@dataclass(frozen=True)
class Line:
    """One line of an order. ``discount`` is the line's whole."""

    line_id: int
    sku: str
    title: str
    quantity: int
    unit_price: Decimal
    discount: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        """What the line costs."""
        return self.unit_price * self.quantity - self.discount


@dataclass(frozen=True)
class Order:
    """One order. ``shown_currency`` is what the buyer saw, where it is not the shop's."""

    source: str
    store: str
    order_id: int
    buyer: Someone | None
    currency: str
    lines: tuple[Line, ...]
    placed_at: datetime
    tax: Decimal = Decimal(0)
    shipping: Decimal = Decimal(0)
    shown_currency: str | None = None
    shown_rate: Decimal = Decimal(1)

    @property
    def name(self) -> str:
        """What the shop calls it."""
        return f"#{self.order_id % 100_000}"

    @property
    def subtotal(self) -> Decimal:
        """All lines after their discounts."""
        return sum((line.total for line in self.lines), Decimal(0))

    @property
    def discount(self) -> Decimal:
        """All discounts."""
        return sum((line.discount for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        """What the buyer owes."""
        return self.subtotal + self.tax + self.shipping

    @property
    def key(self) -> str:
        """How the bundle names it."""
        return f"{self.source}:{self.store}:{self.order_id}"


@dataclass(frozen=True)
class Happening:
    """One thing that happened to an order after it was placed: fulfilled, cancelled, refunded, changed."""

    kind: str
    order: Order
    number: int
    at: datetime
    amount: Decimal = Decimal(0)


@dataclass
class Story:
    """The day. ``visitors`` left carts without saying who they are; ``checkouts`` said so."""

    started_at: datetime
    orders: list[Order] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    checkouts: list[Order] = field(default_factory=list)
    visitors: list[Order] = field(default_factory=list)
    customers: list[tuple[str, Someone]] = field(default_factory=list)

    def minute(self, number: float) -> datetime:
        """So many minutes into the day."""
        return self.started_at + timedelta(minutes=number)

    def bought_by(self, someone: Someone) -> list[Order]:
        """The orders of one customer."""
        return [order for order in self.orders if order.buyer == someone]
