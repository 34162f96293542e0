"""What setup says of an account that lacks something: a scope, a stage, the company's currency."""

import pytest
from commerce_sync.config.fields import field_map
from commerce_sync.config.revenue import revenue_rules
from commerce_sync.contracts.fields import FieldLine, FieldMap
from commerce_sync.contracts.revenue import Pipeline, RevenueObject
from commerce_sync.errors import PausedError
from commerce_sync.operating.setting_up import set_up
from commerce_sync.vendors.hubspot import HubSpot, HubSpotProperties, HubSpotRevenue
from commerce_sync.vendors.hubspot.advanced_properties import with_fields
from commerce_sync.vendors.hubspot.field_misfits import field_misfits
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


def test_what_fields_toml_names_and_the_account_has_not_is_said(sandboxes: Sandboxes, hubspot: HubSpot) -> None:
    """A property that is not there, one of another type, one that can only be read; what setup creates is none."""
    fields = FieldMap(
        (
            FieldLine("hubspot", "customer_type", "klaviyo", "customer_type"),
            FieldLine("hubspot", "createdate", "klaviyo", "created", type="number"),
            FieldLine("hubspot", "createdate", "klaviyo", "created_on", type="date", transform="day"),
            FieldLine("hubspot", "owner.email", "klaviyo", "owner"),
            FieldLine("store", "orders.count", "hubspot", "sync_order_count", type="number", label="Orders"),
            FieldLine("store", "orders.total", "hubspot", "total_revenue", type="number", label="Revenue"),
            FieldLine("store", "orders.last_at", "hubspot", "website", type="datetime", label="Last order"),
        )
    )
    assert field_misfits(hubspot, fields) == [
        "contacts have no property customer_type, which fields.toml reads",
        "contacts: createdate is datetime, and fields.toml reads number",
        "contacts: total_revenue can only be read",
    ]
    properties = HubSpotProperties(hubspot)
    properties.create_group("contacts")
    properties.create("contacts", [{"name": "sync_order_count", "label": "x", "type": "string", "fieldType": "text"}])
    assert "contacts: sync_order_count is string, and fields.toml writes number" in field_misfits(hubspot, fields)
    sandboxes.hubspot.state.configure({"missing_scopes": ["crm.schemas.contacts.read"]})
    assert field_misfits(hubspot, fields) == []


def test_what_goes_to_hubspot_by_the_field_map_is_created_as_its_type(sandboxes: Sandboxes, hubspot: HubSpot) -> None:
    """The account takes every definition, and the shipped map fits it then, but for what a person must name."""
    wanted = with_fields({"contacts": []}, field_map())
    assert set_up(HubSpotProperties(hubspot), wanted, plan_only=False)["created"]["hubspot contacts"]
    made = {one["name"]: one["type"] for one in wanted["contacts"]}
    assert (made["sync_order_total"], made["sync_last_order_at"], made["sync_rfm_segment"]) == (
        "number",
        "datetime",
        "string",
    )
    assert set(made) == set(sandboxes.hubspot.state.snapshot()["properties"]["contacts"])
    assert field_misfits(hubspot, field_map()) == ["contacts have no property customer_type, which fields.toml reads"]


def test_pipelines_that_cannot_be_read_leave_orders_without_a_stage_and_deals_waiting(
    sandboxes: Sandboxes, hubspot: HubSpot
) -> None:
    """An order may be without one; a deal may not."""
    sandboxes.hubspot.faults.append(Fault("GET", "/crm/pipelines", times=2, status=403))
    pipelines = HubSpotPipelines(hubspot, RULES.pipelines)
    assert pipelines.place("order", "paid") == {}
    with pytest.raises(PausedError, match="no stage closedwon"):
        pipelines.place("deal", "paid")
