"""What a vendor's own store app tells is noted and never sent: whatever arrives when, and whatever is decided later."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

import pytest
from commerce_sync.contracts import CanonicalEvent, DeliveredFacts, DueWork, EventName
from commerce_sync.contracts.event_rules import StoreEvents
from commerce_sync.contracts.natives import Destination
from commerce_sync.delivery.recording import Destinations
from commerce_sync.delivery.verifying import OURS, Ruling, Tellers, rule
from commerce_sync.errors import PausedError
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.day import LIVE, DeliveryDay
from tests.fakes.facts import ANA, NOON, facts, placed, refunded, started_checkout
from tests.fakes.order_book import Crasher

US = ("shopify", "us")
FACTS = (
    placed(version=0, person=None),
    placed(version=5, value="49.90"),
    placed("1002", version=1),
    refunded(),
    refunded(refund_id="2"),
    refunded("1003"),
    started_checkout(person=None),
    started_checkout(),
)


def telling(klaviyo: str = "verify", hubspot: str = "verify", *, live: bool = True, **events: str) -> Destinations:
    """Destinations of which the store's own app tells."""
    rules = StoreEvents(klaviyo=klaviyo, hubspot=hubspot, klaviyo_events=events)  # type: ignore[arg-type] # texts here
    return Destinations(klaviyo=live, hubspot=live, tellers=Tellers({US: rules}))


def release_everything(day: DeliveryDay) -> None:
    """``operations release``: parked promises get their tries again."""
    for page in day.book.pages.values():
        for row, promise in list(page.promises.items()):
            if promise.status == "parked":
                again = replace(promise, status="pending", due_at=day.now, attempts=0)
                page = replace(page, promises={**page.promises, row: again})  # noqa: PLW2901 # its next state
        day.book.pages[page.subject] = page


def live_through(data: st.DataObject, day: DeliveryDay) -> None:
    """Random batches, deaths, dispatchers and releases."""
    queue: list[CanonicalEvent] = [*FACTS, *data.draw(st.lists(st.sampled_from(FACTS), max_size=6))]
    queue = data.draw(st.permutations(queue), label="arrival")
    while queue:
        size = data.draw(st.integers(1, 4), label="batch")
        batch, queue = queue[:size], queue[size:]
        due = day.dispatched(data.draw(st.sampled_from([3.0, 3000.0]))) if data.draw(st.booleans()) else []
        messages: list[DeliveredFacts | DueWork] = [*map(facts, batch), *due]
        if not day.deliver(*data.draw(st.permutations(messages), label="order in the batch")):
            queue += batch
        if data.draw(st.booleans(), label="release"):
            release_everything(day)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_nothing_of_a_verified_store_is_ever_sent(data: st.DataObject) -> None:
    """Neither an event nor an order nor a contact, however often everything comes and whoever dies."""
    crashes = data.draw(st.sets(st.integers(0, 60), max_size=3), label="deaths")
    seen = 0

    def maybe_die(boundary: str) -> None:
        nonlocal seen
        seen += 1
        if seen in crashes:
            Crasher(0)(boundary)

    day = DeliveryDay(maybe_die, live=telling(live=data.draw(st.booleans(), label="live")))
    live_through(data, day)
    day.go_round(70, minutes=60)
    release_everything(day)
    day.go_round(3)

    assert (day.klaviyo.singles, day.klaviyo.bulks, day.hubspot.writes, day.hubspot.contacts) == (0, 0, 0, {})
    assert {promise.status for promise in day.book.promises()} == {"verified"}
    assert {promise.event.person for promise in day.book.promises() if promise.event} == {None}


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_what_was_verified_is_untold_for_ever_and_what_comes_after_is_told(data: st.DataObject) -> None:
    """Verify becomes deliver: repeats and replays of the old tell nobody; a new order is told whole."""
    day = DeliveryDay(live=telling())
    live_through(data, day)
    day.live = LIVE
    live_through(data, day)
    day.deliver(facts(placed("2001")), facts(refunded("2001")))
    day.go_round(5)

    new = {placed("2001").event_id, refunded("2001").event_id}
    assert set(day.klaviyo.events) == new
    assert set(day.hubspot.shown) == {"shopify:us:2001"}


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_what_still_waits_when_an_app_takes_over_is_not_sent(data: st.DataObject) -> None:
    """Deliver becomes verify: waiting, skipped, put-off and parked promises end verified, and nobody is called."""
    down = PausedError("down", retry_after=60.0)
    day = DeliveryDay()
    day.klaviyo.next_errors = [down] * 500
    day.hubspot.next_errors = [down] * 500
    live_through(data, day)
    day.klaviyo.next_errors, day.hubspot.next_errors = [], []
    day.live = telling()
    live_through(data, day)
    day.go_round(70, minutes=60)

    assert (day.klaviyo.events, day.hubspot.shown) == ({}, {})
    assert {promise.status for promise in day.book.promises()} <= {"verified", "parked", "skipped"}


