"""Our own HubSpot clients against the sandbox, over a socket."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from commerce_sync.config.revenue import revenue_rules
from commerce_sync.contracts import BookedOrder, CanonicalEvent, OrderState, Person
from commerce_sync.contracts.revenue import PricedOrder
from commerce_sync.currency.converting import Conversion
from commerce_sync.delivery.pricing import priced
from commerce_sync.errors import PausedError
from commerce_sync.vendors.hubspot import HubSpot, HubSpotContacts, HubSpotProperties, HubSpotRevenue
from commerce_sync.vendors.hubspot.properties import ORDER_PROPERTIES

from local.sandboxes.base import Sandbox
from local.sandboxes.server import Sandboxes

pytestmark = pytest.mark.network
KEY, PIPELINES = "shopify:eu:1", revenue_rules().pipelines
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def sandbox(sandboxes: Sandboxes) -> Sandbox:
    """An empty account."""
    return sandboxes.hubspot


@pytest.fixture
def hubspot(sandboxes: Sandboxes) -> HubSpot:
    """A client of ours that talks to it."""
    return HubSpot(sandboxes.urls["hubspot"], "pat-local", "2026-09", 10.0)


def booked(key: str, currency: str, email: str) -> BookedOrder:
    """An order as the order book keeps it."""
    state = OrderState(
        version=NOON, digest="d", name=f"#{key}", current_value=Decimal("59.90"), financial_status="paid"
    )
    placed = CanonicalEvent(
        event_id=f"{key}:placed_order",
        name="placed_order",
        source="shopify",
        store="eu",
        occurred_at=NOON,
        value=Decimal("59.90"),
        currency=currency,
        tax=Decimal("9.56"),
        order=state,
    )
    return BookedOrder(placed=placed, buyer=Person(email=email))


def in_company(currency: str, order: BookedOrder) -> PricedOrder:
    """The order at eleven crowns for one of the company's currency."""
    return priced(KEY, order, "order", Conversion(currency, Decimal(1), Decimal(11), NOON.date()))


def test_our_clients_show_orders_with_their_buyers(sandbox: Sandbox, hubspot: HubSpot) -> None:
    """Properties once, contacts once, orders twice: the second time changes nothing."""
    properties = HubSpotProperties(hubspot)
    assert not properties.has_group("orders")
    properties.create_group("orders")
    properties.create("orders", properties.missing("orders", ORDER_PROPERTIES))
    assert properties.missing("orders", ORDER_PROPERTIES) == []
    contacts = HubSpotContacts(hubspot)
    ids, errors = contacts.create({email: {"email": email} for email in ("ana@example.com", "bo@example.com")})
    assert (errors, contacts.ids_by_email(ids)) == ({}, ids)
    orders = {
        "shopify:eu:1": in_company("EUR", booked("1", "SEK", "ana@example.com")),
        "shopify:eu:2": in_company("CHF", booked("2", "SEK", "bo@example.com")),
    }
    for _ in range(2):
        assert HubSpotRevenue(hubspot, PIPELINES, line_items=False).show(orders, ids) == dict.fromkeys(orders)
    state = sandbox.state.snapshot()
    shown = {order["properties"]["sync_order_key"]: order for order in state["orders"]}
    assert shown["shopify:eu:1"]["properties"]["hs_total_price"] == "5.45"
    assert "hs_total_price" not in shown["shopify:eu:2"]["properties"]
    tie = {
        "from_type": "orders",
        "from": shown["shopify:eu:2"]["id"],
        "to_type": "contacts",
        "to": ids["bo@example.com"],
    }
    assert tie in state["associations"]
    assert len(state["associations"]) == 4


def test_our_client_takes_the_id_of_a_contact_somebody_made_meanwhile(sandbox: Sandbox, hubspot: HubSpot) -> None:
    """A conflict is no error, and a bad address spoils nobody else's."""
    sandbox.state.configure({"edit_contact": {"email": "ana@example.com", "properties": {}}})
    people = {email: {"email": email} for email in ("ana@example.com", "bo@example.com", "bad")}
    ids, errors = HubSpotContacts(hubspot).create(people)
    assert (sorted(ids), list(errors)) == (["ana@example.com", "bo@example.com"], ["bad"])
    assert ids["ana@example.com"] == sandbox.state.snapshot()["contacts"][0]["id"]


def test_without_our_properties_no_order_is_blamed(sandbox: Sandbox, hubspot: HubSpot) -> None:
    """Setup has not run: the destination waits, and nothing is parked."""
    orders = {"shopify:eu:1": in_company("EUR", booked("1", "SEK", "ana@example.com"))}
    with pytest.raises(PausedError, match="is it set up"):
        HubSpotRevenue(hubspot, PIPELINES).show(orders, {})
    assert sandbox.state.snapshot()["orders"] == []
