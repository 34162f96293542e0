"""Whatever arrives in whatever order, however often, and whoever dies: each event is told once, each order as it is."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from commerce_sync.contracts import BookedOrder, CanonicalEvent, DeliveredFacts, DueWork
from commerce_sync.delivery.order_book import fingerprint, fold
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.day import DeliveryDay
from tests.fakes.facts import facts, placed, refunded, started_checkout
from tests.fakes.order_book import Crasher

ORDER_FACTS = (
    placed(version=0),
    placed(version=5, value="49.90", status="partially_refunded"),
    placed(version=9, value="39.90", person=None),
    refunded(refund_id="1", amount="10.00"),
    refunded(refund_id="2", amount="10.00"),
    started_checkout(),
)
EVENT_IDS = {event.event_id for event in ORDER_FACTS}
FINAL = fold(BookedOrder(), ORDER_FACTS)


def assert_all_is_told(day: DeliveryDay) -> None:
    """Every event is at Klaviyo, the order's final state at HubSpot, and no promise is open."""
    assert set(day.klaviyo.events) == EVENT_IDS
    assert day.hubspot.shown == {"shopify:us:1001": fingerprint(FINAL)}
    assert {promise.status for promise in day.book.promises()} == {"delivered"}


def test_every_order_of_arrival_folds_to_the_same_order() -> None:
    """All permutations of an order's facts give one order."""
    assert {fold(BookedOrder(), order).model_dump_json() for order in permutations(ORDER_FACTS)} == {
        FINAL.model_dump_json()
    }


@pytest.mark.parametrize("arrival", list(permutations(range(5))), ids=str)
def test_every_order_of_arrival_tells_the_vendors_the_same(arrival: tuple[int, ...]) -> None:
    """Updates before creates, refunds before orders: the end is the same, and each event is sent once."""
    day = DeliveryDay()
    for index in (*arrival, 5):
        day.deliver(facts(ORDER_FACTS[index]))
    day.go_round(3)
    assert_all_is_told(day)
    assert day.klaviyo.repeats == 0


def test_a_second_delivery_of_everything_writes_nothing_and_calls_nobody() -> None:
    """A change that changes nothing causes nothing."""
    day = DeliveryDay()
    day.deliver(*(facts(event) for event in ORDER_FACTS))
    calls = (day.klaviyo.singles, day.klaviyo.bulks, day.hubspot.writes, day.book.writes)
    for event in ORDER_FACTS:
        day.deliver(facts(event))
    assert (day.klaviyo.singles, day.klaviyo.bulks, day.hubspot.writes, day.book.writes) == calls


def test_an_older_version_changes_nothing_at_hubspot() -> None:
    """The highest version wins; a late one is not shown."""
    day = DeliveryDay()
    day.deliver(facts(placed(version=9, value="39.90")))
    shown, writes = dict(day.hubspot.shown), day.hubspot.writes
    day.deliver(facts(placed(version=1, value="59.90")))
    assert (day.hubspot.shown, day.hubspot.writes) == (shown, writes)


def test_every_boundary_between_two_writes_may_kill_the_worker() -> None:
    """Killed once at any boundary, the next rounds finish the promises; a redelivery of the messages adds nothing."""
    whole = Crasher()
    DeliveryDay(whole).deliver(*(facts(event) for event in ORDER_FACTS))
    assert len(whole.passed) >= 25, whole.passed
    for boundary in range(len(whole.passed)):
        day = DeliveryDay(Crasher(boundary))
        messages = [facts(event) for event in ORDER_FACTS]
        assert not day.deliver(*messages), whole.passed[boundary]
        day.deliver(*messages)
        day.go_round(6)
        assert_all_is_told(day)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_mix_of_repeats_reorderings_and_deaths_ends_the_same(data: st.DataObject) -> None:
    """Random batches of random facts, some workers dying anywhere, the dispatcher going round between."""
    live_through(data)


@pytest.mark.soak
@settings(max_examples=20_000, deadline=None)
@given(data=st.data())
def test_any_mix_ends_the_same_for_a_long_time(data: st.DataObject) -> None:
    """The same, for minutes."""
    live_through(data)


def live_through(data: st.DataObject) -> None:
    """One random history, and its end."""
    crashes = data.draw(st.sets(st.integers(0, 80), max_size=4), label="deaths")
    seen = 0

    def maybe_die(boundary: str) -> None:
        nonlocal seen
        seen += 1
        if seen in crashes:
            Crasher(0)(boundary)

    day = DeliveryDay(maybe_die)
    queue: list[CanonicalEvent] = [*ORDER_FACTS, *data.draw(st.lists(st.sampled_from(ORDER_FACTS), max_size=8))]
    queue = data.draw(st.permutations(queue), label="arrival")
    while queue:
        size = data.draw(st.integers(1, 4), label="batch")
        batch, queue = queue[:size], queue[size:]
        due = day.dispatched() if data.draw(st.booleans(), label="dispatcher") else []
        messages: list[DeliveredFacts | DueWork] = [*map(facts, batch), *due]
        messages = data.draw(st.permutations(messages), label="order in the batch")
        if not day.deliver(*messages):
            queue += batch
    day.go_round(12)
    assert_all_is_told(day)


