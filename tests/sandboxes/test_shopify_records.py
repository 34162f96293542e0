"""What stands behind Shopify's thin webhooks, read from the sandbox by our client."""

from typing import Any

import pytest
from commerce_sync.errors import NotAllowedError, PermanentError, RetriableError
from commerce_sync.vendors.shopify import Shopify, ShopifyRecords

from local.sandboxes.base import Fault
from local.sandboxes.server import Sandboxes
from tests.unit.intake.bodies import ORDER_ID, order

pytestmark = pytest.mark.network
ADA = {"id": 77, "email": "ada@example.com", "first_name": "Ada", "last_name": "L."}
SHOWN = {"id": "77", "first_name": "Ada", "last_name": "L.", "email": "ada@example.com", "phone": None}


@pytest.fixture
def records(sandboxes: Sandboxes) -> ShopifyRecords:
    """A shop with an order and two contracts, one of which has lost its customer and never had an order."""
    contracts = [{"id": 900, "customer_id": 77, "origin_order_id": 450}, {"id": 901, "customer_id": 78}]
    filled: dict[str, Any] = {"put_customers": [ADA], "put_contracts": contracts, "put_orders": [order()]}
    sandboxes.shopify.state.configure(filled)
    return ShopifyRecords(Shopify(sandboxes.urls["shopify"], "shpat_local", "2026-10", 5.0))


@pytest.mark.parametrize("kind", ["contract", "subscriber"])
def test_a_contract_says_whose_it_is_and_with_which_order_it_began(records: ShopifyRecords, kind: str) -> None:
    """By the ids that other bodies use."""
    assert records.read(kind, "900") == {"id": "900", "customer": SHOWN, "origin_order_id": "450"}
    assert records.read(kind, "901") == {"id": "901", "customer": None, "origin_order_id": None}
    assert records.read(kind, "902") is None


def test_an_order_is_as_its_webhook_shows_it(records: ShopifyRecords) -> None:
    """So one translator reads both."""
    assert records.read("order", str(ORDER_ID)) == order()
    assert records.read("order", "5") is None


def test_without_the_scope_only_what_needs_the_contract_waits(sandboxes: Sandboxes, records: ShopifyRecords) -> None:
    """A contract's own webhook says enough; a skipped delivery's says nothing without it."""
    sandboxes.shopify.state.configure({"missing_scopes": ["read_own_subscription_contracts"]})
    assert records.read("subscriber", "900") is None
    with pytest.raises(NotAllowedError):
        records.read("contract", "900")


@pytest.mark.parametrize("body", [{"order": order(id=5)}, {"order": None}, {}, []])
def test_another_order_than_the_one_that_was_asked_for_is_not_believed(
    sandboxes: Sandboxes, records: ShopifyRecords, body: object
) -> None:
    """It comes again."""
    sandboxes.shopify.faults.append(Fault("GET", status=200, body=body))
    with pytest.raises(RetriableError):
        records.read("order", str(ORDER_ID))


@pytest.mark.parametrize("record_id", ["", "1/../2", "٣"])
def test_nothing_but_a_number_is_ever_asked_for(records: ShopifyRecords, record_id: str) -> None:
    """An id comes from a body."""
    with pytest.raises(PermanentError):
        records.read("order", record_id)