def test_the_switch_is_of_each_event_and_of_each_destination() -> None:
    """Klaviyo's app tells orders, we tell checkouts and HubSpot."""
    day = DeliveryDay(live=telling(hubspot="deliver", started_checkout="deliver"))
    day.deliver(*map(facts, (placed(), refunded(), started_checkout())))

    assert set(day.klaviyo.events) == {started_checkout().event_id}
    assert set(day.hubspot.shown) == {"shopify:us:1001"}


def test_an_order_that_we_showed_before_goes_on_when_we_deliver_again() -> None:
    """It is our record; only while HubSpot's app is said to tell is it left alone."""
    day = DeliveryDay()
    day.deliver(facts(placed()))
    day.live = telling()
    day.deliver(facts(placed(version=1, value="30.00")))
    assert day.hubspot.writes == 1
    day.live = LIVE
    day.deliver(facts(placed(version=2, value="20.00")))
    assert day.hubspot.writes == 2


App = tuple[datetime | None, datetime | None]


def guarded(day: DeliveryDay, app: App, only: Destination | None = None) -> None:
    """Let an app be as it was last seen: its last event, and since when somebody says that it is off."""
    last, acknowledged = app

    def guard(destination: Destination, event: CanonicalEvent) -> Ruling:
        if only and destination != only:
            return OURS
        return rule(event.occurred_at, last, acknowledged, day.now)

    day.guard = guard


def test_while_an_app_is_alive_everything_waits_and_is_counted() -> None:
    """Not sent, not parked, not lost."""
    day = DeliveryDay()
    guarded(day, (NOON - timedelta(hours=1), None))
    day.deliver(facts(placed()), facts(started_checkout()))

    assert (day.klaviyo.events, day.hubspot.shown) == ({}, {})
    assert {(p.status, p.reason, p.attempts) for p in day.book.promises()} == {("pending", "native_metric_alive", 0)}
    assert day.last.refused == {("klaviyo", "shopify:us"): 2, ("hubspot", "shopify:us"): 1}


def test_what_waited_while_the_app_told_it_is_never_sent() -> None:
    """The next look finds that the app went on: what had happened by then is the app's, whatever is said later."""
    day = DeliveryDay()
    guarded(day, (NOON - timedelta(hours=1), None))
    day.deliver(facts(placed()), facts(started_checkout()))
    guarded(day, (NOON + timedelta(hours=3), None))
    day.go_round(3, minutes=60)
    assert {promise.status for promise in day.book.promises()} == {"verified"}

    guarded(day, (NOON + timedelta(hours=3), NOON + timedelta(hours=5)))
    day.deliver(facts(placed()), facts(placed(version=9)))
    day.go_round(3, minutes=60)
    assert (day.klaviyo.events, day.hubspot.shown) == ({}, {})


