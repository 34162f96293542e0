"""What set-up and status say of stores: scopes that their tokens lack, the last poll, what only polling found."""

from collections.abc import Iterator

import pytest

from local.in_process import InProcessBundle
from local.sandboxes.server import Sandboxes
from local.stack import store_urls
from tests.fakes import bundle as b
from tests.fakes.delivered import command
from tests.integration.test_orders_are_polled import TOKENS, ago, poll, read_through, sells

pytestmark = pytest.mark.network


@pytest.fixture
def bundle(sandboxes: Sandboxes) -> Iterator[InProcessBundle]:
    """A bundle that knows its stores and HubSpot."""
    urls = {"HubSpotBaseUrl": sandboxes.urls["hubspot"], "StoreBaseUrls": store_urls(sandboxes.urls)}
    with b.ready_bundle({**b.LIVE, **urls}) as ready:
        ready.put_secret("VendorTokens", TOKENS)
        yield ready


def test_the_plan_of_set_up_says_which_scopes_a_store_lacks(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Without ``read_all_orders`` orders older than 60 days are not shown; with it there is nothing to say."""
    assert "scopes_lacking" not in command(bundle, "setup", plan=True)
    sandboxes.shopify.state.configure({"missing_scopes": ["read_all_orders"]})
    told = command(bundle, "setup", plan=True)["scopes_lacking"]
    assert list(told) == ["shopify:us"]
    assert list(told["shopify:us"]) == ["read_all_orders"]
    assert "60 days" in told["shopify:us"]["read_all_orders"]


def test_an_old_order_is_found_only_with_the_scope(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """The list hides it, whenever it changed."""
    read_through(bundle, "shopify", ago(hours=3))
    sandboxes.shopify.state.configure({"missing_scopes": ["read_all_orders"]})
    sells(sandboxes, "shopify", ago(minutes=70), created_at=ago(days=61).isoformat())
    poll(bundle, "shopify")
    assert b.waiting(bundle, "InboundQueue") == []
    sandboxes.shopify.state.configure({"missing_scopes": []})
    poll(bundle, "shopify")
    assert len(b.waiting(bundle, "InboundQueue")) == 1


def test_an_order_that_the_list_shows_late_is_found_once_it_shows(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """The window that it was hidden from is read again."""
    read_through(bundle, "shopify", ago(hours=3))
    sells(sandboxes, "shopify", ago(minutes=62))
    sandboxes.shopify.state.configure({"orders_lag": 65 * 60.0})
    poll(bundle, "shopify")
    assert b.waiting(bundle, "InboundQueue") == []
    sandboxes.shopify.state.configure({"orders_lag": 0.0})
    poll(bundle, "shopify")
    assert len(b.waiting(bundle, "InboundQueue")) == 1


def test_status_says_when_a_store_was_polled_and_what_only_that_found(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """By store."""
    read_through(bundle, "shopify", ago(hours=3))
    sells(sandboxes, "shopify", ago(minutes=70))
    poll(bundle, "shopify")
    told = command(bundle, "status")["polled_stores"]["shopify:us"]
    assert told["found_only_by_polling_today"] == 1
    assert told["last_poll"] > ago(minutes=1).isoformat()
