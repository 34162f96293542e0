"""What HubSpot refuses, cannot do for now or answers in part: nothing is doubled, and nothing is taken for done."""

from dataclasses import replace
from typing import Any

import pytest
from commerce_sync.config.revenue import revenue_rules
from commerce_sync.contracts import Person
from commerce_sync.errors import PausedError, PermanentError, RetriableError
from commerce_sync.vendors.hubspot import HubSpot, HubSpotContacts, HubSpotRevenue
from commerce_sync.vendors.hubspot.pipelines import NoStageError

from local.sandboxes.base import Fault, Sandbox
from tests.sandboxes.hubspot_revenue.orders import line, order, shown

pytestmark = pytest.mark.network


def test_whatever_call_fails_the_next_try_finishes_and_doubles_nothing(
    sandbox: Sandbox, revenue: HubSpotRevenue
) -> None:
    """The answer lost after the write took, or the write lost: the same lines in the end, each tied once."""
    paths = ("/crm/objects/2026-09/orders", "/crm/objects/2026-09/line_items", "/crm/associations")
    orders = dict(order(number, "order", line("a"), line("b")) for number in range(3))
    for path in paths:
        for took in (True, False):
            sandbox.faults.append(Fault("POST", path, status=502, apply_first=took))
            with pytest.raises(RetriableError):
                revenue.show(orders, {})
    assert revenue.show(orders, {}) == dict.fromkeys(orders)
    assert len(shown(sandbox, "orders")) == 3
    assert len(shown(sandbox, "line_items")) == 6
    assert len(sandbox.state.snapshot()["associations"]) == 12


def half_done(path: str) -> Fault:
    """A batch of which HubSpot could not do one now, and says so with success."""
    problem = {"status": "error", "category": "INTERNAL_ERROR", "message": "internal error"}
    body = {"status": "COMPLETE", "results": [], "numErrors": 1, "errors": [problem]}
    return Fault("POST", path, status=207, body=body)


@pytest.mark.parametrize(
    "path",
    [
        "/crm/associations/2026-09/orders/line_items/batch/read",
        "/crm/objects/2026-09/line_items/batch/read",
    ],
)
def test_lines_that_could_not_be_read_are_not_taken_for_none(
    sandbox: Sandbox, revenue: HubSpotRevenue, path: str
) -> None:
    """A line that is gone from its order would stay, and the order would count as shown."""
    revenue.show(dict([order(1, "order", line("a"), line("b"))]), {})
    sandbox.faults.append(half_done(path))
    with pytest.raises(RetriableError):
        revenue.show(dict([order(1, "order", line("a"))]), {})
    assert revenue.show(dict([order(1, "order", line("a"))]), {}) == {"shopify:eu:1": None}
    assert [item["sync_line_key"] for item in shown(sandbox, "line_items")] == ["shopify:eu:1:a"]


def test_a_tie_that_failed_for_now_is_tried_again(sandbox: Sandbox, revenue: HubSpotRevenue, client: HubSpot) -> None:
    """Nobody has to release it."""
    ids, _ = HubSpotContacts(client).create({"ana@example.com": {"email": "ana@example.com"}})
    orders = dict(order(number, "order") for number in range(2))
    sandbox.faults.append(half_done("/crm/associations/2026-09/orders/contacts"))
    assert {type(verdict) for verdict in revenue.show(orders, ids).values()} == {RetriableError}
    assert revenue.show(orders, ids) == dict.fromkeys(orders)


def test_what_is_refused_for_good_hides_nothing_that_failed_for_now(
    sandbox: Sandbox, revenue: HubSpotRevenue, client: HubSpot
) -> None:
    """Without the scope of line items an order is parked, and it was parked without its contact."""
    sandbox.state.configure({"missing_scopes": ["crm.objects.line_items.write"]})
    ids, _ = HubSpotContacts(client).create({"ana@example.com": {"email": "ana@example.com"}})
    orders = dict([order(1, "order", line("a"))])
    sandbox.faults.append(half_done("/crm/associations/2026-09/orders/contacts"))
    assert [type(verdict) for verdict in revenue.show(orders, ids).values()] == [RetriableError]
    assert "line_items" in str(revenue.show(orders, ids)["shopify:eu:1"])
    assert len(sandbox.state.snapshot()["associations"]) == 2


