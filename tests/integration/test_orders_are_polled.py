"""An order whose webhook never came is found at its store and goes the way of a webhook; it is counted once."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from commerce_sync.aws.control import document_item
from commerce_sync.contracts import DeliveredFacts
from commerce_sync.contracts.envelope import Envelope
from commerce_sync.errors import RetriableError
from commerce_sync.polling.cursors import Cursor

from local.in_process import InProcessBundle, LambdaContext
from local.sandboxes.base import Fault
from local.sandboxes.server import Sandboxes
from local.stack import store_urls
from tests.fakes import bundle as b
from tests.unit.intake import bodies as s
from tests.unit.intake.bigcommerce_bodies import bigcommerce_order, engraving, product
from tests.unit.intake.store_bodies import woocommerce_order

pytestmark = pytest.mark.network
TOKENS = {
    **b.TOKENS,
    "shopify": {"us": "shpat_local"},
    "woocommerce": {"uk": "ck_local:cs_local"},
}
API_URL = "https://sample.execute-api.us-east-1.amazonaws.com"
STORES = {"shopify": "us", "bigcommerce": "outlet", "woocommerce": "uk"}
LISTS = {
    "shopify": "/admin/api/2026-10/orders.json",
    "bigcommerce": "/stores/sandbox/v2/orders",
    "woocommerce": "/wp-json/wc/v3/orders",
}
IDS = {"shopify": str(s.ORDER_ID), "bigcommerce": "250", "woocommerce": "727"}


@pytest.fixture
def bundle(sandboxes: Sandboxes) -> Iterator[InProcessBundle]:
    """A bundle that has read every store through until three hours ago."""
    with b.ready_bundle({**b.LIVE, "StoreBaseUrls": store_urls(sandboxes.urls)}) as ready:
        ready.put_secret("VendorTokens", TOKENS)
        for source in STORES:
            read_through(ready, source, ago(hours=3))
        yield ready


def ago(**how_long: float) -> datetime:
    """A moment before now, to the second."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(**how_long)


def read_through(bundle: InProcessBundle, source: str, through: datetime) -> None:
    """Set a store's cursor."""
    name = f"cursor#orders#{source}:{STORES[source]}"
    cursor = Cursor(through, rescanned_at=datetime.now(UTC)).to_document()
    b.aws_client("dynamodb").put_item(TableName=bundle.names["ControlTable"], Item=document_item(name, cursor, 1))


def sells(sandboxes: Sandboxes, source: str, at: datetime, **changes: object) -> None:
    """An order that changed at a moment and of which no webhook is sent."""
    if source == "shopify":
        body = s.order(currency="USD", presentment_currency="USD", updated_at=at.isoformat(), **changes)
        sandboxes.shopify.state.configure({"put_orders": [body]})
    elif source == "woocommerce":
        body = woocommerce_order(date_modified_gmt=at.replace(tzinfo=None).isoformat(), **changes)
        sandboxes.woocommerce.state.configure({"put_orders": [body]})
    else:
        body = bigcommerce_order(date_modified=format_datetime(at), **changes)
        lines = [product(), engraving()]
        sandboxes.bigcommerce.state.configure({"put_products": lines, "put_orders": [body]})


def poll(bundle: InProcessBundle, source: str, milliseconds: int = 60_000) -> dict[str, Any]:
    """One run of the schedule."""
    with bundle.function("change_polling") as module:
        return dict(module.handler({"source": source}, LambdaContext(milliseconds)))


def found(bundle: InProcessBundle) -> list[Envelope]:
    """What is on the inbound queue, taken out."""
    return [Envelope.parse(body) for body in b.waiting(bundle, "InboundQueue")]


def deliver(bundle: InProcessBundle, envelopes: list[Envelope]) -> set[str]:
    """Deliveries through normalization into the order book; returns the ids of their events."""
    bodies = [envelope.to_json() for envelope in envelopes]
    assert b.consume(bundle, "identity_normalization", bodies) == []
    messages = b.waiting(bundle, "EventsQueue")
    with_modes = {"KLAVIYO_MODE": "observe", "HUBSPOT_MODE": "observe"}
    assert b.consume(bundle, "event_delivery", messages, with_modes) == []
    return {event.event_id for body in messages for event in DeliveredFacts.parse(body).events}


def tally(bundle: InProcessBundle, source: str) -> dict[str, Any]:
    """What an operator is told of a store."""
    name = f"polled#{source}:{STORES[source]}"
    bodies = {one["name"]["S"]: one.get("body", {}).get("S", "{}") for one in b.items(bundle, "ControlTable")}
    return dict(json.loads(bodies.get(name, "{}")))


@pytest.mark.parametrize("source", sorted(STORES))
def test_an_order_without_a_webhook_is_found_once_its_hour_has_passed(
    bundle: InProcessBundle, sandboxes: Sandboxes, source: str
) -> None:
    """As an envelope of the same source, store and topic; its events have the ids that a webhook's would have."""
    sells(sandboxes, source, ago(minutes=70))
    poll(bundle, source)
    (envelope,) = found(bundle)
    assert (envelope.source, envelope.store) == (source, STORES[source])
    assert envelope.headers == {"x-commerce-sync-found-by": "poll"}
    assert f"{source}:{STORES[source]}:{IDS[source]}:placed_order" in deliver(bundle, [envelope])
    told = tally(bundle, source)
    assert list(told["found"].values()) == [1]
    assert datetime.fromisoformat(told["last_poll"]) > ago(minutes=1)
    poll(bundle, source)
    assert found(bundle) == []


