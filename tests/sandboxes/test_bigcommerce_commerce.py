"""What we read of BigCommerce's orders, carts and customers, against a sandbox as strict as the store."""

import json
from decimal import Decimal
from typing import Any

import pytest
from commerce_sync.errors import NotAllowedError, PausedError, PermanentError, RefusedByVendorError, RetriableError
from commerce_sync.vendors.bigcommerce import BigCommerce, BigCommerceRecords

from local.sandboxes.base import Fault
from local.sandboxes.server import Sandboxes
from tests.sandboxes.listening import listening, wait_until
from tests.unit.intake.bigcommerce_bodies import (
    CART_ID,
    bigcommerce_order,
    cart,
    customer,
    engraving,
    product,
    refund,
    shipment,
)

pytestmark = pytest.mark.network


@pytest.fixture
def store(sandboxes: Sandboxes) -> BigCommerce:
    """A store with an order that nothing happened to yet."""
    sandboxes.bigcommerce.state.configure(
        {"put_products": [product(), engraving()], "put_orders": [bigcommerce_order()]}
    )
    return BigCommerce(f"{sandboxes.urls['bigcommerce']}/stores/sandbox", "bc_local", 5.0)


def test_the_lines_of_an_order_are_read(store: BigCommerce) -> None:
    """As V2 shows them."""
    assert BigCommerceRecords(store).read("products", "250") == [product(), engraving()]


@pytest.mark.parametrize("kind", ["shipments", "refunds"])
def test_an_order_without_parts_has_an_empty_list(store: BigCommerce, kind: str) -> None:
    """V2 answers 204, V3 an empty list."""
    assert BigCommerceRecords(store).read(kind, "250") == []


@pytest.mark.parametrize("kind", ["order", "products", "shipments", "refunds"])
def test_of_an_order_that_is_gone_nothing_is_known(store: BigCommerce, kind: str) -> None:
    """404 in either version."""
    assert BigCommerceRecords(store).read(kind, "251") is None


@pytest.mark.parametrize(("lines", "calls"), [(249, 1), (250, 2), (600, 3)])
def test_an_order_of_many_lines_is_read_whole(sandboxes: Sandboxes, store: BigCommerce, lines: int, calls: int) -> None:
    """250 at a time, in their order, until a page is not full."""
    sandboxes.bigcommerce.state.configure(
        {
            "put_products": [engraving(id=number + 1, order_id=300) for number in range(lines)],
            "put_orders": [bigcommerce_order(id=300)],
            "quota": calls,
        }
    )
    records = BigCommerceRecords(store)
    found = records.read("products", "300")

    assert isinstance(found, list)
    assert [row["id"] for row in found] == list(range(1, lines + 1))
    with pytest.raises(PausedError):
        records.read("order", "300")


def test_a_list_that_does_not_understand_pages_has_an_end(sandboxes: Sandboxes, store: BigCommerce) -> None:
    """Each line once."""
    page = [engraving(id=number) for number in range(250)]
    sandboxes.bigcommerce.faults.append(Fault("GET", status=200, body=page, times=100))
    found = BigCommerceRecords(store).read("products", "250")

    assert found == page
    assert sandboxes.bigcommerce.faults[0].times == 98


def test_parts_are_read_with_every_digit(sandboxes: Sandboxes, store: BigCommerce) -> None:
    """V3's amounts are JSON numbers: 0.1 is not what floating point makes of it."""
    payment = {"id": 1, "amount": 20.1, "is_declined": False}
    sandboxes.bigcommerce.state.configure(
        {"put_shipments": [shipment()], "put_refunds": [refund(id=502), refund(id=501, payments=[payment])]}
    )
    records = BigCommerceRecords(store)
    refunds = records.read("refunds", "250")

    assert records.read("shipments", "250") == [shipment()]
    assert isinstance(refunds, list)
    assert [one["id"] for one in refunds] == [501, 502]
    assert refunds[0]["payments"][0]["amount"] == Decimal("20.1")
    assert type(refunds[0]["payments"][0]["amount"]) is Decimal


def test_carts_and_customers_are_read_by_their_ids(sandboxes: Sandboxes, store: BigCommerce) -> None:
    """Customers by a filter."""
    sandboxes.bigcommerce.state.configure({"put_carts": [cart()], "put_customers": [customer(id=12), customer()]})
    records = BigCommerceRecords(store)

    assert records.read("cart", CART_ID) == cart()
    assert records.read("customer", "11") == customer()
    assert records.read("cart", "none") is None
    assert records.read("customer", "13") is None


