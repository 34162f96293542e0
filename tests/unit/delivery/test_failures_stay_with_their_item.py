"""One bad item never fails its neighbours; waits are honoured; nothing is dropped."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from math import ceil, log2

import pytest
from commerce_sync.delivery.recording import Destinations
from commerce_sync.errors import PausedError, PermanentError, RetriableError

from tests.fakes.day import DISPATCH_LEASE, LEASE, DeliveryDay
from tests.fakes.facts import facts, placed, refunded, started_checkout

MANY = [started_checkout(f"c{number}") for number in range(64)]


def test_a_refused_event_is_parked_and_its_neighbours_arrive() -> None:
    """A permanent error stays with its item."""
    day = DeliveryDay()
    day.klaviyo.refuses = {MANY[3].event_id}
    day.deliver(*(facts(event) for event in MANY[:8]))
    assert set(day.klaviyo.events) == {event.event_id for event in MANY[:8]} - day.klaviyo.refuses
    assert [p.reason for p in day.book.promises() if p.status == "parked"] == ["refused"]


@pytest.mark.parametrize("bad", [1, 2, 5])
def test_a_refused_bulk_job_is_bisected(bad: int) -> None:
    """K bad of n items cost at most 1 + 2k(ceil(log2(n/k)) + 1) calls, and the others arrive."""
    day = DeliveryDay(deep=True)
    day.klaviyo.refuses = {event.event_id for event in MANY[:: len(MANY) // bad][:bad]}
    day.deliver(*(facts(event) for event in MANY))
    assert len(day.klaviyo.events) == len(MANY) - bad
    bound = 1 + 2 * bad * (ceil(log2(len(MANY) / bad)) + 1)
    assert day.klaviyo.bulks + day.klaviyo.singles <= bound


def test_a_rate_limit_stops_the_flush_and_is_waited_out() -> None:
    """After a 429 nothing more is sent until the vendor's wait is over; then everything is."""
    day = DeliveryDay()
    day.klaviyo.next_errors = [PausedError("429", retry_after=600)]
    day.deliver(*(facts(event) for event in MANY[:5]))
    assert day.klaviyo.singles == 1
    day.go_round(1, minutes=9)
    assert day.klaviyo.singles == 1
    day.go_round(1, minutes=2)
    assert len(day.klaviyo.events) == 5


def test_a_passing_fault_of_one_item_does_not_stop_the_others() -> None:
    """A 503 is that item's; three in a row are the vendor's."""
    day = DeliveryDay()
    day.klaviyo.next_errors = [RetriableError("503")]
    day.deliver(*(facts(event) for event in MANY[:5]))
    assert len(day.klaviyo.events) == 4
    day.go_round()
    assert len(day.klaviyo.events) == 5


def test_a_vendor_that_keeps_failing_is_left_alone_for_this_flush() -> None:
    """Three failures in a row end it; nothing is lost."""
    day = DeliveryDay()
    day.klaviyo.next_errors = [RetriableError("503")] * 3
    day.deliver(*(facts(event) for event in MANY[:10]))
    assert day.klaviyo.singles == 3
    day.go_round(2)
    assert len(day.klaviyo.events) == 10


def test_a_worker_that_runs_out_of_time_leaves_the_rest_due() -> None:
    """No call is started that the function could not finish."""
    day = DeliveryDay(may_go_on=lambda: False)
    day.deliver(*(facts(event) for event in MANY[:3]))
    assert day.klaviyo.singles == 0
    day.may_go_on = lambda: True
    day.go_round()
    assert len(day.klaviyo.events) == 3


def test_each_retry_waits_twice_as_long_up_to_a_limit() -> None:
    """Backoff from 15 s to an hour."""
    day = DeliveryDay()
    day.klaviyo.next_errors = [RetriableError("503")] * 30
    day.deliver(facts(MANY[0]))
    waits = []
    for _ in range(10):
        (promise,) = day.book.promises()
        assert promise.due_at is not None
        waits.append(promise.due_at - day.now)
        day.go_round(1, minutes=waits[-1].total_seconds() / 60)
    assert waits[0] == timedelta(seconds=15)
    assert all(earlier <= later for earlier, later in pairwise(waits))
    assert waits[-1] == timedelta(hours=1)


def test_a_promise_that_leads_nowhere_for_days_is_parked_not_dropped() -> None:
    """In the end a person decides."""
    day = DeliveryDay()
    day.klaviyo.next_errors = [RetriableError("503")] * 1000
    day.deliver(facts(MANY[0]))
    day.go_round(200, minutes=61)
    assert [(p.status, p.reason) for p in day.book.promises()] == [("parked", "gave up: 503")]


def test_an_order_that_hubspot_refuses_is_parked_and_the_others_are_shown() -> None:
    """Per-item verdicts are honoured."""
    day = DeliveryDay()
    day.hubspot.refuses = {"shopify:us:2"}
    day.deliver(*(facts(placed(str(number))) for number in range(4)))
    assert set(day.hubspot.shown) == {f"shopify:us:{number}" for number in (0, 1, 3)}
    assert [p.subject for p in day.book.promises() if p.status == "parked"] == ["shopify:us:2"]