@pytest.mark.parametrize("source", sorted(STORES))
def test_an_order_that_the_book_has_is_neither_missed_nor_told_again(
    bundle: InProcessBundle, sandboxes: Sandboxes, source: str
) -> None:
    """Of BigCommerce a second may hold two changes that look alike: it is asked about once more while young."""
    at = ago(minutes=70)
    sells(sandboxes, source, at)
    poll(bundle, source)
    deliver(bundle, found(bundle))
    read_through(bundle, source, ago(hours=3))
    poll(bundle, source)
    assert [one.source for one in found(bundle)] == (["bigcommerce"] if source == "bigcommerce" else [])
    assert list(tally(bundle, source)["found"].values()) == [1]


@pytest.mark.parametrize("source", sorted(STORES))
def test_what_is_still_on_its_way_is_waited_for(bundle: InProcessBundle, sandboxes: Sandboxes, source: str) -> None:
    """And is read again by later runs until its hour has passed."""
    sells(sandboxes, source, ago(minutes=50))
    poll(bundle, source)
    assert found(bundle) == []
    assert "found" not in tally(bundle, source)


def test_a_version_of_the_same_second_that_says_more_is_missed(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """The digest of a whole body decides."""
    at = ago(minutes=70)
    sells(sandboxes, "shopify", at)
    poll(bundle, "shopify")
    deliver(bundle, found(bundle))
    sells(sandboxes, "shopify", at, cancelled_at=at.isoformat(), financial_status="voided")
    poll(bundle, "shopify")
    assert f"shopify:us:{s.ORDER_ID}:cancelled_order" in deliver(bundle, found(bundle))
    assert list(tally(bundle, "shopify")["found"].values()) == [2]


def test_a_checkout_that_was_only_begun_is_no_missed_order(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """It is told, for it may be paid and stuck; nobody is rung for it."""
    sells(sandboxes, "bigcommerce", ago(minutes=70), status_id=0)
    poll(bundle, "bigcommerce")
    assert len(found(bundle)) == 1
    assert "found" not in tally(bundle, "bigcommerce")


def test_a_time_in_the_future_hides_nothing(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """It is told at once, and the cursor does not follow it."""
    sells(sandboxes, "shopify", ago(days=-400))
    told = poll(bundle, "shopify")
    assert len(found(bundle)) == 1
    assert datetime.fromisoformat(told["sources"]["orders#shopify:us"]["through"]) < ago(hours=1)
    poll(bundle, "shopify")
    assert found(bundle) == []


@pytest.mark.parametrize("source", sorted(STORES))
def test_where_a_store_asks_to_wait_the_next_run_goes_on(
    bundle: InProcessBundle, sandboxes: Sandboxes, source: str
) -> None:
    """The cursor stands; the run fails, so that it is seen when it goes on failing."""
    sells(sandboxes, source, ago(minutes=70))
    getattr(sandboxes, source).faults.append(Fault("GET", LISTS[source], status=429, headers={"Retry-After": "1"}))
    with pytest.raises(RetriableError):
        poll(bundle, source)
    assert found(bundle) == []
    poll(bundle, source)
    assert len(found(bundle)) == 1


def test_a_large_order_travels_by_reference(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Its body stands in the archive, as that of a webhook does."""
    sells(sandboxes, "shopify", ago(minutes=70), note="x" * 300_000)
    poll(bundle, "shopify")
    (envelope,) = found(bundle)
    assert envelope.archived
    assert envelope.body is None
    assert f"shopify:us:{s.ORDER_ID}:placed_order" in deliver(bundle, [envelope])


def test_webhooks_that_a_shop_switched_off_are_on_again(sandboxes: Sandboxes) -> None:
    """Those that lead to us, by either address, and no others; the run says which."""
    ours = f"{b.BASE_URL}/webhooks/woocommerce/uk"
    hooks = [
        {"id": 1, "topic": "order.updated", "delivery_url": ours, "status": "disabled"},
        {"id": 2, "topic": "order.updated", "delivery_url": "https://other.example.com", "status": "disabled"},
        {"id": 3, "topic": "order.created", "delivery_url": f"{API_URL}/webhooks/woocommerce/uk", "status": "disabled"},
    ]
    sandboxes.woocommerce.state.configure({"webhooks": hooks})
    with b.ready_bundle({**b.LIVE, "StoreBaseUrls": store_urls(sandboxes.urls)}) as bundle:
        bundle.put_secret("VendorTokens", TOKENS)
        assert poll(bundle, "woocommerce")["webhooks"] == {
            "uk": {"switched_on_again": ["order.updated", "order.created"]}
        }
        assert poll(bundle, "woocommerce")["webhooks"] == {}
    states = {one["id"]: one["status"] for one in sandboxes.woocommerce.state.snapshot()["webhooks"]}
    assert states == {1: "active", 2: "disabled", 3: "active"}
