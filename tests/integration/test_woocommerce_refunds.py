"""A WooCommerce refund has the time and the amount of its own record, by webhook and by poll."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from commerce_sync.contracts import CanonicalEvent, DeliveredFacts

from local.in_process import InProcessBundle
from local.sample_day.deliveries import Delivery
from local.sandboxes.base import Fault
from local.sandboxes.server import Sandboxes
from local.stack import store_urls
from tests.fakes import bundle as b
from tests.integration.test_orders_are_polled import TOKENS, ago, poll, read_through
from tests.unit.intake.store_bodies import woocommerce_order

pytestmark = pytest.mark.network

EVENT_ID = "woocommerce:uk:727:refunded_order:51"
REFUNDS = "/wp-json/wc/v3/orders/727/refunds"
REFUNDED_AT = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.fixture
def bundle(sandboxes: Sandboxes) -> Iterator[InProcessBundle]:
    """A bundle that may ask its shop; order 727 is there, and 10.00 of it went back."""
    order = woocommerce_order(date_modified_gmt=ago(minutes=70).replace(tzinfo=None).isoformat())
    refund = {"id": 51, "amount": "10.00", "reason": "Broken", "date_created_gmt": "2026-11-20T08:00:00"}
    sandboxes.woocommerce.state.configure({"put_orders": [order], "refund": [{"order_id": 727, "refund": refund}]})
    with b.ready_bundle({**b.LIVE, "StoreBaseUrls": store_urls(sandboxes.urls)}) as ready:
        ready.put_secret("VendorTokens", TOKENS)
        yield ready


def delivered(bundle: InProcessBundle, sandboxes: Sandboxes) -> list[str]:
    """The order's webhook at the door of identity_normalization."""
    (order,) = sandboxes.woocommerce.state.snapshot()["orders"]
    headers = {"X-WC-Webhook-Topic": "order.updated"}
    delivery = Delivery("woocommerce", "uk", "order.updated", json.dumps(order).encode(), "d-1", headers=headers)
    event: dict[str, Any] = b.api_event(delivery)
    event["headers"] = {name.lower(): value for name, value in event["headers"].items()}
    assert b.post(bundle, event)["statusCode"] == 200
    return b.waiting(bundle, "InboundQueue")


def refund(bundle: InProcessBundle, messages: list[str]) -> CanonicalEvent:
    """What they tell of the refund."""
    assert b.consume(bundle, "identity_normalization", messages) == []
    (body,) = b.waiting(bundle, "EventsQueue")
    (event,) = (one for one in DeliveredFacts.parse(body).events if one.refund)
    assert event.event_id == EVENT_ID
    return event


def test_the_shop_is_asked_when_money_went_back(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Not when the order was last changed."""
    event = refund(bundle, delivered(bundle, sandboxes))
    assert (event.occurred_at, str(event.value), event.properties) == (REFUNDED_AT, "10.00", {})


def test_a_polled_order_is_asked_about_like_any_other(bundle: InProcessBundle) -> None:
    """The same id and the same time."""
    read_through(bundle, "woocommerce", datetime.now(UTC) - timedelta(hours=3))
    poll(bundle, "woocommerce")
    event = refund(bundle, b.waiting(bundle, "InboundQueue"))
    assert (event.occurred_at, str(event.value), event.properties) == (REFUNDED_AT, "10.00", {})


def test_without_a_token_the_orders_last_change_stands_for_it(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """And the event says so; nobody is asked."""
    bundle.put_secret("VendorTokens", b.TOKENS)
    event = refund(bundle, delivered(bundle, sandboxes))
    assert event.properties == {"occurred_trust": "derived"}
    assert str(event.value) == "10.00"


def test_a_shop_that_is_away_gives_the_delivery_back(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """A guess would stay in Klaviyo for good: the first event of an id is the one that is kept."""
    sandboxes.woocommerce.faults.append(Fault("GET", REFUNDS, status=503))
    messages = delivered(bundle, sandboxes)
    assert b.consume(bundle, "identity_normalization", messages) == messages
    assert b.waiting(bundle, "EventsQueue") == []
    assert refund(bundle, messages).occurred_at == REFUNDED_AT
