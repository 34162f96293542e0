"""What happens now goes first: a backfill waits behind live work, and stands in nobody's way who opts out."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from commerce_sync.aws.budget_table import BudgetTable
from commerce_sync.aws.queues import depth
from commerce_sync.budgets.asking import Grant, ask
from commerce_sync.budgets.counting import name_of, slot_of
from commerce_sync.budgets.state import State, written
from commerce_sync.config.limits import vendor_limits

from local.in_process import InProcessBundle, LambdaContext
from local.sandboxes.server import Sandboxes
from local.stack import store_urls
from tests.fakes import bundle as b
from tests.fakes import consented as c
from tests.fakes.delivered import command
from tests.integration.test_history_is_backfilled import stands, walk
from tests.unit.intake import bodies as s
from tests.unit.intake.bigcommerce_bodies import bigcommerce_order

pytestmark = pytest.mark.network
ANA = "ana@example.com"
ORDERS = 120
SHOPIFY, BIGCOMMERCE = "orders#shopify:us", "orders#bigcommerce:outlet"
DEEP = "more than 50 messages wait in a queue"


@pytest.fixture
def bundle(sandboxes: Sandboxes) -> Iterator[InProcessBundle]:
    """Live everywhere; Ana is subscribed at Klaviyo, and two stores have old orders of hers and others."""
    known = {"act": "subscribe", "email": ANA, "silent": True, "time": "2026-01-05T10:00:00+00:00"}
    sandboxes.klaviyo.state.configure({"person_consents": [known], "rate_limits": False})  # walks forget the calls
    began = datetime.now(UTC) - timedelta(days=200)
    for number in range(ORDERS):
        at = (began + timedelta(minutes=number)).isoformat()
        body = s.order(id=10_000 + number, email=ANA, currency="USD", presentment_currency="USD", updated_at=at)
        sandboxes.shopify.state.configure({"put_orders": [body]})
    sandboxes.bigcommerce.state.configure({"put_orders": [bigcommerce_order()]})
    with b.ready_bundle(c.parameters(sandboxes, StoreBaseUrls=store_urls(sandboxes.urls))) as ready:
        ready.put_secret("VendorTokens", c.TOKENS)
        command(ready, "setup")
        c.complete_baseline(ready)
        for store in ("shopify:us", "bigcommerce:outlet"):
            command(ready, "backfill", what="orders", do="start", dry_run=False, store=store)
        yield ready


def goes(bundle: InProcessBundle) -> dict[str, Any]:
    """One run of the schedule, with the budgets as they are."""
    with bundle.function("history_backfill") as module:
        return dict(module.handler({}, LambdaContext()))


@pytest.mark.parametrize("queue", ["InboundQueue", "EventsQueue", "ProfileChangesQueue"])
def test_a_deep_queue_that_orders_would_stand_in_goes_first(bundle: InProcessBundle, queue: str) -> None:
    """Nothing is added to it, minute after minute, and nothing is lost: it goes on when there is room."""
    for _ in range(51):
        b.aws_client("sqs").send_message(QueueUrl=bundle.names[queue], MessageBody="live")
    for _ in range(3):
        assert walk(bundle)[f"backfill#{SHOPIFY}"] == {"ended": "gave way", "told": 0, "why": DEEP}
    assert (stands(bundle, SHOPIFY)["waits"]["why"], stands(bundle, SHOPIFY)["left"]) == (DEEP, ORDERS)
    assert b.waiting(bundle, queue) == ["live"] * 51
    assert walk(bundle)[f"backfill#{SHOPIFY}"]["told"] == ORDERS


def test_its_own_page_is_what_it_waits_for_next(bundle: InProcessBundle) -> None:
    """So no more than a page of history is ever before a live order, whatever the workers manage."""
    command(bundle, "backfill", what="orders", do="cancel", store="bigcommerce:outlet")
    assert walk(bundle)[f"backfill#{SHOPIFY}"] == {"ended": "done", "told": ORDERS, "why": ""}
    command(bundle, "backfill", what="orders", do="start", dry_run=False, store="shopify:us")
    assert walk(bundle)[f"backfill#{SHOPIFY}"] == {"ended": "gave way", "told": 0, "why": DEEP}


def test_who_opts_out_passes_all_history_that_waits(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Through queues of its own: no message of history is taken out for it, and it is told at once."""
    walk(bundle)
    assert depth_of(bundle, "InboundQueue") >= ORDERS
    event = b.api_event(c.preference("unsubscribe", datetime.now(UTC), email=ANA), at=time.time())
    event["requestContext"]["timeEpoch"] = int(time.time() * 1000)
    assert b.post(bundle, event)["statusCode"] == 200
    before = depth_of(bundle, "InboundQueue")
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "ConsentInboundQueue")) == []
    assert b.consume(bundle, "consent_propagation", b.waiting(bundle, "OptOutsQueue")) == []
    assert c.klaviyo_shows(sandboxes, ("email", ANA)).startswith("UNSUBSCRIBED")
    assert depth_of(bundle, "InboundQueue") == before


def test_a_store_whose_calls_are_in_use_is_not_read(bundle: InProcessBundle) -> None:
    """More than history's share is drawn: it waits, and live work still has calls."""
    command(bundle, "backfill", what="orders", do="cancel", store="shopify:us")
    tier = vendor_limits()["bigcommerce"].tiers["all"]
    (window,) = tier.windows
    now = time.time()
    drawn = {name_of(tier, window): {slot_of(window, now): window.calls * tier.backfill // 100 + 1}}
    used = State(at=now, drawn=drawn)
    assert isinstance(ask(used, tier, "live", 1, now), Grant)
    with bundle.function("history_backfill"):
        table = BudgetTable(bundle.names["BudgetTable"])
        account = "bigcommerce:outlet"
        assert table.write(account, written(used), table.read(account)[1])
    why = f"{account}: its calls are used up for the moment"
    assert goes(bundle)[f"backfill#{BIGCOMMERCE}"] == {"ended": "gave way", "told": 0, "why": why}
    assert walk(bundle)[f"backfill#{BIGCOMMERCE}"]["ended"] == "done"


def depth_of(bundle: InProcessBundle, queue: str) -> int:
    """About how many messages wait."""
    with bundle.function("history_backfill"):
        return depth(bundle.names[queue])