def test_an_order_whose_buyer_hubspot_refuses_is_shown_without_them_and_parked_with_the_reason() -> None:
    """Its revenue counts at once; that it hangs on no contact is not passed over, and is mended by a release."""
    day = DeliveryDay()
    day.hubspot.refuses = {"ana@example.com"}
    day.deliver(facts(placed("1")), facts(placed("2", person=None)))
    assert set(day.hubspot.shown) == {"shopify:us:1", "shopify:us:2"}
    assert [(p.subject, p.reason) for p in day.book.promises() if p.status == "parked"] == [
        ("shopify:us:1", "shown without its buyer's contact: hubspot 207 INVALID_EMAIL")
    ]


def test_hubspot_being_away_delays_orders_and_not_events() -> None:
    """One destination's trouble is not the other's."""
    day = DeliveryDay()
    day.hubspot.next_errors = [PausedError("401", retry_after=60)]
    day.deliver(facts(placed()))
    assert set(day.klaviyo.events) == {placed().event_id}
    assert day.hubspot.shown == {}
    day.go_round()
    assert set(day.hubspot.shown) == {"shopify:us:1001"}


def test_an_observed_destination_is_written_down_and_not_called() -> None:
    """Observe mode shows what would be sent."""
    day = DeliveryDay(live=Destinations(klaviyo=False, hubspot=False))
    day.deliver(facts(placed()))
    assert {p.status for p in day.book.promises()} == {"observed"}
    assert (day.klaviyo.singles, day.klaviyo.bulks, day.hubspot.writes) == (0, 0, 0)
    assert all(p.due_at is None for p in day.book.promises())


def test_a_deep_queue_is_flushed_in_the_fewest_bulk_calls() -> None:
    """ceil(n / limit) calls."""
    day = DeliveryDay(deep=True)
    day.klaviyo = replace(day.klaviyo, most=10)
    day.deliver(*(facts(event) for event in MANY))
    assert (day.klaviyo.bulks, day.klaviyo.singles) == (ceil(len(MANY) / 10), 0)


def test_a_retry_does_not_turn_an_error_into_another() -> None:
    """Parked is parked: the dispatcher never hands it out again."""
    day = DeliveryDay()
    day.klaviyo.next_errors = [PermanentError("400 invalid at /data/attributes/time")]
    day.deliver(facts(MANY[0]))
    day.go_round(5)
    assert day.klaviyo.singles == 1


def test_a_destination_that_is_away_for_days_parks_nothing() -> None:
    """A rate limit, a daily quota or an expired token is no attempt at any one promise."""
    day = DeliveryDay()
    day.klaviyo.next_errors = [PausedError("429", retry_after=10)] * 500
    day.hubspot.next_errors = [PausedError("401", retry_after=10)] * 500
    day.deliver(facts(placed()))
    day.go_round(300, minutes=5)
    assert {promise.status for promise in day.book.promises()} == {"pending"}
    day.klaviyo.next_errors, day.hubspot.next_errors = [], []
    day.go_round(3)
    assert {promise.status for promise in day.book.promises()} == {"delivered"}


def test_messages_that_wait_long_in_the_queue_cost_no_attempt() -> None:
    """An attempt is counted where a promise is taken over, not where it is handed out."""
    day = DeliveryDay()
    day.klaviyo.next_errors = [RetriableError("503")]
    day.deliver(facts(MANY[0]))
    for _ in range(100):
        day.now += timedelta(hours=1)
        day.book.claim_due(day.now, f"unread-{day.now}", DISPATCH_LEASE)
    (promise,) = day.book.promises()
    assert (promise.status, promise.attempts) == ("pending", 0)
    day.go_round(1, minutes=20)
    assert len(day.klaviyo.events) == 1


def test_one_message_read_by_two_workers_is_taken_over_once() -> None:
    """The second finds another claim."""
    day = DeliveryDay()
    day.klaviyo.next_errors = [RetriableError("503")]
    day.deliver(facts(MANY[0]))
    day.now += timedelta(minutes=5)
    rows = tuple(day.book.claim_due(day.now, "dispatch", DISPATCH_LEASE))
    until = day.now + timedelta(seconds=LEASE)
    assert len(day.book.take_over(rows, "one", until)) == 1
    assert day.book.take_over(rows, "two", until) == []


def test_a_destination_switched_off_gets_nothing_more_and_loses_nothing() -> None:
    """What was promised while it was live waits until it is live again."""
    day = DeliveryDay()
    day.klaviyo.next_errors = [RetriableError("503")]
    day.hubspot.next_errors = [RetriableError("503")]
    day.deliver(facts(placed()), facts(refunded("2002")))
    day.live = Destinations(klaviyo=False, hubspot=False)
    calls = (day.klaviyo.singles, day.hubspot.writes)
    day.deliver(facts(placed("2002")))
    day.go_round(5, minutes=90)
    assert (day.klaviyo.singles, day.hubspot.writes) == calls
    day.live = Destinations(klaviyo=True, hubspot=True)
    day.go_round(3, minutes=90)
    assert placed().event_id in day.klaviyo.events
    assert "shopify:us:1001" in day.hubspot.shown


def test_what_was_tried_before_never_goes_in_bulk() -> None:
    """A bulk job fails whole on an id that Klaviyo has already."""
    day = DeliveryDay(deep=True)
    day.klaviyo.next_errors = [RetriableError("no answer")]
    day.deliver(*(facts(event) for event in MANY[:5]))
    assert (day.klaviyo.bulks, day.klaviyo.singles) == (1, 0)
    day.go_round()
    assert (day.klaviyo.bulks, day.klaviyo.singles) == (1, 5)
