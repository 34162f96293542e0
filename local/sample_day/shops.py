"""The day's story: two Shopify stores, one paid in dollars and one in euros, and an own order system."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from local.sample_day.cast import ABROAD, FAMILY, WITHOUT_EMAIL
from local.sample_day.people import Someone, invent
from local.sample_day.story import Happening, Line, Order, Story

GOODS = (("MUG-B", "Blue mug", "14.95"), ("LAMP-S", "Small lamp", "39.00"), ("SOAP-3", "Soap, three bars", "9.50"))
DAY = timedelta(hours=12)


class Shop(NamedTuple):
    """Who sells, and in what it is paid."""

    source: str
    store: str
    currency: str


US = Shop("shopify", "us", "USD")
EU = Shop("shopify", "eu", "EUR")
WHOLESALE = Shop("own", "wholesale", "USD")


def tell(now: datetime) -> Story:
    """The same day for the same hour, ended just now."""
    story = Story((now - DAY).replace(microsecond=0))
    _shopify_us(story)
    _shopify_eu(story)
    _wholesale(story)
    return story


def _shopify_us(story: Story) -> None:
    people = [invent(number, "US") for number in range(34)]
    people[31] = WITHOUT_EMAIL
    story.customers += [("us", person) for person in people[:16]]
    orders = [_order(story, US, 5_100_000_000_000_000_000 + n, people[n % 30], n) for n in range(31)]
    orders.append(_order(story, US, 5_100_000_000_000_000_031, people[31], 31))
    orders.append(_order(story, US, 5_100_000_000_000_000_032, None, 32))
    orders.append(_order(story, US, 5_100_000_000_000_000_033, people[33], 33))
    orders[-1] = replace(orders[-1], placed_at=story.started_at - timedelta(hours=30))
    orders += [_order(story, US, 5_100_000_000_000_000_034 + n, one, 34 + n) for n, one in enumerate(FAMILY)]
    story.orders += orders
    story.happenings += [_later(story, "updated", order, n, 240) for n, order in enumerate(orders[:20])]
    story.happenings += [_later(story, "fulfilled", order, 100 + n, 300) for n, order in enumerate(orders[:15])]
    story.happenings += [_later(story, "cancelled", order, 200 + n, 360) for n, order in enumerate(orders[20:25])]
    story.happenings += [_refund(story, order, 300 + n, 420) for n, order in enumerate(orders[2:8])]
    story.happenings.append(_refund(story, orders[2], 320, 430))
    story.checkouts += [_order(story, US, 900 + n, people[n], n) for n in range(12)]
    story.visitors += [_order(story, US, 950 + n, None, n) for n in range(8)]


def _shopify_eu(story: Story) -> None:
    people = [invent(100 + number, "DE") for number in range(18)]
    people[12] = ABROAD
    story.customers += [("eu", person) for person in people[:10]]
    orders = [_order(story, EU, 6_200_000_000_000_000_000 + n, people[n], n) for n in range(18)]
    orders[7] = replace(orders[7], shown_currency="JPY", shown_rate=Decimal(163))
    story.orders += orders
    story.happenings += [_later(story, "updated", order, 400 + n, 200) for n, order in enumerate(orders[:10])]
    story.happenings += [_later(story, "fulfilled", order, 450 + n, 260) for n, order in enumerate(orders[:8])]
    story.happenings += [_refund(story, order, 480 + n, 330) for n, order in enumerate(orders[4:8])]
    story.checkouts += [_order(story, EU, 970 + n, people[n], n) for n in range(6)]


def _wholesale(story: Story) -> None:
    people = [invent(200 + number, "US") for number in range(12)]
    orders = [_order(story, WHOLESALE, 70_000 + n, people[n], n) for n in range(12)]
    yen = (Line(1, "MUG-B", "Blue mug", 2, Decimal(1500)),)
    orders[5] = replace(orders[5], currency="JPY", lines=yen, tax=Decimal(300), shipping=Decimal(0))
    story.orders += orders
    story.happenings += [_later(story, "fulfilled", order, 600 + n, 150) for n, order in enumerate(orders[:4])]
    story.happenings += [_refund(story, order, 620 + n, 200) for n, order in enumerate(orders[:4])]


def _order(story: Story, shop: Shop, order_id: int, buyer: Someone | None, n: int) -> Order:
    lines = []
    for position in range(1 + n % 3):
        sku, title, price = GOODS[(n + position) % len(GOODS)]
        discount = Decimal("2.00") if position == 0 and n % 4 == 0 else Decimal(0)
        line_id = order_id * 10 + position if shop.source == "own" else order_id + 1_000 * (position + 1)
        lines.append(Line(line_id, sku, title, 1 + n % 2, Decimal(price), discount))
    subtotal = sum((line.total for line in lines), Decimal(0))
    tax = (subtotal * Decimal("0.08")).quantize(Decimal("0.01"))
    return Order(
        shop.source, shop.store, order_id, buyer, shop.currency, tuple(lines), story.minute(n * 7), tax, Decimal("4.95")
    )


def _later(story: Story, kind: str, order: Order, number: int, minute: float) -> Happening:
    return Happening(kind, order, number, story.minute(minute + number % 100))


def _refund(story: Story, order: Order, number: int, minute: float) -> Happening:
    """Money back for one piece of the first line."""
    line = order.lines[0]
    amount = line.unit_price - (line.discount / line.quantity)
    return Happening("refunded", order, number, story.minute(minute + number % 100), amount)
