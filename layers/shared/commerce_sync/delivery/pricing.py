"""An order with its amounts in the company's currency, line by line, and the state that it is in."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final, Protocol

from commerce_sync.contracts import BookedOrder, LineItem
from commerce_sync.contracts.revenue import Held, OrderStage, PricedLine, PricedOrder, RevenueObject

FULFILLED: Final = frozenset({"fulfilled", "shipped", "completed", "delivered"})
PAID: Final = frozenset({"paid", "partially_refunded", "captured", "completed", "processing"})
REFUNDED: Final = frozenset({"refunded"})
NET_OF_REFUNDS: Final = frozenset({"shopify"})
"""Sources whose orders say a current total that refunds are off already (``current_total_price``)."""


class Conversion(Protocol):
    """How amounts of an order's currency become amounts of the company's."""

    @property
    def currency(self) -> str:
        """The company's currency."""

    @property
    def rate(self) -> Decimal:
        """What one unit is worth."""

    @property
    def rate_day(self) -> date:
        """The day whose rate it is."""

    def of(self, amount: Decimal) -> Decimal:
        """An amount, converted."""


Pricing = Callable[[Mapping[str, BookedOrder]], Mapping[str, PricedOrder | Held]]
"""Orders with their amounts in the company's currency, or why they have none, by order key."""


def priced(key: str, order: BookedOrder, kind: RevenueObject, conversion: Conversion) -> PricedOrder:
    """The order in the company's currency: what is owed for it after edits, before refunds, which stand beside it.

    Each amount is rounded by itself, so that none depends on another; converted lines may differ from the converted
    total by minor units.

    :raises ValueError: the order was never seen placed.
    """
    placed = order.placed
    if placed is None:
        raise ValueError("an order that was never placed has no price")

    def converted(amount: Decimal | None) -> Decimal | None:
        return None if amount is None else conversion.of(amount)

    return PricedOrder(
        order=order,
        object=kind,
        stage=stage_of(order),
        original=(owed := owed_for(order)),
        currency=conversion.currency,
        rate=conversion.rate,
        rate_day=conversion.rate_day,
        total=conversion.of(owed),
        discount=converted(placed.discount),
        tax=converted(placed.tax),
        shipping=converted(placed.shipping),
        gross=conversion.of(placed.value or Decimal(0)),
        refunded=conversion.of(order.refunded),
        kept=conversion.of(kept_of(order)),
        lines=tuple(_lines(key, placed.line_items, conversion)),
    )


def kept_of(order: BookedOrder) -> Decimal:
    """What the shop keeps of an order, in its own currency."""
    return owed_for(order) - order.refunded


def owed_for(order: BookedOrder) -> Decimal:
    """What is owed for an order after edits, in its own currency, before what went back: alike for every source.

    Shopify's current total is after edits and refunds, so the refunds that its body shows are added again; one that it
    does not show yet may give back what an edit took off. A body that shows refunds and the total as placed was not
    lessened by them (a refund of no line). Other sources' totals are before refunds.
    """
    placed = order.placed
    if placed is None:
        return Decimal(0)
    as_placed = placed.value or Decimal(0)
    current = placed.order.current_value if placed.order else as_placed
    if placed.source not in NET_OF_REFUNDS or current == as_placed:
        return current
    owed = current + order.shown_refunds
    return owed if owed >= as_placed else min(as_placed, current + order.refunded)


def stage_of(order: BookedOrder) -> OrderStage:
    """The order's state, from what stores say of payment and fulfilment in their own words.

    Cancelled before refunded, refunded (all of it) before fulfilled, fulfilled before paid.
    """
    state = order.placed.order if order.placed else None
    if state is None:
        return "placed"
    payment, fulfilment = ((text or "").lower() for text in (state.financial_status, state.fulfillment_status))
    all_back = order.refunded > 0 and order.refunded >= owed_for(order)
    if order.ended_at is not None:
        return "cancelled"
    if all_back or REFUNDED & {payment, fulfilment}:
        return "refunded"
    if fulfilment in FULFILLED:
        return "fulfilled"
    return "paid" if payment in PAID else "placed"


def _lines(key: str, lines: tuple[LineItem, ...], conversion: Conversion) -> Iterator[PricedLine]:
    """Each line under a key of its own. A line without an id is named by its place."""
    seen: set[str] = set()
    for place, line in enumerate(lines, 1):
        name = f"{key}:{line.line_id or f'place-{place}'}"
        name = name if name not in seen else f"{name}:place-{place}"
        seen.add(name)
        yield PricedLine(
            key=name,
            title=line.title or line.sku or line.product_id or name,
            sku=line.sku or "",
            quantity=line.quantity,
            unit_price=conversion.of(line.unit_price),
            discount=conversion.of(line.discount),
        )
