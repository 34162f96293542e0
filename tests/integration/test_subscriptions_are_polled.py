"""A subscription whose webhook never came is found at Recharge, and goes the way of a webhook."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from commerce_sync.aws.control import document_item
from commerce_sync.contracts.envelope import Envelope
from commerce_sync.errors import RetriableError

from local.in_process import InProcessBundle
from local.sandboxes.base import Fault
from local.sandboxes.server import Sandboxes
from local.stack import store_urls
from tests.fakes import bundle as b
from tests.fakes.delivered import end_pauses
from tests.integration import test_orders_are_polled as orders
from tests.integration.test_orders_are_polled import ago, deliver, found
from tests.unit.intake.recharge_bodies import recharge_customer, subscription

pytestmark = pytest.mark.network

STARTED = "recharge:us:11111:subscription_started"
OLD = "2025-03-01T09:30:00+00:00"


@pytest.fixture
def bundle(sandboxes: Sandboxes) -> Iterator[InProcessBundle]:
    """A bundle that has read its account through until three hours ago."""
    sandboxes.recharge.state.configure({"put_customers": [recharge_customer()]})
    with b.ready_bundle({**b.LIVE, "StoreBaseUrls": store_urls(sandboxes.urls)}) as ready:
        read_through(ready, ago(hours=3))
        yield ready


def read_through(bundle: InProcessBundle, through: datetime) -> None:
    """Set the account's cursor."""
    document = {"through": through.isoformat(), "rescanned_at": datetime.now(UTC).isoformat()}
    item = document_item("cursor#subscriptions#recharge:us", document, 1)
    b.aws_client("dynamodb").put_item(TableName=bundle.names["ControlTable"], Item=item)


def subscribes(sandboxes: Sandboxes, at: datetime, **changes: object) -> None:
    """A subscription that changed at a moment, and was begun then unless it says when; no webhook is sent."""
    body = subscription(**{"created_at": at.isoformat(), "updated_at": at.isoformat(), **changes})
    sandboxes.recharge.state.configure({"put_subscriptions": [body]})


def poll(bundle: InProcessBundle) -> list[Envelope]:
    """One run of the schedule; returns what it put on the inbound queue."""
    orders.poll(bundle, "recharge")
    return found(bundle)


def missed(bundle: InProcessBundle) -> list[int]:
    """How many only polling told, by day."""
    name = "polled#recharge:us"
    bodies = {one["name"]["S"]: one.get("body", {}).get("S", "{}") for one in b.items(bundle, "ControlTable")}
    told: dict[str, Any] = json.loads(bodies.get(name, "{}"))
    return list(told.get("found", {}).values())


def test_a_start_without_a_webhook_is_found_once_its_hour_has_passed(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """With the id that its webhook would have given; once told, it is told no more."""
    subscribes(sandboxes, ago(minutes=70))
    (envelope,) = poll(bundle)
    assert (envelope.source, envelope.store, envelope.topic) == ("recharge", "us", "subscription/created")
    assert envelope.headers == {"x-commerce-sync-found-by": "poll"}
    assert deliver(bundle, [envelope]) == {STARTED}
    assert missed(bundle) == [1]
    read_through(bundle, ago(hours=3))
    assert poll(bundle) == []
    assert missed(bundle) == [1]


def test_an_end_is_told_of_one_that_was_begun_long_ago(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """And its start is not: that is history's."""
    at = ago(minutes=70)
    subscribes(sandboxes, at, created_at=OLD, status="cancelled", cancelled_at=at.isoformat())
    (envelope,) = poll(bundle)
    assert envelope.topic == "subscription/cancelled"
    assert deliver(bundle, [envelope]) == {f"recharge:us:11111:subscription_cancelled:{int(at.timestamp())}"}
    assert missed(bundle) == [1]


def test_one_that_began_and_ended_tells_both(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Of a single row."""
    at = ago(minutes=70)
    subscribes(sandboxes, at, status="cancelled", cancelled_at=at.isoformat())
    assert deliver(bundle, poll(bundle)) == {STARTED, f"recharge:us:11111:subscription_cancelled:{int(at.timestamp())}"}


def test_a_webhook_that_came_leaves_nothing_to_find(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """The webhook's body may differ from the row: the events' ids decide."""
    subscribes(sandboxes, ago(minutes=70), quantity=3)
    (envelope,) = poll(bundle)
    deliver(bundle, [envelope])
    subscribes(sandboxes, ago(minutes=65), created_at=ago(minutes=70).isoformat(), quantity=5)
    assert poll(bundle) == []
    assert missed(bundle) == [1]


def test_what_only_goes_on_is_not_told(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """A pause, a skip and a new date look alike in a list: nothing is guessed."""
    subscribes(sandboxes, ago(minutes=70), created_at=OLD)
    assert poll(bundle) == []
    assert missed(bundle) == []


def test_what_is_still_on_its_way_is_waited_for(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Its webhook has its hour."""
    subscribes(sandboxes, ago(minutes=50))
    assert poll(bundle) == []


def test_every_page_is_read(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Three hundred of one second, more than a page holds."""
    at = ago(minutes=70).isoformat()
    many = [subscription(id=number, created_at=at, updated_at=at) for number in range(1, 301)]
    sandboxes.recharge.state.configure({"put_subscriptions": many})
    envelopes = poll(bundle)
    ids = {json.loads(one.body or "")["subscription"]["id"] for one in envelopes}
    assert (len(envelopes), ids) == (300, set(range(1, 301)))


def test_a_row_that_cannot_be_read_is_set_aside_with_its_reason(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """And is not counted as missed: nobody knows whether it was."""
    subscribes(sandboxes, ago(minutes=70), created_at="soon")
    assert deliver(bundle, poll(bundle)) == set()
    (item,) = b.items(bundle, "QuarantineTable")
    assert (item["code"]["S"], item["path"]["S"]) == ("bad_time", "subscription.created_at")
    assert missed(bundle) == []


def test_where_recharge_asks_to_wait_the_next_run_goes_on(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """The cursor stands."""
    subscribes(sandboxes, ago(minutes=70))
    sandboxes.recharge.faults.append(Fault("GET", "/subscriptions", status=429))
    with pytest.raises(RetriableError):
        poll(bundle)
    assert found(bundle) == []
    end_pauses(bundle)
    assert len(poll(bundle)) == 1
