"""Vendors' clients with a budget, before sandboxes that count as the vendors do."""

import pytest
from commerce_sync.config.limits import vendor_limits
from commerce_sync.errors import PausedError
from commerce_sync.vendors.hubspot import HubSpot
from commerce_sync.vendors.klaviyo import klaviyo_http
from commerce_sync.vendors.shopify import Shopify, ShopifyCustomers

from local.sandboxes.server import Sandboxes
from tests.fakes.budgets import Clock, MemoryRows, budget

pytestmark = pytest.mark.network


def test_a_call_that_the_budget_does_not_allow_is_never_sent(sandboxes: Sandboxes) -> None:
    """One call a second: the second one waits here, and the vendor never hears of it."""
    rows, clock = MemoryRows(), Clock()
    http = klaviyo_http(sandboxes.urls["klaviyo"], "pk_local", "2026-10-15", 10.0, budget(rows, clock))
    http.call("GET", "/api/accounts")
    with pytest.raises(PausedError, match="klaviyo GET /api/accounts: its calls are used up for the moment"):
        http.call("GET", "/api/accounts")

    assert list(rows.texts) == ["klaviyo GET /api/accounts"]


def test_what_hubspots_answers_say_is_learned(sandboxes: Sandboxes) -> None:
    """The sandbox allows what the table says, so nothing is learned; its day is counted."""
    rows, clock = MemoryRows(), Clock()
    spending = budget(rows, clock, "hubspot")
    client = HubSpot(sandboxes.urls["hubspot"], "pat-local", "2026-09", 10.0, spending)
    client.call("GET", "/crm/objects/{V}/contacts", params={"limit": "1"})
    text, _ = rows.texts["hubspot"]

    assert '"used":1' in text
    assert vendor_limits()["hubspot"].tiers["general"].windows[0].calls == 100


def test_a_store_that_is_out_of_points_pauses_all_who_call_it(sandboxes: Sandboxes) -> None:
    """Shopify says so with status 200; another worker of the same store does not try."""
    sandboxes.shopify.state.configure({"throttle_next": 1})
    rows, clock = MemoryRows(), Clock()
    clients = [
        ShopifyCustomers(
            Shopify(sandboxes.urls["shopify"], "shpat_local", "2026-10", 10.0, budget(rows, clock, "shopify:us", lane))
        )
        for lane in ("live", "urgent")
    ]
    with pytest.raises(PausedError, match="THROTTLED"):
        clients[0].page(None)
    with pytest.raises(PausedError, match="shopify:us: the vendor asked to wait"):
        clients[1].page(None)
    clock.at += 3600
    clients[1].page(None)
