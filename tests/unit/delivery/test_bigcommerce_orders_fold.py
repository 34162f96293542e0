"""BigCommerce's bodies in the order book: whatever came when and how often, it is one order."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import permutations
from typing import Any

from commerce_sync.contracts import BookedOrder, CanonicalEvent
from commerce_sync.delivery.order_book import fold
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.day import DeliveryDay
from tests.fakes.facts import facts
from tests.unit.intake.bigcommerce_bodies import bigcommerce_order, engraving, parts, product, refund, shipment
from tests.unit.intake.store_bodies import bigcommerce

GUEST: dict[str, Any] = {"customer_id": 0, "is_email_opt_in": False}


def at(minute: int) -> str:
    """A moment of the order's life."""
    return f"Sun, 01 Nov 2026 10:{minute:02}:00 +0000"


def told(scope: str, minute: int, lists: dict[str, object] | None = None, **changes: object) -> list[CanonicalEvent]:
    """What one webhook and the store's answers prove."""
    order = bigcommerce_order(**GUEST, date_modified=at(minute), **changes)
    data = {"type": "order", "id": 250, "orderId": 250, "refund": {"refund_id": 501}}
    translation = bigcommerce(scope, parts(order, **(lists or {})), data=data)
    return list(translation.events)


REFUNDS = [refund(), refund(id=502, payments=[{"amount": "1.25", "is_declined": False}])]
LIFE: list[list[CanonicalEvent]] = [
    told("store/order/created", 0, status_id=0),
    told("store/order/statusUpdated", 1, status_id=11),
    told("store/order/updated", 2, {"products": [product(quantity=1), engraving()]}, total_inc_tax="191.9500"),
    told("store/order/updated", 2, total_inc_tax="361.9500", payment_status="paid"),
    told("store/shipment/created", 3, {"shipments": [shipment()]}, status_id=3),
    told("store/order/refund/created", 4, {"refunds": REFUNDS[:1]}, status_id=14),
    told("store/order/statusUpdated", 5, {"refunds": REFUNDS}, status_id=14, billing_address=None),
    told("store/order/statusUpdated", 6, {"refunds": REFUNDS}, status_id=5),
    told("store/order/archived", 6, {"refunds": REFUNDS}, status_id=5, is_deleted=True),
]


def book(deliveries: Sequence[list[CanonicalEvent]]) -> BookedOrder:
    """The order after these deliveries."""
    order = BookedOrder()
    for events in deliveries:
        order = fold(order, events)
    return order


FINAL = book(LIFE)


def test_the_last_version_is_what_is_known() -> None:
    """Cancelled, with both refunds and the buyer that the newest body names."""
    assert FINAL.placed is not None
    assert FINAL.placed.order is not None
    assert (FINAL.placed.order.fulfillment_status, FINAL.refunded) == ("cancelled", Decimal("21.75"))
    assert FINAL.buyer is not None
    assert FINAL.buyer.email == "ada@example.com"


def test_an_incomplete_order_is_no_order() -> None:
    """Nothing is booked until it moves out of 0."""
    assert LIFE[0] == []
    assert book(LIFE[:1]).placed is None


@given(
    st.lists(st.sampled_from(range(len(LIFE))), max_size=12).flatmap(lambda more: st.permutations([*range(9), *more]))
)
def test_any_order_and_any_repetition_is_the_same_order(arrivals: list[int]) -> None:
    """A late body does not undo a newer one, and nothing is counted twice."""
    assert book([LIFE[index] for index in arrivals]) == FINAL


@given(st.permutations([event for events in LIFE for event in events]))
def test_any_order_of_the_events_themselves_is_the_same_order(events: list[CanonicalEvent]) -> None:
    """They travel one by one where they are many."""
    assert fold(BookedOrder(), events) == FINAL


def test_two_changes_in_one_second_are_decided_alike_whoever_comes_first() -> None:
    """``date_modified`` knows no fractions of one."""
    first, second = LIFE[2], LIFE[3]

    assert {book(pair).model_dump_json() for pair in permutations([first, second])} == {
        book([first, second]).model_dump_json()
    }
    assert first[0].order != second[0].order


def test_the_vendors_are_told_each_event_once_and_the_order_as_it_is() -> None:
    """Backwards, and everything twice."""
    day, ids = DeliveryDay(), {event.event_id for events in LIFE for event in events}
    for events in [*reversed(LIFE), *LIFE]:
        if events:
            day.deliver(facts(*events))
    day.go_round(3)

    assert set(day.klaviyo.events) == ids
    assert day.klaviyo.repeats == 0
    assert ids == {
        "bigcommerce:outlet:250:placed_order",
        "bigcommerce:outlet:250:ordered_product:31",
        "bigcommerce:outlet:250:ordered_product:32",
        "bigcommerce:outlet:250:fulfilled_order:601",
        "bigcommerce:outlet:250:refunded_order:501",
        "bigcommerce:outlet:250:refunded_order:502",
        "bigcommerce:outlet:250:cancelled_order",
    }