def test_two_workers_never_send_one_promise_at_a_time() -> None:
    """While a lease runs, the same facts in another worker's hands are nobody's business."""
    day = DeliveryDay(Crasher(2))
    assert not day.deliver(facts(started_checkout()))
    sent = day.klaviyo.singles
    day.deliver(facts(started_checkout()))
    assert day.klaviyo.singles == sent
    day.go_round()
    assert set(day.klaviyo.events) == {started_checkout().event_id}


def test_an_order_that_changes_while_it_is_written_is_written_again() -> None:
    """What HubSpot was told is compared with what is wanted now, not with what was wanted then."""
    day = DeliveryDay()

    def change_meanwhile(boundary: str) -> None:
        if boundary == "after hubspot took an order":
            day.hubspot.crash = lambda _: None
            day.deliver(facts(placed(version=7, value="19.90")))

    day.hubspot.crash = change_meanwhile
    day.deliver(facts(placed(version=0)))
    day.go_round(2)
    final = fold(BookedOrder(), [placed(version=7, value="19.90")])
    assert day.hubspot.shown == {"shopify:us:1001": fingerprint(final)}


def test_a_refund_whose_order_never_comes_waits_and_is_parked_with_its_reason() -> None:
    """Waiting is a row; it ends after its patience, for a person to see."""
    day = DeliveryDay()
    day.deliver(facts(refunded()))
    assert [promise.status for promise in day.book.promises()] == ["waiting"]
    day.go_round(60, minutes=60)
    assert [(p.status, p.reason) for p in day.book.promises()] == [("parked", "order_never_arrived")]
    assert day.klaviyo.events == {}


def test_a_refund_waits_for_its_order_and_goes_to_the_orders_buyer() -> None:
    """The order's arrival releases what waited for it, at once."""
    day = DeliveryDay()
    day.deliver(facts(refunded()))
    day.deliver(facts(placed()))
    sent = day.klaviyo.events[refunded().event_id]
    assert sent.person is not None
    assert sent.person.email == "ana@example.com"


def test_an_order_that_comes_after_all_frees_the_refund_that_nothing_came_of() -> None:
    """History is read days later. It is told with all its tries before it, whatever its waiting took of them."""
    day = DeliveryDay()
    day.deliver(facts(refunded()))
    day.go_round(60, minutes=60)
    day.deliver(facts(placed(person=None)))
    assert [one.reason for one in day.book.promises() if one.event] == ["nobody_to_tell"] * 2
    day.deliver(facts(placed(version=5)))
    day.go_round(2)
    assert set(day.klaviyo.events) == {refunded().event_id, placed().event_id}
    assert {promise.status for promise in day.book.promises()} == {"delivered"}


def test_what_was_refused_is_not_freed_by_its_orders_next_body() -> None:
    """A person releases it."""
    day = DeliveryDay()
    day.klaviyo.refuses.add(refunded().event_id)
    day.deliver(facts(placed()), facts(refunded()))
    day.deliver(facts(placed(version=5)))
    day.go_round(2)
    assert [one.status for one in day.book.promises() if one.event] == ["parked"]


def test_a_refund_that_comes_due_in_the_batch_that_brings_its_order_is_told() -> None:
    """One worker holds the row as waiting and then lets it go: the later word is what it keeps."""
    for order_first in (True, False):
        day = DeliveryDay()
        day.deliver(facts(refunded()))
        messages = [*day.dispatched(), facts(placed())]
        day.deliver(*(reversed(messages) if order_first else messages))
        day.go_round(2)
        assert set(day.klaviyo.events) == {refunded().event_id, placed().event_id}
        assert {promise.status for promise in day.book.promises()} == {"delivered"}


def test_a_refund_that_was_not_let_go_finds_its_order_when_it_comes_due() -> None:
    """Whatever went wrong when the order was written: what waits looks for its order again, each time."""
    day = DeliveryDay()
    day.deliver(facts(refunded()))
    (waiting,) = day.book.promises()
    day.deliver(facts(placed()))
    page = day.book.pages[waiting.subject]
    day.book.pages[waiting.subject] = replace(page, promises={**page.promises, waiting.row: waiting})
    day.go_round(2)
    assert {promise.status for promise in day.book.promises()} == {"delivered"}


def test_an_event_about_nobody_is_skipped_and_told_when_somebody_appears() -> None:
    """A checkout that names nobody yet makes no call; the same checkout with an address does."""
    day = DeliveryDay()
    day.deliver(facts(started_checkout(person=None)))
    assert [(p.status, p.reason) for p in day.book.promises()] == [("skipped", "nobody_to_tell")]
    day.deliver(facts(started_checkout()))
    assert set(day.klaviyo.events) == {started_checkout().event_id}


def test_old_events_are_history_and_trigger_no_flow() -> None:
    """What happened more than a day ago is sent as backfill."""
    day = DeliveryDay()
    day.now += timedelta(days=2)
    day.deliver(facts(placed()))
    assert day.klaviyo.backfilled == {placed().event_id}
