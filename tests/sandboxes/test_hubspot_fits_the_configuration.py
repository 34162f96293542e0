"""What setup says of an account that lacks something: a scope, a stage, the company's currency."""

import pytest
from commerce_sync.config.revenue import revenue_rules
from commerce_sync.contracts.revenue import Pipeline, RevenueObject
from commerce_sync.errors import PausedError
from commerce_sync.operating.setting_up import set_up
from commerce_sync.vendors.hubspot import HubSpot, HubSpotProperties, HubSpotRevenue
from commerce_sync.vendors.hubspot.pipelines import HubSpotPipelines
from commerce_sync.vendors.hubspot.properties import wanted_properties

from local.sandboxes.base import Fault
from local.sandboxes.server import Sandboxes

pytestmark = pytest.mark.network
RULES = revenue_rules()


@pytest.fixture
def hubspot(sandboxes: Sandboxes) -> HubSpot:
    """A client of ours that talks to an empty account."""
    return HubSpot(sandboxes.urls["hubspot"], "pat-local", "2026-09", 10.0)


def test_what_the_token_may_not_touch_keeps_nothing_else_from_being_set_up(
    sandboxes: Sandboxes, hubspot: HubSpot
) -> None:
    """Deals and contacts are ready, and the answer names the scope of line items."""
    sandboxes.hubspot.state.configure({"missing_scopes": ["crm.schemas.line_items.write"]})
    wanted = wanted_properties(("order", "deal"), line_items=True)
    done = set_up(HubSpotProperties(hubspot), wanted, plan_only=False)
    assert done["not_allowed"] == {"hubspot line_items": ["crm.schemas.line_items.write"]}
    made = sandboxes.hubspot.state.snapshot()["properties"]
    assert made["orders"] == made["deals"] == [one["name"] for one in wanted["orders"]]
    assert (made["line_items"], len(made["contacts"])) == ([], len(wanted["contacts"]))
    sandboxes.hubspot.state.configure({"missing_scopes": []})
    again = set_up(HubSpotProperties(hubspot), wanted, plan_only=False)
    assert again == {"created": {"hubspot line_items": ["the property group", "sync_line_key"]}}


def test_only_what_is_configured_is_created() -> None:
    """No deals, no properties of deals."""
    orders: tuple[RevenueObject, ...] = ("order",)
    deals: tuple[RevenueObject, ...] = ("deal",)
    assert set(wanted_properties(orders, line_items=False)) == {"orders", "contacts"}
    assert set(wanted_properties(deals, line_items=True)) == {"deals", "contacts", "line_items"}


def test_the_shipped_configuration_fits_a_new_account(hubspot: HubSpot) -> None:
    """Dollars, HubSpot's own pipelines, by label and by id."""
    assert HubSpotRevenue(hubspot, RULES.pipelines).misfits("USD", ("order", "deal")) == []


def test_what_the_account_lacks_is_named(hubspot: HubSpot) -> None:
    """A currency, a stage once, all stages of a pipeline that is not there."""
    stages = {**RULES.pipelines["order"].stages, "paid": "Packed", "fulfilled": "Packed"}
    pipelines = {
        "order": Pipeline("Order Pipeline", stages),
        "deal": Pipeline("Shop", dict.fromkeys(stages, "closedwon")),
    }
    assert HubSpotRevenue(hubspot, pipelines).misfits("SEK", ("order", "deal")) == [  # type: ignore[arg-type] # literals
        "the account has no currency SEK",
        "deals have no stage closedwon in a pipeline Shop",
        "orders have no stage Packed in a pipeline Order Pipeline",
    ]


def test_pipelines_that_cannot_be_read_leave_orders_without_a_stage_and_deals_waiting(
    sandboxes: Sandboxes, hubspot: HubSpot
) -> None:
    """An order may be without one; a deal may not."""
    sandboxes.hubspot.faults.append(Fault("GET", "/crm/pipelines", times=2, status=403))
    pipelines = HubSpotPipelines(hubspot, RULES.pipelines)
    assert pipelines.place("order", "paid") == {}
    with pytest.raises(PausedError, match="no stage closedwon"):
        pipelines.place("deal", "paid")