def test_a_line_that_failed_for_now_is_written_though_another_is_refused(
    sandbox: Sandbox, revenue: HubSpotRevenue
) -> None:
    """Whichever of the two comes first."""
    rule = {"name": "description", "when": "hs_sku", "is": "SKU-bad"}
    sandbox.state.configure({"required": {"line_items": [rule]}})
    for number, names in enumerate((("bad", "late"), ("late", "bad"))):
        key, one = order(number, "order", *map(line, names))
        busy = {"category": "INTERNAL_ERROR", "context": {"objectWriteTraceId": [f"{key}:late"]}}
        body = {"status": "COMPLETE", "results": [], "numErrors": 2, "errors": [busy, refused_line(f"{key}:bad")]}
        sandbox.faults.append(Fault("POST", "/crm/objects/2026-09/line_items/batch/upsert", status=207, body=body))
        assert type(revenue.show({key: one}, {})[key]) is RetriableError
        assert "description" in str(revenue.show({key: one}, {})[key])
        assert f"{key}:late" in {item["sync_line_key"] for item in shown(sandbox, "line_items")}


def refused_line(key: str) -> dict[str, Any]:
    """How a batch tells of an item that it refuses."""
    return {"category": "VALIDATION_ERROR", "context": {"objectWriteTraceId": [key]}}


def test_a_contact_that_went_meanwhile_is_looked_up_again(sandbox: Sandbox, revenue: HubSpotRevenue) -> None:
    """Somebody deleted it between its reading and the tie: the next try makes another. Orders of others are tied."""
    body = {"properties": {"email": "bo@example.com"}, "associations": []}
    there = sandbox.app.test_client().post(
        "/crm/objects/2026-09/contacts", json=body, headers={"Authorization": "Bearer pat-local"}
    )
    key, mine = order(2, "order")
    his = replace(mine, order=mine.order.model_copy(update={"buyer": Person(email="bo@example.com")}))
    ids = {"ana@example.com": "999", "bo@example.com": there.get_json()["id"]}
    verdicts = revenue.show(dict([order(1, "order"), (key, his)]), ids)
    assert type(verdicts["shopify:eu:1"]) is RetriableError
    assert verdicts[key] is None


def test_an_article_number_is_no_number(sandbox: Sandbox, revenue: HubSpotRevenue) -> None:
    """0012 is another article than 12; 10.00 is the price 10."""
    for sku in ("0012", "12"):
        one = line("a").model_copy(update={"sku": sku})
        revenue.show(dict([order(1, "order", one)]), {})
        assert [item["hs_sku"] for item in shown(sandbox, "line_items")] == [sku]


def test_a_refused_line_blames_its_order_alone(sandbox: Sandbox, revenue: HubSpotRevenue) -> None:
    """A rule of the account's administrator about line items."""
    rule = {"name": "description", "when": "hs_sku", "is": "SKU-bad"}
    sandbox.state.configure({"required": {"line_items": [rule]}})
    orders = dict([order(1, "order", line("a"), line("bad")), order(2, "order", line("c"))])
    verdicts = revenue.show(orders, {})
    assert verdicts["shopify:eu:2"] is None
    assert "description" in str(verdicts["shopify:eu:1"])
    assert {item["hs_sku"] for item in shown(sandbox, "line_items")} == {"SKU-a", "SKU-c"}


