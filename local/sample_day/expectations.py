"""What must stand in Klaviyo and HubSpot after the day. Worked out from the story alone, not by the bundle's code."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from local.sample_day.story import Happening, Order, Story
from local.sandboxes.ecb.published import is_published, rates_of

CLOCKS = {
    ("shopify", "us"): "America/New_York",
    ("shopify", "eu"): "Europe/Berlin",
    ("own", "wholesale"): "America/Chicago",
}
COMPANY_CURRENCY, CENT = "USD", Decimal("0.01")
SET_ASIDE = Counter(
    {
        "missing_field": 1,
        "test_order": 2,
        "unknown_currency": 1,
        "topic_not_used": 1,
        "not_json": 1,
        "duplicate_key": 1,
        "not_a_number": 1,
        "not_utf8": 1,
    }
)


@dataclass(frozen=True)
class ExpectedEvent:
    """One event in Klaviyo: whose, worth what, and whether it may start a flow."""

    metric: str
    unique_id: str
    address: str
    value: Decimal | None
    currency: str | None
    backfill: bool


@dataclass(frozen=True)
class ExpectedOrder:
    """One order in HubSpot. ``total`` is in the company's currency, ``rate_date`` the day of its rate."""

    key: str
    total: Decimal
    rate_date: str
    original_total: Decimal
    original_currency: str
    refunded: Decimal
    contact: str | None


def expected_events(story: Story) -> Iterator[ExpectedEvent]:
    """Every event, once."""
    for order in story.orders:
        if address_of(order):
            yield from _of_order(story, order)
    for order in story.checkouts:
        unique_id = f"{order.source}:{order.store}:checkout-{order.store}-{order.order_id}:started_checkout"
        yield _event("Started Checkout", unique_id, order, order.total, backfill=False)


def expected_orders(story: Story) -> Iterator[ExpectedOrder]:
    """Every order, once."""
    for order in story.orders:
        back = [one.amount for one in story.happenings if one.order is order and one.kind == "refunded"]
        total, rate_day = in_company_currency(order)
        yield ExpectedOrder(
            order.key,
            total,
            rate_day.isoformat(),
            order.total,
            order.currency,
            sum(back, Decimal(0)),
            order.buyer.email.lower() if order.buyer and order.buyer.email else None,
        )


def in_company_currency(order: Order) -> tuple[Decimal, date]:
    """The order's total at the rate of its own day by the shop's clock, and the day that the rate is of."""
    day = order.placed_at.astimezone(ZoneInfo(CLOCKS[order.source, order.store])).date()
    if order.currency == COMPANY_CURRENCY:
        return order.total, day
    while not is_published(day):
        day -= timedelta(days=1)
    rates = {"EUR": "1", **rates_of(day)}
    worth = Fraction(order.total) * Fraction(rates[COMPANY_CURRENCY]) / Fraction(rates[order.currency])
    return Decimal(round(worth * 100)) * CENT, day


def address_of(order: Order) -> str | None:
    """The address by which Klaviyo knows the buyer."""
    if order.buyer is None:
        return None
    return order.buyer.email.lower() if order.buyer.email else order.buyer.phone


def _of_order(story: Story, order: Order) -> Iterator[ExpectedEvent]:
    late = order.placed_at < story.started_at
    yield _event("Placed Order", order.key, order, order.total, backfill=late)
    for line in order.lines:
        unique_id = f"{order.key}:ordered_product:{line.line_id}"
        yield _event("Ordered Product", unique_id, order, line.total, backfill=late)
    for happening in story.happenings:
        if happening.order is order and happening.kind != "updated":
            yield _of_happening(happening)


def _of_happening(happening: Happening) -> ExpectedEvent:
    order, number = happening.order, happening.number
    if happening.kind == "cancelled":
        return _event("Cancelled Order", order.key, order, order.total, backfill=False)
    if happening.kind == "refunded":
        refund_id = number if order.source == "own" else 8_300_000_000_000_000_000 + number
        unique_id = f"{order.key}:refunded_order:{refund_id}"
        return _event("Refunded Order", unique_id, order, happening.amount, backfill=False)
    parcel = "" if order.source == "own" else f":{9_400_000_000_000_000_000 + number}"
    return _event("Fulfilled Order", f"{order.key}:fulfilled_order{parcel}", order, None, backfill=False)


def _event(metric: str, unique_id: str, order: Order, value: Decimal | None, *, backfill: bool) -> ExpectedEvent:
    currency = order.currency if value is not None else None
    return ExpectedEvent(metric, unique_id, address_of(order) or "", value, currency, backfill)
