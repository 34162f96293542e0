"""Web events all the way, over AWS in process and the strict sandboxes."""

import json
from itertools import permutations
from typing import Any

import pytest

from local.in_process import InProcessBundle
from local.sample_day.deliveries import Delivery
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b
from tests.fakes.delivered import statuses
from tests.integration.test_web_events import NOW, sent
from tests.unit.intake import bodies
from tests.unit.intake.web_bodies import TOKEN, added, started, viewed

pytestmark = pytest.mark.network


def go(bundle: InProcessBundle, *requests: dict[str, Any]) -> None:
    """Requests all the way, one after the other."""
    for request in requests:
        assert b.post(bundle, request)["statusCode"] == 200
        assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
        assert b.consume(bundle, "event_delivery", b.waiting(bundle, "EventsQueue")) == []


def webhook() -> dict[str, Any]:
    """The shop's own word of the same checkout, which names nobody yet."""
    told = bodies.checkout(token=TOKEN, currency="USD", email=None, created_at=NOW.isoformat())
    headers = {"X-Shopify-Topic": "checkouts/create"}
    return b.api_event(Delivery("shopify", "us", "checkouts/create", json.dumps(told).encode(), "d-1", headers=headers))


def test_a_visit_is_told_with_its_ids_and_values(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Each act once, however often the browser says it; nothing of it is an order or a consent."""
    visit = sent(viewed(id="a"), added(id="b"), started(id="c"))
    go(bundle, visit, visit, sent(viewed(id="a")))
    klaviyo, hubspot = sandboxes.klaviyo.state.snapshot(), sandboxes.hubspot.state.snapshot()
    told = {event["metric"]: event["value"] for event in klaviyo["events"]}
    assert told == {"Viewed Product": 14.95, "Added to Cart": 27.9, "Started Checkout": 34.24}
    assert len(klaviyo["events"]) == 3
    assert hubspot["orders"] == []
    assert statuses(bundle) == {"delivered"}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_checkout_seen_by_browser_and_shop_is_told_once(
    bundle: InProcessBundle, sandboxes: Sandboxes, order: tuple[int, ...]
) -> None:
    """In whatever order, and although only the browser names somebody."""
    requests = [webhook(), sent(started(id="a")), sent(started(id="b"))]
    go(bundle, *(requests[at] for at in order))
    metrics = [event["metric"] for event in sandboxes.klaviyo.state.snapshot()["events"]]
    assert metrics == ["Started Checkout"]


def test_a_customer_id_alone_is_told_to_nobody(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Ids can be counted through, so no address is looked up for one."""
    go(bundle, sent(viewed(customer={"id": "7700"})))
    assert sandboxes.klaviyo.state.snapshot()["events"] == []
    assert statuses(bundle) == {"skipped"}
