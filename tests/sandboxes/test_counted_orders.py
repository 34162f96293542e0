"""How many orders a store has, asked by our clients of sandboxes as strict as the stores: a number, or a reason."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from commerce_sync.errors import CommerceSyncError, PermanentError, RetriableError
from commerce_sync.vendors.bigcommerce import BigCommerce, BigCommerceOrders
from commerce_sync.vendors.shopify import Shopify, ShopifyOrders
from commerce_sync.vendors.woocommerce import WooCommerce, WooCommerceOrders

from local.sandboxes.base import Fault
from local.sandboxes.server import Sandboxes
from tests.unit.intake.bigcommerce_bodies import bigcommerce_order
from tests.unit.intake.bodies import order
from tests.unit.intake.store_bodies import woocommerce_order

pytestmark = pytest.mark.network
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
GRAPHQL = "/admin/api/2026-10/graphql.json"
COUNT = "/stores/sandbox/v2/orders/count"


def shopify(sandboxes: Sandboxes) -> ShopifyOrders:
    """The client of a store."""
    return ShopifyOrders(Shopify(sandboxes.urls["shopify"], "shpat_local", "2026-10", 5.0))


def bigcommerce(sandboxes: Sandboxes) -> BigCommerceOrders:
    """The client of a store."""
    return BigCommerceOrders(BigCommerce(f"{sandboxes.urls['bigcommerce']}/stores/sandbox", "bc_local", 5.0))


def woocommerce(sandboxes: Sandboxes) -> WooCommerceOrders:
    """The client of a shop."""
    return WooCommerceOrders(WooCommerce(sandboxes.urls["woocommerce"], "ck_local", "cs_local", 5.0))


def sold(sandboxes: Sandboxes, *hours: int) -> None:
    """An order in each store for every number, changed so many hours after noon; the second one is closed."""
    for number, after in enumerate(hours, 1):
        at, closed = NOON + timedelta(hours=after), NOON.isoformat() if number == 2 else None
        theirs: dict[str, Any] = order(id=number, updated_at=at.isoformat(), closed_at=closed)
        sandboxes.shopify.state.configure({"put_orders": [theirs]})
        sandboxes.bigcommerce.state.configure(
            {"put_orders": [bigcommerce_order(id=number, date_modified=format_datetime(at))]}
        )
        plain = at.replace(tzinfo=None).isoformat()
        sandboxes.woocommerce.state.configure({"put_orders": [woocommerce_order(id=number, date_modified_gmt=plain)]})


@pytest.mark.parametrize("client", [shopify, bigcommerce, woocommerce])
def test_all_orders_are_counted_and_those_that_changed_since(
    sandboxes: Sandboxes, client: Callable[[Sandboxes], Any]
) -> None:
    """Closed ones too; as many as the list shows."""
    assert (client(sandboxes).count_since(None), client(sandboxes).count_since(NOON)) == (0, 0)
    sold(sandboxes, -2, 1, 2, 3)
    assert (client(sandboxes).count_since(None), client(sandboxes).count_since(NOON)) == (4, 3)
    assert len(client(sandboxes).modified_since(NOON, None)[0]) == 3


def test_a_store_that_counts_all_its_orders_whatever_is_asked_is_not_believed(sandboxes: Sandboxes) -> None:
    """BigCommerce's description may be read so; without a moment its count is what was asked for."""
    sold(sandboxes, -2, 1)
    sandboxes.bigcommerce.state.configure({"count_heeds_filters": False})
    with pytest.raises(PermanentError, match="whenever they changed"):
        bigcommerce(sandboxes).count_since(NOON)
    assert bigcommerce(sandboxes).count_since(None) == 2


def test_a_shop_that_does_not_know_the_filter_is_not_believed(sandboxes: Sandboxes) -> None:
    """WooCommerce of long ago shows, and counts, all its orders."""
    sold(sandboxes, -2, 1)
    sandboxes.woocommerce.state.configure({"knows_modified_after": False})
    with pytest.raises(PermanentError, match="too old"):
        woocommerce(sandboxes).count_since(NOON)


def test_a_token_that_does_not_see_older_orders_counts_none(sandboxes: Sandboxes) -> None:
    """Whether Shopify's count leaves them out as its list does is said nowhere."""
    sandboxes.shopify.state.configure({"missing_scopes": ["read_all_orders"]})
    with pytest.raises(PermanentError, match="last 60 days"):
        shopify(sandboxes).count_since(None)


LIMITED = {"count": 9, "precision": "AT_LEAST"}
ODD: list[tuple[str, Fault]] = [
    (
        "shopify",
        Fault("POST", GRAPHQL, status=200, body={"data": {"ordersCount": {"count": 9, "precision": "AT_LEAST"}}}),
    ),
    ("shopify", Fault("POST", GRAPHQL, status=200, body={"data": {"ordersCount": None}})),
    ("shopify", Fault("POST", GRAPHQL, status=200, body={"data": {"ordersCount": {"precision": "EXACT"}}})),
    ("bigcommerce", Fault("GET", COUNT, status=200, body={"statuses": []})),
    ("bigcommerce", Fault("GET", COUNT, status=200, body={"count": True})),
    ("bigcommerce", Fault("GET", COUNT, status=200, body={"count": -1})),
    ("bigcommerce", Fault("GET", COUNT, status=200, body=[])),
    ("woocommerce", Fault("GET", "/wp-json/wc/v3/orders", status=200, body=[])),
]


@pytest.mark.parametrize(("name", "fault"), ODD)
def test_an_odd_answer_is_no_number(sandboxes: Sandboxes, name: str, fault: Fault) -> None:
    """A limit that was reached, nothing, no number; WooCommerce's without its header."""
    clients: dict[str, Callable[[Sandboxes], Any]]
    clients = {"shopify": shopify, "bigcommerce": bigcommerce, "woocommerce": woocommerce}
    getattr(sandboxes, name).faults.append(replace(fault))
    with pytest.raises(CommerceSyncError):
        clients[name](sandboxes).count_since(None)


def test_what_passes_and_what_does_not_are_told_apart(sandboxes: Sandboxes) -> None:
    """As in any other call."""
    sandboxes.bigcommerce.faults.append(Fault("GET", COUNT, status=503))
    with pytest.raises(RetriableError):
        bigcommerce(sandboxes).count_since(None)
