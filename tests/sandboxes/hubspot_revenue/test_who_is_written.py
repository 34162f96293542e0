"""Orders, deals and their line items by our own client against the sandbox: who is written, and with how many calls."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from commerce_sync.contracts.revenue import RevenueObject
from commerce_sync.vendors.hubspot import HubSpot, HubSpotContacts, HubSpotRevenue
from flask import request

from local.sandboxes.base import Sandbox
from tests.sandboxes.hubspot_revenue.orders import NOON, line, order, shown

pytestmark = pytest.mark.network
KINDS = pytest.mark.parametrize("kind", ["order", "deal"])
TYPES = {"order": "orders", "deal": "deals"}


def test_an_order_is_worth_what_it_is_in_dollars_and_says_how(sandbox: Sandbox, revenue: HubSpotRevenue) -> None:
    """59.90 EUR at 1.0842 is 64.94 USD (64.94358); 9.56 tax is 10.36 (10.364952)."""
    assert revenue.show(dict([order(1, "order")]), {}) == {"shopify:eu:1": None}
    (properties,) = shown(sandbox, "orders")
    wanted = {
        "hs_total_price": "64.94",
        "hs_tax": "10.36",
        "hs_currency_code": "USD",
        "sync_company_amount": "64.94",
        "sync_company_currency": "USD",
        "sync_original_amount": "59.90",
        "sync_original_currency": "EUR",
        "sync_exchange_rate": "1.0842",
        "sync_rate_date": "2026-11-20",
        "hs_pipeline": "14a2e10e-5471-408a-906e-c51f3b04369e",
        "hs_pipeline_stage": "937ea84d-0a4f-4dcf-9028-3f9c2aafbf03",
    }
    assert wanted.items() <= properties.items()


@pytest.mark.parametrize(
    ("state", "stage"),
    [
        ({"financial_status": "pending"}, "contractsent"),
        ({}, "closedwon"),
        ({"fulfillment_status": "fulfilled"}, "closedwon"),
        ({"cancelled_at": NOON}, "closedlost"),
        ({"financial_status": "refunded"}, "closedlost"),
    ],
)
def test_a_deal_stands_in_the_stage_of_its_orders_state(
    sandbox: Sandbox, revenue: HubSpotRevenue, client: HubSpot, state: dict[str, Any], stage: str
) -> None:
    """One deal an order, with amount, close date and contact: what multi-touch reports ask for."""
    ids, _ = HubSpotContacts(client).create({"ana@example.com": {"email": "ana@example.com"}})
    for _ in range(2):
        assert revenue.show(dict([order(1, "deal", **state)]), ids) == {"shopify:eu:1": None}
    (properties,) = shown(sandbox, "deals")
    wanted = {
        "dealname": "#1",
        "pipeline": "default",
        "dealstage": stage,
        "amount": "64.94",
        "deal_currency_code": "USD",
        "closedate": "2026-11-20T12:00:00Z",
        "sync_order_key": "shopify:eu:1",
        "sync_original_currency": "EUR",
        "sync_exchange_rate": "1.0842",
    }
    assert wanted.items() <= properties.items()
    ties = [(tie["from_type"], tie["to_type"]) for tie in sandbox.state.snapshot()["associations"]]
    assert sorted(ties) == [("contacts", "deals"), ("deals", "contacts")]
    assert shown(sandbox, "orders") == []


@KINDS
def test_lines_hang_on_their_order_and_only_what_changed_is_written(
    sandbox: Sandbox, revenue: HubSpotRevenue, calls: Counter[str], kind: RevenueObject
) -> None:
    """First all; then nothing; then the one that changed, the one that is new, and the one that is gone."""
    revenue.show(dict([order(1, kind, line("a"), line("b", "20.00", 2, "5.00"))]), {})
    first = {item["sync_line_key"]: item for item in shown(sandbox, "line_items")}
    assert {key: (item["price"], item["quantity"], item["hs_sku"]) for key, item in first.items()} == {
        "shopify:eu:1:a": ("10.84", "1", "SKU-a"),
        "shopify:eu:1:b": ("21.68", "2", "SKU-b"),
    }
    assert Decimal(first["shopify:eu:1:b"]["amount"]) == Decimal("37.94"), "2 x 21.68 less 5.42"
    calls.clear()
    revenue.show(dict([order(1, kind, line("a"), line("b", "20.00", 2, "5.00"))]), {})
    assert calls["POST /crm/objects/line_items/batch/upsert"] == 0
    assert calls["POST /crm/objects/line_items/batch/read"] == 1
    written = _inputs_of(sandbox, "/crm/objects/2026-09/line_items/batch/upsert")
    revenue.show(dict([order(1, kind, line("b", "20.00", 3, "5.00"), line("c"))]), {})
    assert written == [["shopify:eu:1:b", "shopify:eu:1:c"]]
    assert {item["sync_line_key"] for item in shown(sandbox, "line_items")} == {"shopify:eu:1:b", "shopify:eu:1:c"}
    ties = sandbox.state.snapshot()["associations"]
    assert sum(tie["from_type"] == TYPES[kind] for tie in ties) == 2


@KINDS
def test_a_flush_makes_the_fewest_calls(
    sandbox: Sandbox, revenue: HubSpotRevenue, client: HubSpot, calls: Counter[str], kind: RevenueObject
) -> None:
    """A hundred new orders of two lines: five writes and what is asked once; again: two writes and three reads."""
    ids, _ = HubSpotContacts(client).create({"ana@example.com": {"email": "ana@example.com"}})
    orders = dict(order(number, kind, line("a"), line("b")) for number in range(100))
    calls.clear()
    assert set(revenue.show(orders, ids).values()) == {None}
    once = {
        "GET /settings/currencies/company-currency": 1,
        "GET /settings/currencies/codes": 1,
        f"GET /crm/pipelines/{TYPES[kind]}": 1,
    }
    each = {
        f"POST /crm/objects/{TYPES[kind]}/batch/upsert": 1,
        f"POST /crm/associations/{TYPES[kind]}/contacts/batch/associate/default": 1,
    }
    lines = {
        "POST /crm/objects/line_items/batch/upsert": 2,
        f"POST /crm/associations/{TYPES[kind]}/line_items/batch/associate/default": 1,
    }
    assert dict(calls) == {**once, **each, **lines}
    calls.clear()
    assert set(revenue.show(orders, ids).values()) == {None}
    reads = {
        f"POST /crm/associations/{TYPES[kind]}/line_items/batch/read": 1,
        "POST /crm/objects/line_items/batch/read": 2,
    }
    assert dict(calls) == {**each, **reads}
    assert len(shown(sandbox, "line_items")) == 200


def _inputs_of(sandbox: Sandbox, path: str) -> list[list[str]]:
    """The ids that each later call to a path carries."""
    seen: list[list[str]] = []

    def note() -> None:
        if request.path == path:
            seen.append([entry["id"] for entry in request.get_json()["inputs"]])

    sandbox.app.before_request_funcs.setdefault(None, []).insert(0, note)
    return seen