def test_an_answer_that_ignored_the_filter_is_nobody_else(sandboxes: Sandboxes, store: BigCommerce) -> None:
    """Customer 12 is not 11."""
    sandboxes.bigcommerce.faults.append(Fault("GET", status=200, body={"data": [customer(id=12)], "meta": {}}))

    assert BigCommerceRecords(store).read("customer", "11") is None


@pytest.mark.parametrize("kind", ["order", "products", "shipments", "refunds", "customer", "cart", "subscriber"])
@pytest.mark.parametrize("record_id", ["", "../1", "1/2", "1?x", "\u0661"])
def test_what_is_no_id_leads_nowhere(store: BigCommerce, kind: str, record_id: str) -> None:
    """It would be another place of the API."""
    with pytest.raises(PermanentError):
        BigCommerceRecords(store).read(kind, record_id)


@pytest.mark.parametrize("kind", ["products", "shipments", "refunds", "customer", "cart"])
@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": "text"}, [1], "text", {"data": [1]}])
def test_an_answer_of_another_shape_is_to_be_tried_again(
    sandboxes: Sandboxes, store: BigCommerce, kind: str, body: Any
) -> None:
    """Something between us and the store answered."""
    sandboxes.bigcommerce.faults.append(Fault("GET", status=200, body=body))

    with pytest.raises(RetriableError):
        BigCommerceRecords(store).read(kind, "250")


def test_a_quota_that_fills_between_two_calls_pauses_for_as_long_as_the_store_says(
    sandboxes: Sandboxes, store: BigCommerce
) -> None:
    """Neither half of an order is an order."""
    sandboxes.bigcommerce.state.configure({"quota": 1, "window": 30.0})
    records = BigCommerceRecords(store)
    assert records.read("order", "250") is not None

    with pytest.raises(PausedError) as paused:
        records.read("products", "250")
    assert paused.value.retry_after is not None
    assert 25 < paused.value.retry_after <= 30


def test_a_token_without_a_scope_is_said(sandboxes: Sandboxes, store: BigCommerce) -> None:
    """The others may go on."""
    sandboxes.bigcommerce.faults.append(Fault("GET", status=403))

    with pytest.raises(NotAllowedError):
        BigCommerceRecords(store).read("cart", CART_ID)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v2/orders/250/products", {"limit": "251"}),
        ("/v2/orders/250/products", {"page": "0"}),
        ("/v2/orders/250/shipments", {"sort": "id"}),
        ("/v3/customers", {"id": "11"}),
        ("/v3/customers", {"id:in": "x"}),
        ("/v2/orders/250/lines", {}),
        ("/v2/customers", {}),
    ],
)
def test_the_sandbox_refuses_what_there_is_not(store: BigCommerce, path: str, query: dict[str, str]) -> None:
    """A mistake is caught here rather than ignored there."""
    with pytest.raises(RefusedByVendorError):
        store.call("GET", path, params=query)


def test_every_change_is_told_by_a_thin_webhook(sandboxes: Sandboxes) -> None:
    """A status that moved twice, a parcel with its order, a refund beside its order's id."""
    acts = [
        {"put_orders": [bigcommerce_order(status_id=0)]},
        {"put_orders": [bigcommerce_order()]},
        {"put_shipments": [shipment()], "put_refunds": [refund()]},
        {"put_carts": [cart()], "put_customers": [customer()]},
    ]
    with listening() as heard:
        state = sandboxes.bigcommerce.state
        state.configure({"webhook_url": heard.url, "webhook_secret": "bc-secret"})
        for act in acts:
            state.configure(act)
        requests = heard.wait_for(8)
        wait_until(lambda: state.snapshot()["pending_webhooks"] == 0)
    told = [(body["scope"], body["data"]) for body in (json.loads(raw) for _, raw in requests)]

    order = {"type": "order", "id": 250}
    assert told == [
        ("store/order/created", order),
        ("store/order/updated", order),
        ("store/order/statusUpdated", {**order, "status": {"previous_status_id": 0, "new_status_id": 11}}),
        ("store/shipment/created", {"type": "shipment", "id": 601, "orderId": 250}),
        ("store/order/refund/created", {**order, "refund": {"refund_id": 501}}),
        ("store/cart/created", {"type": "cart", "id": CART_ID}),
        ("store/cart/updated", {"type": "cart", "id": CART_ID}),
        ("store/customer/created", {"type": "customer", "id": 11}),
    ]
