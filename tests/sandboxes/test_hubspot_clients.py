"""Our own HubSpot clients against the sandbox, over a socket."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from commerce_sync.contracts import BookedOrder, CanonicalEvent, OrderState, Person
from commerce_sync.errors import PausedError
from commerce_sync.vendors.hubspot import HubSpot, HubSpotContacts, HubSpotOrders, HubSpotProperties
from commerce_sync.vendors.hubspot.properties import ORDER_PROPERTIES

from local.sandboxes.base import Sandbox
from local.sandboxes.server import Sandboxes

pytestmark = pytest.mark.network
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
        "shopify:eu:1": booked("1", "EUR", "ana@example.com"),
        "shopify:eu:2": booked("2", "SEK", "bo@example.com"),
    }
    for _ in range(2):
        assert HubSpotOrders(hubspot).show(orders, ids) == dict.fromkeys(orders)
    state = sandbox.state.snapshot()
    shown = {order["properties"]["sync_order_key"]: order for order in state["orders"]}
    assert shown["shopify:eu:1"]["properties"]["hs_total_price"] == "59.90"
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
    orders = {"shopify:eu:1": booked("1", "EUR", "ana@example.com")}
    with pytest.raises(PausedError, match="is it set up"):
        HubSpotOrders(hubspot).show(orders, {})
    assert sandbox.state.snapshot()["orders"] == []