@pytest.mark.parametrize("how", ["acknowledged", "silent"])
def test_what_happened_after_the_apps_last_event_flows_once_it_is_off(how: Literal["acknowledged", "silent"]) -> None:
    """When an operator says so, or when nothing was heard of it for thirty days."""
    day = DeliveryDay()
    last = NOON - timedelta(hours=1)
    guarded(day, (last, None))
    day.deliver(facts(placed()))
    if how == "acknowledged":
        guarded(day, (last, NOON))
    day.go_round(3, minutes=60 if how == "acknowledged" else 60 * 24 * 11)

    assert set(day.klaviyo.events) == {placed().event_id}
    assert set(day.hubspot.shown) == {"shopify:us:1001"}


def test_an_app_that_is_heard_of_again_takes_the_word_back() -> None:
    """Somebody said that it is off, and it told something since."""
    happened, said = NOON, NOON - timedelta(hours=2)
    assert rule(happened, said - timedelta(minutes=1), said, NOON) == OURS
    assert rule(happened, said + timedelta(minutes=1), said, NOON).teller == "undecided"
    assert rule(happened, NOON, said, NOON).teller == "app"


def test_where_it_is_unknown_whether_an_app_is_alive_nothing_is_sent() -> None:
    """The vendor does not answer, or we may not ask: promises wait with that reason, and lose no try."""

    def guard(_destination: Destination, _event: CanonicalEvent) -> Ruling:
        raise PausedError("natives_unknown: klaviyo 403", retry_after=300.0)

    day = DeliveryDay(guard=guard)
    day.deliver(facts(placed()))
    day.go_round(200, minutes=60)

    assert (day.klaviyo.events, day.hubspot.shown) == ({}, {})
    assert {(p.status, p.reason) for p in day.book.promises()} == {("pending", "natives_unknown: klaviyo 403")}


@given(
    happened=st.integers(-90, 90),
    last=st.none() | st.integers(-90, 0),
    word=st.none() | st.integers(-90, 0),
    later=st.integers(0, 90),
)
def test_no_moment_is_told_by_both(happened: int, last: int | None, word: int | None, later: int) -> None:
    """What is ours happened after all that the app has told; once the app has told later, it is the app's."""
    day = timedelta(days=1)
    then = NOON + happened * day
    told = None if last is None else NOON + last * day
    ruling = rule(then, told, None if word is None else NOON + word * day, NOON)
    if ruling.teller == "us":
        assert told is None or then > told
    if told is not None and ruling.teller != "us":
        assert rule(then, max(then, told), None, NOON + later * day).teller == "app"


def test_every_event_name_can_be_verified() -> None:
    """The switch knows no exceptions."""
    names: tuple[EventName, ...] = ("viewed_product", "subscription_started", "refunded_order")
    tellers = telling().tellers
    events = [started_checkout().model_copy(update={"name": name}) for name in names]
    assert all(tellers.app_tells("klaviyo", event) for event in events)


def test_a_verified_checkout_says_that_it_names_nobody_until_a_body_names_somebody() -> None:
    """No app can tell of nobody, so nothing is expected of it; a later body may say who it is."""
    day = DeliveryDay(live=telling())
    for person, reason in ((None, "nobody_to_tell"), (ANA, None), (None, None)):
        day.deliver(facts(started_checkout(person=person)))
        assert [(one.status, one.reason) for one in day.book.promises()] == [("verified", reason)]


def test_a_verified_checkout_that_is_named_later_stays_the_apps() -> None:
    """Whatever is configured by then: the app told it."""
    day = DeliveryDay(live=telling())
    day.deliver(facts(started_checkout(person=None)))
    day.live = LIVE
    day.deliver(facts(started_checkout()))
    day.go_round(3)
    assert day.klaviyo.events == {}
    assert [(one.status, one.reason) for one in day.book.promises()] == [("verified", None)]