def test_without_the_scope_of_line_items_orders_are_shown_and_parked_with_the_scope(
    sandbox: Sandbox, revenue: HubSpotRevenue
) -> None:
    """A person grants it, and releases them."""
    sandbox.state.configure({"missing_scopes": ["crm.objects.line_items.write"]})
    verdicts = revenue.show(dict([order(1, "order", line("a"))]), {})
    assert isinstance(verdicts["shopify:eu:1"], PermanentError)
    assert "crm.objects.line_items.write" in str(verdicts["shopify:eu:1"])
    assert len(shown(sandbox, "orders")) == 1


def test_lines_of_other_integrations_are_left_alone(sandbox: Sandbox, revenue: HubSpotRevenue, client: HubSpot) -> None:
    """A colleague's line on the deal is neither changed nor archived."""
    revenue.show(dict([order(1, "deal", line("a"))]), {})
    (deal,) = sandbox.state.snapshot()["deals"]
    body = {"properties": {"name": "Gift wrap", "price": "3", "quantity": "1"}, "associations": []}
    theirs = client.call("POST", "/crm/objects/{V}/line_items", body).json["id"]
    client.call("PUT", f"/crm/objects/{{V}}/deals/{deal['id']}/associations/default/line_items/{theirs}")
    revenue.show(dict([order(1, "deal")]), {})
    assert [item["name"] for item in shown(sandbox, "line_items")] == ["Gift wrap"]


def test_an_account_that_was_set_up_by_an_older_release_pauses(sandbox: Sandbox, client: HubSpot) -> None:
    """The key is there and a newer property is not: nobody is parked for that, setup is asked for."""
    key, one = order(1, "order")
    client.call("DELETE", "/crm/properties/{V}/orders/sync_rate_date")
    verdicts = HubSpotRevenue(client, revenue_rules().pipelines).show({key: one, "k2": replace(one, lines=())}, {})
    assert {type(verdict) for verdict in verdicts.values()} == {PausedError}
    assert "is it set up" in str(verdicts[key])


def test_a_deal_without_a_stage_waits_and_holds_up_no_other(sandbox: Sandbox, client: HubSpot) -> None:
    """Somebody renamed the stage of refunded deals: those of all others are written, and so are orders."""
    pipelines = revenue_rules().pipelines
    stages = {**pipelines["deal"].stages, "refunded": "Money back"}
    revenue = HubSpotRevenue(client, {**pipelines, "deal": replace(pipelines["deal"], stages=stages)})
    refunded = order(1, "deal", line("a"), financial_status="refunded")
    verdicts = revenue.show(dict([refunded, order(2, "deal", line("b")), order(3, "order")]), {})
    assert type(verdicts.pop("shopify:eu:1")) is NoStageError
    assert verdicts == {"shopify:eu:2": None, "shopify:eu:3": None}
    assert [deal["dealname"] for deal in shown(sandbox, "deals")] == ["#2"]
    assert type(revenue.show(dict([refunded]), {})["shopify:eu:1"]) is NoStageError


def test_what_the_account_had_not_is_looked_for_again(sandbox: Sandbox, client: HubSpot) -> None:
    """A scope is granted, a stage is made, a currency is added: a worker that lives for hours would not hear of it."""
    unread = Fault("GET", "/crm/pipelines", status=403)
    nothing = Fault("GET", "/settings/currencies/2026-09/codes", status=200, body={"results": []})
    euros = Fault("GET", "/settings/currencies/2026-09/company-currency", status=200, body={"id": "EUR"})
    sandbox.faults += [unread, nothing, euros]
    for kept_for, amounts in ((3600.0, [{""}, {""}]), (0.0, [{""}, {"64.94"}])):
        revenue = HubSpotRevenue(client, revenue_rules().pipelines, kept_for=kept_for)
        for fault in sandbox.faults:
            fault.times = 1
        for seen in amounts:
            revenue.show(dict([order(1, "order")]), {})
            assert {one.get("hs_total_price") or "" for one in shown(sandbox, "orders")} == seen
    assert shown(sandbox, "orders")[0]["hs_pipeline_stage"]
