"""A WooCommerce order's webhooks repeat, are late and overtake each other: the order book ends the same."""

from typing import Any

from commerce_sync.contracts import BookedOrder, CanonicalEvent
from commerce_sync.delivery.order_book import fingerprint, fold
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.intake.store_bodies import woocommerce, woocommerce_order, woocommerce_subscription

SPOON = {"id": 51, "reason": "Broken", "total": "-5.00"}
MUG = {"id": 52, "reason": "", "total": "-9.00"}
PAID_AT = "2026-11-01T09:30:20"
LIFE: list[tuple[str, dict[str, Any]]] = [
    ("order.created", {"status": "checkout-draft", "date_modified_gmt": "2026-11-01T09:29:00"}),
    ("order.created", {"status": "pending", "date_modified_gmt": "2026-11-01T09:30:00"}),
    ("order.updated", {"status": "on-hold", "date_modified_gmt": PAID_AT}),
    ("order.updated", {"status": "processing", "date_modified_gmt": PAID_AT}),
    ("order.updated", {"status": "processing", "date_modified_gmt": PAID_AT, "billing": []}),
    ("order.updated", {"status": "processing", "date_modified_gmt": PAID_AT, "refunds": [SPOON]}),
    ("order.updated", {"status": "completed", "date_modified_gmt": "2026-11-03T08:00:00", "refunds": [SPOON]}),
    ("order.restored", {"status": "completed", "date_modified_gmt": "2026-11-03T08:00:00", "refunds": [MUG, SPOON]}),
    ("order.updated", {"status": "cancelled", "date_modified_gmt": "2026-11-04T08:00:00", "refunds": [MUG, SPOON]}),
    ("order.deleted", {}),
]
TOLD = [woocommerce(topic, woocommerce_order(**changes) if changes else {"id": 727}).events for topic, changes in LIFE]
EVERYTHING: tuple[CanonicalEvent, ...] = tuple(event for events in TOLD for event in events)
FINAL = fold(BookedOrder(), EVERYTHING)


def test_the_end_of_an_orders_life_is_what_its_last_body_says() -> None:
    """Cancelled, both refunds counted once, its buyer known although one body named nobody."""
    assert FINAL.placed is not None
    assert FINAL.placed.order is not None
    assert (FINAL.placed.order.financial_status, str(FINAL.refunded)) == ("cancelled", "14.00")
    assert sorted(FINAL.refunds) == ["51", "52"]
    assert FINAL.buyer is not None
    assert FINAL.buyer.email == "ann@example.com"


def test_each_thing_that_happened_has_one_id_in_every_body() -> None:
    """Placed, two lines, fulfilled, cancelled and two refunds, out of ten deliveries."""
    names = sorted(event_id.removeprefix("woocommerce:uk:727:") for event_id in {one.event_id for one in EVERYTHING})

    assert names == [
        "cancelled_order",
        "fulfilled_order",
        "ordered_product:31",
        "ordered_product:32",
        "placed_order",
        "refunded_order:51",
        "refunded_order:52",
    ]


@settings(max_examples=300, deadline=None)
@given(st.permutations(range(len(LIFE))), st.lists(st.integers(0, len(LIFE) - 1), max_size=10))
def test_any_order_and_any_repeats_end_the_same(arrival: list[int], repeats: list[int]) -> None:
    """Created after updated, refunds before the order, two bodies of one second, the cancellation first."""
    book = BookedOrder()
    for at in (*arrival, *repeats):
        book = fold(book, TOLD[at])

    assert book == FINAL
    assert fingerprint(book) == fingerprint(FINAL)


PERIODS = [
    {"status": "active"},
    {"status": "on-hold"},
    {"status": "on-hold", "date_modified_gmt": "2026-11-05T00:00:00"},
    {"status": "active", "date_modified_gmt": "2026-11-06T00:00:00"},
    {"status": "pending-cancel", "cancelled_date_gmt": "2026-11-07T00:00:00", "end_date_gmt": "2026-12-01T09:30:05"},
    {"status": "cancelled", "cancelled_date_gmt": "2026-11-07T00:00:00", "end_date_gmt": "2026-12-01T09:30:05"},
]


@given(st.permutations(PERIODS), st.lists(st.sampled_from(PERIODS)))
def test_a_subscriptions_life_is_three_events_in_any_order(arrival: list[Any], repeats: list[Any]) -> None:
    """Started, paused, cancelled."""
    bodies = [woocommerce_subscription(**changes) for changes in (*arrival, *repeats)]
    ids = {event.event_id for body in bodies for event in woocommerce("subscription.updated", body).events}

    assert {one.removeprefix("woocommerce:uk:1300:").partition(":")[0] for one in ids} == {
        "subscription_started",
        "subscription_paused",
        "subscription_cancelled",
    }
    assert len(ids) == 3
