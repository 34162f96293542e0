"""Orders of Shopify and of the own system: however their deliveries come, repeat or are late, the order book ends the
same. BigCommerce's and WooCommerce's lives stand in tests of their own.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from commerce_sync.contracts import BookedOrder, CanonicalEvent
from commerce_sync.delivery.order_book import fingerprint, fold
from commerce_sync.delivery.pricing import stage_of
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.intake.bodies import LINE_B, ORDER_ID, line, order, refund, shopify
from tests.unit.intake.store_bodies import woocommerce, woocommerce_order
from tests.unit.intake.test_own import own

Life = Sequence[tuple[CanonicalEvent, ...]]

FIRST = refund()
SECOND = refund(
    id=502,
    created_at="2026-11-04T10:00:00Z",
    processed_at="2026-11-04T10:00:00Z",
    transactions=[{"kind": "refund", "status": "success", "amount": "2.30", "currency": "EUR"}],
)
GONE = line(id=LINE_B, sku="SPOON", price="5.00", quantity=1, current_quantity=0, discount_allocations=[])
EDITED: dict[str, Any] = {"line_items": [line(), GONE], "current_total_price": "22.80"}
CANCELLED: dict[str, Any] = {
    **EDITED,
    "refunds": [FIRST, SECOND],
    "cancelled_at": "2026-11-05T10:00:00Z",
    "financial_status": "partially_refunded",
    "current_total_price": "20.50",
}
SHOPIFY: Life = [
    shopify("orders/create", order()).events,
    shopify("orders/updated", order(updated_at="2026-11-01T12:00:00Z", email=None, customer=None)).events,
    shopify("orders/updated", order(**EDITED, updated_at="2026-11-02T10:00:00Z")).events,
    shopify("orders/cancelled", order(**CANCELLED, updated_at="2026-11-05T10:00:01Z")).events,
    shopify("refunds/create", FIRST).events,
    shopify("refunds/create", SECOND).events,
]
PLACED_AT = {"placed_at": "2026-11-01T00:00:00Z"}
OWN: Life = [
    own("order.completed").events,
    own("order.updated", {**PLACED_AT, "payment_status": "paid", "email": None}, time="2026-11-01T12:00:00Z").events,
    own("order.updated", {**PLACED_AT, "current_total": "1500"}, time="2026-11-02T10:00:00Z").events,
    own("order.cancelled", {"total": None}, time="2026-11-05T10:00:00Z").events,
    own("order.refunded", {"refund_id": "R1", "amount": "300"}, time="2026-11-03T10:00:00Z").events,
    own("order.refunded", {"refund_id": "R2", "amount": "-200"}, time="2026-11-04T10:00:00Z").events,
]
LIVES = {"shopify": SHOPIFY, "own": OWN}
ARRIVALS = st.tuples(st.permutations(range(6)), st.lists(st.integers(0, 5), max_size=8))


def book(deliveries: Sequence[tuple[CanonicalEvent, ...]]) -> BookedOrder:
    """The order after these deliveries."""
    known = BookedOrder()
    for events in deliveries:
        known = fold(known, events)
    return known


def test_a_shopify_orders_life_ends_as_its_last_body_says() -> None:
    """Placed at 27.80, after an edit and two refunds at 20.50, cancelled; its buyer known all the time."""
    final = book(SHOPIFY)
    assert final.placed is not None
    assert final.placed.order is not None
    assert (final.placed.value, final.placed.order.current_value) == (Decimal("27.80"), Decimal("20.50"))
    assert final.placed.order.cancelled_at is not None
    assert final.refunds == {"501": Decimal("5.00"), "502": Decimal("2.30")}
    assert final.buyer is not None
    assert final.buyer.email == "ada@example.com"


def test_an_own_orders_life_ends_as_its_last_body_says() -> None:
    """Placed at 2000 yen, edited to 1500, 500 of them returned; refunds are positive however they are written."""
    final = book(OWN)
    assert final.placed is not None
    assert final.placed.order is not None
    assert (final.placed.value, final.placed.order.current_value) == (Decimal(2000), Decimal(1500))
    assert final.refunds == {"R1": Decimal(300), "R2": Decimal(200)}
    assert final.buyer is not None
    assert final.buyer.email == "ada@example.com"
    assert stage_of(final) == "cancelled"


def test_an_own_order_that_was_cancelled_stays_so_whatever_is_told_of_it_later() -> None:
    """Its other events say nothing of an end: one that is newer, or comes later, undoes none."""
    paid: dict[str, object] = {**PLACED_AT, "payment_status": "paid", "fulfillment_status": "fulfilled"}
    late = own("order.updated", paid, time="2026-11-06T10:00:00Z").events
    assert stage_of(book([*OWN, late])) == stage_of(book([late, *reversed(OWN)])) == "cancelled"
    assert fingerprint(book([*OWN, late])) != fingerprint(book([*OWN[:3], *OWN[4:], late]))


def test_a_store_whose_bodies_tell_of_the_end_may_take_an_order_up_again() -> None:
    """The newest body wins: the event of its cancellation has been told, and ends nothing for good."""
    cancelled, again = (
        woocommerce("order.updated", woocommerce_order(status=status, date_modified_gmt=at)).events
        for status, at in (("cancelled", "2026-11-03T10:00:00"), ("processing", "2026-11-04T10:00:00"))
    )
    assert stage_of(book([cancelled])) == "cancelled"
    assert stage_of(book([cancelled, again])) == stage_of(book([again, cancelled])) == "paid"


@pytest.mark.parametrize(
    ("source", "prefix", "ids"),
    [
        ("shopify", f"shopify:shop-1:{ORDER_ID}:", {"refunded_order:501", "refunded_order:502"}),
        ("own", "own:main:A-1001:", {"refunded_order:R1", "refunded_order:R2"}),
    ],
)
def test_each_thing_that_happened_has_one_id_in_every_body(source: str, prefix: str, ids: set[str]) -> None:
    """Placed, two lines, cancelled and two refunds, out of six deliveries."""
    told = {event.event_id.removeprefix(prefix) for events in LIVES[source] for event in events}
    lines = {one for one in told if one.startswith("ordered_product:")}
    assert told - lines == {"placed_order", "cancelled_order"} | ids
    assert len(lines) == 2


@pytest.mark.parametrize("source", sorted(LIVES))
@settings(max_examples=300, deadline=None)
@given(ARRIVALS)
def test_any_order_and_any_late_repeats_end_the_same(source: str, arrivals: tuple[list[int], list[int]]) -> None:
    """Updated before created, refunds before the order, the cancellation first, the first body once more at the end."""
    life, (arrival, repeats) = LIVES[source], arrivals
    known = book([life[at] for at in (*arrival, *repeats, 0)])
    assert known == book(life)
    assert fingerprint(known) == fingerprint(book(life))
