"""BigCommerce's and WooCommerce's old orders: page by page with deaths between, while one of the buyers buys today."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from commerce_sync.contracts.envelope import Envelope

from local.in_process import InProcessBundle, LambdaContext
from local.sample_day.deliveries import Delivery
from local.sandboxes.base import Fault
from local.sandboxes.server import Sandboxes
from local.stack import store_urls
from tests.fakes import bundle as b
from tests.fakes.delivered import command
from tests.integration.test_history_is_backfilled import consent, stands, walk
from tests.unit.intake.bigcommerce_bodies import bigcommerce_order, product
from tests.unit.intake.bodies import Body
from tests.unit.intake.store_bodies import thin, woocommerce_order

pytestmark = pytest.mark.network
TOKENS = {**b.TOKENS, "woocommerce": {"uk": "ck_local:cs_local"}}
TICKED = ("kl_newsletter_checkbox", "1")
BEHIND_A_PAGE = 4
GUEST = 2


@dataclass(frozen=True)
class Shop:
    """A store, the most orders of a page of its list, and how an order and its webhook look there."""

    source: str
    store: str
    page: int
    path: str
    order: Callable[[int, datetime], Body]
    webhook: Callable[[Body], Delivery]

    @property
    def run(self) -> str:
        """Its backfill in status."""
        return f"orders#{self.source}:{self.store}"

    @property
    def live(self) -> int:
        """The order that is bought, by a webhook, while history is read; it stands on the second page."""
        return self.page + 2

    def sandbox(self, sandboxes: Sandboxes) -> Any:
        """The vendor."""
        return sandboxes.by_vendor[self.source]


def address(number: int) -> str:
    """Of a buyer; the guest left none."""
    return "" if number == GUEST else f"p{number}@example.com"


def outlets_order(number: int, at: datetime) -> Body:
    """Its box was ticked."""
    said = format_datetime(at)
    billing = {"first_name": "", "last_name": "", "email": address(number), "phone": "", "country_iso2": "US"}
    changes = {"id": number, "date_created": said, "date_modified": said, "billing_address": billing}
    return bigcommerce_order(**changes, customer_id=0 if number == GUEST else number)


def uks_order(number: int, at: datetime) -> Body:
    """Its box was ticked."""
    said = at.replace(tzinfo=None).isoformat()
    billing = {"first_name": "", "last_name": "", "email": address(number), "phone": "", "country": "GB"}
    times = {"date_created_gmt": said, "date_modified_gmt": said, "date_paid_gmt": said}
    return woocommerce_order(TICKED, id=number, **times, billing=billing, customer_id=0 if number == GUEST else number)


def outlets_webhook(order: Body) -> Delivery:
    """It names the order alone."""
    body = json.dumps(thin("store/order/created", order["id"])).encode()
    return Delivery("bigcommerce", "outlet", "store/order/created", body, "live-1")


def uks_webhook(order: Body) -> Delivery:
    """It carries the order."""
    headers = {"x-wc-webhook-topic": "order.created"}
    return Delivery("woocommerce", "uk", "order.created", json.dumps(order).encode(), "live-1", headers=headers)


SHOPS = [
    Shop("bigcommerce", "outlet", 37, "/stores/sandbox/v2/orders", outlets_order, outlets_webhook),
    Shop("woocommerce", "uk", 100, "/wp-json/wc/v3/orders", uks_order, uks_webhook),
]


@pytest.fixture
def sandboxes(sandboxes: Sandboxes) -> Sandboxes:
    """Vendors that never ask to wait."""
    for vendor in ("bigcommerce", "hubspot", "klaviyo"):
        sandboxes.by_vendor[vendor].state.configure({"rate_limits": False})
    return sandboxes


@pytest.fixture
def bundle(sandboxes: Sandboxes) -> Iterator[InProcessBundle]:
    """A live bundle in front of them, with rates and with HubSpot set up."""
    named = {"KlaviyoBaseUrl": "klaviyo", "HubSpotBaseUrl": "hubspot", "EcbBaseUrl": "ecb"}
    urls = {parameter: sandboxes.urls[vendor] for parameter, vendor in named.items()}
    with b.ready_bundle({**b.LIVE, **urls, "StoreBaseUrls": store_urls(sandboxes.urls)}) as ready:
        ready.put_secret("VendorTokens", TOKENS)
        command(ready, "setup")
        with ready.function("currency_rates") as module:
            module.handler({"file": "history"}, LambdaContext())
        yield ready


def sold(sandboxes: Sandboxes, shop: Shop) -> int:
    """A page of orders and some more, a minute from each other, of a year ago; how many."""
    many, began = shop.page + BEHIND_A_PAGE, datetime.now(UTC).replace(microsecond=0) - timedelta(days=300)
    orders = [shop.order(number, began + timedelta(minutes=number)) for number in range(1, many + 1)]
    lines = [product(id=1000 + number, order_id=number) for number in range(1, many + 1)]
    is_thin = shop.source == "bigcommerce"
    shop.sandbox(sandboxes).state.configure({"put_orders": orders, **({"put_products": lines} if is_thin else {})})
    return many


def buys(bundle: InProcessBundle, sandboxes: Sandboxes, shop: Shop) -> None:
    """One of the orders comes by its webhook, all the way, and what it says of consent."""
    orders = shop.sandbox(sandboxes).state.snapshot()["orders"]
    delivery = shop.webhook(next(one for one in orders if one["id"] == shop.live))
    assert b.post(bundle, b.api_event(delivery))["statusCode"] == 200
    arrive(bundle, b.waiting(bundle, "InboundQueue"))


def arrive(bundle: InProcessBundle, messages: list[str]) -> None:
    """Deliveries all the way to the vendors, the last step twice."""
    assert b.consume(bundle, "identity_normalization", messages) == []
    events = b.waiting(bundle, "EventsQueue")
    for _ in range(2):
        assert b.consume(bundle, "event_delivery", events) == []
    for queue in ("OptOutsQueue", "OptInsQueue"):
        assert b.consume(bundle, "consent_propagation", b.waiting(bundle, queue)) == []


def numbers(messages: list[str]) -> list[int]:
    """The orders that envelopes on the inbound queue are of."""
    envelopes = [Envelope.parse(message) for message in messages]
    assert {one.headers["x-commerce-sync-found-by"] for one in envelopes} <= {"backfill"}
    bodies = [json.loads(one.body or "") for one in envelopes]
    return [int(body["data"]["id"] if "data" in body else body["id"]) for body in bodies]


def posted(log: Path, vendor: str, prefix: str) -> list[dict[str, Any]]:
    """The bodies that a vendor took by POST."""
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return [
        one["body"]
        for one in lines
        if (one["vendor"], one["method"]) == (vendor, "POST") and one["path"].startswith(prefix) and one["status"] < 300
    ]


@pytest.mark.parametrize("shop", SHOPS, ids=lambda shop: shop.source)
def test_old_orders_are_told_once_through_deaths_and_pauses_and_raise_nobody(
    bundle: InProcessBundle, sandboxes: Sandboxes, shop: Shop, log: Path
) -> None:
    """A run that died behind its queue, a store that was away, an order that came live: counted right, told once."""
    many = sold(sandboxes, shop)
    start = {"what": "orders", "store": f"{shop.source}:{shop.store}", "do": "start"}
    plan = command(bundle, "backfill", **start)
    assert (plan["would_start"], plan["total"], plan["most_a_minute"]) == (True, many, shop.page)
    assert command(bundle, "backfill", **start, dry_run=False)["left"] == many

    assert walk(bundle)[f"backfill#{shop.run}"] == {"ended": "for now", "told": shop.page, "why": ""}
    first = b.waiting(bundle, "InboundQueue")
    assert (stands(bundle, shop.run)["left"], len(first)) == (many - shop.page, shop.page)
    buys(bundle, sandboxes, shop)
    consented = consent(bundle)

    table, key = bundle.names["ControlTable"], {"name": {"S": f"backfill#{shop.run}"}}
    before = b.aws_client("dynamodb").get_item(TableName=table, Key=key)["Item"]
    assert walk(bundle)[f"backfill#{shop.run}"]["ended"] == "done"
    second = b.waiting(bundle, "InboundQueue")
    b.aws_client("dynamodb").put_item(TableName=table, Item=before)
    shop.sandbox(sandboxes).faults.append(Fault("GET", shop.path, status=503))
    assert walk(bundle)[f"backfill#{shop.run}"]["ended"] == "gave way"
    assert (stands(bundle, shop.run)["done"], stands(bundle, shop.run)["waits"]["why"]) == (
        shop.page,
        f"{shop.source} 503",
    )
    assert walk(bundle)[f"backfill#{shop.run}"]["ended"] == "done"
    third = b.waiting(bundle, "InboundQueue")
    ended = stands(bundle, shop.run)
    assert (ended["state"], ended["left"], ended["done"] - many) in (("done", 0, 0), ("done", 0, 1))

    assert {*numbers(first), *numbers(second), shop.live} == set(range(1, many + 1))
    assert numbers(second) == numbers(third)
    some = [message for message, number in zip(first, numbers(first), strict=True) if number <= 3]
    for page in (some, second, third):
        arrive(bundle, page)
    assert consent(bundle) == consented
    told_of = [number for number in {1, 2, 3, *numbers(second), shop.live} if number != GUEST]
    ids = [f"{shop.source}:{shop.store}:{number}" for number in told_of]
    posted_ids = Counter(_unique_ids(posted(log, "klaviyo", "/api/event")))
    assert {one: posted_ids[one] for one in ids} == dict.fromkeys(ids, 1)
    assert max(posted_ids.values()) == 1
    assert len(sandboxes.hubspot.state.snapshot()["orders"]) == len(told_of) + 1
    addresses = {one["email"] for one in sandboxes.klaviyo.state.snapshot()["profiles"]}
    assert addresses == {address(number) for number in told_of}


def test_what_cannot_be_counted_begins_all_the_same_and_says_why(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """No number is made up: a store that counts other orders than were asked for, a vendor that is away."""
    sold(sandboxes, SHOPS[0])
    sandboxes.bigcommerce.state.configure({"count_heeds_filters": False})
    since = {"since": (datetime.now(UTC) - timedelta(days=365)).isoformat()}
    start = {"what": "orders", "store": "bigcommerce:outlet", "do": "start", **since}
    plan = command(bundle, "backfill", **start)
    assert (plan["would_start"], plan["total"], plan["finishes_at"]) == (True, None, None)
    assert "whenever they changed" in plan["total_unknown"]
    assert command(bundle, "backfill", **start, dry_run=False)["state"] == "running"
    walk(bundle)
    shown = stands(bundle, SHOPS[0].run)
    assert (shown["done"], shown["left"], shown["finishes_at"]) == (SHOPS[0].page, None, None)
    assert shown["left_unknown"] == plan["total_unknown"]

    sandboxes.hubspot.faults.append(Fault("POST", "/crm/objects/2026-09/contacts/search", status=503))
    begun = command(bundle, "backfill", what="fields", do="start", dry_run=False)
    assert (begun["state"], begun["left"], begun["left_unknown"]) == ("running", None, "hubspot 503")


def _unique_ids(said: Any) -> Iterator[str]:
    """Wherever they stand: one event a call, or a job of many."""
    if isinstance(said, list):
        for one in said:
            yield from _unique_ids(one)
    elif isinstance(said, dict):
        yield from ([said["unique_id"]] if "unique_id" in said else [])
        yield from _unique_ids(list(said.values()))
