"""Events are counted where they are told, once each, and their stores are told silent, low or wrong."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from commerce_sync.aws.event_checks import EventChecks
from commerce_sync.config.stores import configured_stores
from commerce_sync.contracts.event_checks import EventTally, Sighting

from local.in_process import InProcessBundle, LambdaContext
from local.sample_day.deliveries import Delivery
from tests.fakes import bundle as b
from tests.fakes.delivered import command
from tests.integration.test_a_delivery_becomes_events import shopify_order
from tests.integration.test_web_events import sent
from tests.unit.intake.web_bodies import viewed

ZONE = ZoneInfo(configured_stores()["shopify", "us"].time_zone)
OBSERVED = {**b.LIVE, "KlaviyoMode": "observe", "HubSpotMode": "observe"}
"""Nothing is sent, and everything is counted all the same."""


@pytest.fixture
def bundle() -> Iterator[InProcessBundle]:
    """A bundle that only observes."""
    with b.ready_bundle(OBSERVED) as ready:
        yield ready


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[[str], list[dict[str, Any]]]:
    """A metric's lines since the last look, without their heads."""

    def lines(metric: str) -> list[dict[str, Any]]:
        read = [json.loads(line) for line in capsys.readouterr().out.splitlines() if f'"{metric}": ' in line]
        return [{name: value for name, value in one.items() if name != "_aws"} for one in read]

    return lines


def deliver(bundle: InProcessBundle, *deliveries: Delivery) -> list[str]:
    """Deliveries of now, all the way; returns the messages that event_delivery took."""
    for delivery in deliveries:
        event = b.api_event(delivery)
        event["requestContext"] |= {"timeEpoch": int(datetime.now(UTC).timestamp() * 1000)}
        assert b.post(bundle, event)["statusCode"] == 200
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
    messages = b.waiting(bundle, "EventsQueue")
    assert b.consume(bundle, "event_delivery", messages) == []
    return messages


def run(bundle: InProcessBundle, days: int | None = None) -> dict[str, Any]:
    """One run of the schedule."""
    with bundle.function("event_validation") as module:
        return dict(module.handler({} if days is None else {"days": days}, LambdaContext()))


def row(bundle: InProcessBundle, event: str, store: str = "shopify:us") -> dict[str, Any]:
    """A line of status."""
    found: dict[str, Any] = command(bundle, "status")["events"][store]["events"][event]
    return found


def order(order_id: int, at: datetime | None = None, **changes: Any) -> Delivery:
    """An order of just now, or of then."""
    placed = (at or datetime.now(UTC)).isoformat(timespec="seconds")
    return shopify_order(id=order_id, created_at=placed, processed_at=placed, updated_at=placed, **changes)


def noon_of(day: date) -> datetime:
    """The middle of a day of the store's."""
    return datetime.combine(day, time(12), ZONE)


def checks_of(bundle: InProcessBundle) -> EventChecks:
    """What the function keeps."""
    return EventChecks(bundle.names["EventChecksTable"])


def test_an_event_counts_once_however_often_it_is_told(
    bundle: InProcessBundle, told: Callable[[str], list[dict[str, Any]]]
) -> None:
    """Webhook, repeat, newer body: one order. What is refused counts beside it, a test order does not."""
    first = order(1)
    deliver(bundle, first, replace(first, delivery_id="again"), order(1, financial_status="refunded"), order(2))
    deliver(bundle, order(3, total_price="1.2.3"), order(4, test=True))
    run(bundle)
    assert {line["event"]: line["ValidEvents"] for line in told("ValidEvents")}["placed_order"] == 2
    once = row(bundle, "placed_order")
    run(bundle)
    assert (told("ValidEvents"), told("InvalidEvents")) == ([], [])
    again = row(bundle, "placed_order")
    assert (once["seen"], once["valid"], once["invalid"]) == (3, 2, {"bad_money": 1})
    assert once["no_event"] == {"test_order": 1}
    assert once["state"] == "ok"
    assert {name: value for name, value in again.items() if name != "silent_for_hours"} == {
        name: value for name, value in once.items() if name != "silent_for_hours"
    }


def test_a_crash_between_the_fact_and_its_note_loses_no_count(bundle: InProcessBundle) -> None:
    """The message comes again: the order book knows it already, and it is noted then."""
    messages = deliver(bundle, order(1))
    for item in b.items(bundle, "EventChecksTable"):
        key = {name: item[name] for name in ("page", "row")}
        b.aws_client("dynamodb").delete_item(TableName=bundle.names["EventChecksTable"], Key=key)
    run(bundle)
    assert row(bundle, "placed_order")["seen"] == 0
    assert b.consume(bundle, "event_delivery", messages) == []
    run(bundle)
    assert row(bundle, "placed_order")["seen"] == 1


def test_a_refused_delivery_that_is_replayed_and_taken_is_not_refused_any_more(bundle: InProcessBundle) -> None:
    """One that is still wrong is set aside anew, and counts once as before."""
    deliver(bundle, order(1, total_price="1.2.3"))
    run(bundle)
    assert row(bundle, "placed_order")["invalid"] == {"bad_money": 1}
    command(bundle, "replay", code="bad_money", dry_run=False)
    run(bundle)
    assert row(bundle, "placed_order")["seen"] == 0
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
    run(bundle)
    assert (row(bundle, "placed_order")["seen"], row(bundle, "placed_order")["invalid"]) == (1, {"bad_money": 1})


def test_what_a_browser_tells_counts_for_its_shop(bundle: InProcessBundle) -> None:
    """A view is the shop's; what cannot be read is the shop's too, and nobody knows which event it was."""
    assert b.post(bundle, sent(viewed(), {"id": "1", "name": "product_viewed"}))["statusCode"] == 200
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
    assert b.consume(bundle, "event_delivery", b.waiting(bundle, "EventsQueue")) == []
    run(bundle)
    view, unread = row(bundle, "viewed_product"), row(bundle, "unread")
    assert (view["seen"], view["valid"], view["state"]) == (1, 1, "ok")
    assert (unread["seen"], unread["invalid"], unread["state"]) == (1, {"web_event_unreadable": 1}, "invalid")
    assert (unread["allowed_hours"], unread["last_at"]) == (None, None)


def test_a_store_that_says_nothing_is_told_by_name(
    bundle: InProcessBundle, told: Callable[[str], list[dict[str, Any]]]
) -> None:
    """Not at first: the stack is new. Then by store and event, and it ends with the first event."""
    run(bundle)
    assert {line["SilentEvents"] for line in told("SilentEvents")} == {0}
    assert row(bundle, "placed_order")["state"] == "not_yet"
    checks = checks_of(bundle)
    stood = checks.standing("shopify:us")
    assert stood is not None
    checks.keep_standing(stood.model_copy(update={"since": stood.since - timedelta(hours=25)}))
    run(bundle)
    silent = {line["event"] for line in told("SilentEvents") if line["SilentEvents"] and line["store"] == "shopify:us"}
    assert silent == {"viewed_product", "added_to_cart", "started_checkout", "placed_order"}
    assert row(bundle, "refunded_order")["state"] == "not_yet"
    kept = checks.day("shopify:us", stood.today) or {}
    assert {name for name, tally in kept.items() if tally.silent} == silent, "the day's own result says so"
    deliver(bundle, order(1))
    run(bundle)
    assert (checks.day("shopify:us", stood.today) or {})["placed_order"].silent, "it was, until just now"
    assert row(bundle, "placed_order")["silent_too_long"]
    assert row(bundle, "placed_order")["state"] == "ok"
    assert row(bundle, "placed_order")["silent_for_hours"] < 0.1


def test_a_yesterday_without_its_orders_is_low_until_they_are_found(
    bundle: InProcessBundle, told: Callable[[str], list[dict[str, Any]]]
) -> None:
    """What polling finds later belongs to its own day, and the state follows."""
    deliver(bundle, order(9))
    run(bundle)
    checks = checks_of(bundle)
    stood = checks.standing("shopify:us")
    assert stood is not None
    checks.keep_standing(stood.model_copy(update={"since": stood.since - timedelta(days=60)}))
    yesterday = stood.today - timedelta(days=1)
    for week in range(1, 5):
        checks.keep_day("shopify:us", yesterday - timedelta(weeks=week), {"placed_order": EventTally(seen=7, valid=7)})
    run(bundle)
    (low,) = [line for line in told("LowEvents") if line["LowEvents"]]
    assert (low["store"], low["event"]) == ("shopify:us", "placed_order")
    assert (row(bundle, "placed_order")["state"], row(bundle, "placed_order")["usual_for_yesterday"]) == ("low", 7.0)
    deliver(bundle, order(1, at=noon_of(yesterday)))
    run(bundle)
    found = row(bundle, "placed_order")
    assert (found["seen"], found["yesterday"]["seen"], found["state"]) == (1, 1, "ok")


def test_the_nightly_run_counts_what_was_found_weeks_later(bundle: InProcessBundle) -> None:
    """The hourly one looks at two days; what is older than what is kept is noted nowhere."""
    now = datetime.now(UTC)
    deliver(bundle, order(1, at=now - timedelta(days=20)), order(2, at=now - timedelta(days=400)))
    run(bundle)
    day = (now - timedelta(days=20)).astimezone(ZONE).date()
    assert checks_of(bundle).day("shopify:us", day) is None
    run(bundle, days=35)
    counted = checks_of(bundle).day("shopify:us", day)
    assert counted is not None
    assert (counted["placed_order"].seen, counted["placed_order"].late) == (1, 1)
    noted = {item["event_id"]["S"] for item in b.items(bundle, "EventChecksTable") if "event_id" in item}
    assert {event_id for event_id in noted if event_id.endswith("placed_order")} == {"shopify:us:1:placed_order"}


def test_what_is_noted_names_nobody(bundle: InProcessBundle) -> None:
    """So an erasure has nothing to look for there."""
    deliver(bundle, order(1))
    run(bundle)
    kept = json.dumps(b.items(bundle, "EventChecksTable"))
    assert "example.com" not in kept
    assert "Ada" not in kept


def test_an_event_whose_time_moves_with_its_order_counts_on_its_first_day(bundle: InProcessBundle) -> None:
    """WooCommerce dates no cancellation: each later change of the order tells it anew, as of then."""
    now, checks = datetime.now(UTC), checks_of(bundle)
    days = [(now - timedelta(days=back)).astimezone(ZONE).date() for back in (12, 5, 0)]
    for name in ("cancelled_order", "refunded_order"):
        checks.note(
            [
                Sighting("shopify:us", day, name, f"shopify:us:1:{name}", "", noon_of(day), noon_of(day))
                for day in (days if name == "cancelled_order" else days[2:])
            ],
            now,
        )
    for run_days in (None, 35, None):
        run(bundle, run_days)
        assert row(bundle, "refunded_order")["seen"] == 1
        assert (
            command(bundle, "status")["events"]["shopify:us"]["events"].get("cancelled_order", {"seen": 0})["seen"] == 0
        )
    found = [checks.day("shopify:us", day) or {} for day in days]
    assert [day.get("cancelled_order", EventTally()).seen for day in found] == [1, 0, 0]
