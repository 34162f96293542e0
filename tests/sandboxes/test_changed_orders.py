"""Lists of changed orders, read by our clients page by page, against sandboxes as strict as the stores."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import requests
from commerce_sync.errors import NotAllowedError, PermanentError
from commerce_sync.vendors.bigcommerce import BigCommerce, BigCommerceOrders
from commerce_sync.vendors.changed import ChangedRecord
from commerce_sync.vendors.shopify import Shopify, ShopifyOrders

from local.sandboxes.base import Fault
from local.sandboxes.server import Sandboxes
from tests.unit.intake.bigcommerce_bodies import bigcommerce_order
from tests.unit.intake.bodies import order

pytestmark = pytest.mark.network
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
Read = Callable[[datetime, str | None], tuple[list[ChangedRecord], str | None]]


def everything(read: Read, since: datetime) -> tuple[list[str], int]:
    """The ids of all pages, and how many pages those were."""
    ids: list[str] = []
    cursor, pages = None, 0
    while True:
        found, cursor = read(since, cursor)
        ids += [one.record_id for one in found]
        pages += 1
        if cursor is None:
            return ids, pages


def shopify(sandboxes: Sandboxes, page: int = 2) -> ShopifyOrders:
    """The client of a store."""
    return ShopifyOrders(Shopify(sandboxes.urls["shopify"], "shpat_local", "2026-10", 5.0), page)


def bigcommerce(sandboxes: Sandboxes, page: int = 2) -> BigCommerceOrders:
    """The client of a store."""
    return BigCommerceOrders(BigCommerce(f"{sandboxes.urls['bigcommerce']}/stores/sandbox", "bc_local", 5.0), page)


def sold(sandboxes: Sandboxes, *seconds: int) -> None:
    """Orders 1, 2, ... in both stores, each changed so many seconds after noon; the second one is closed."""
    for number, after in enumerate(seconds, 1):
        at, closed = NOON + timedelta(seconds=after), NOON.isoformat() if number == 2 else None
        theirs: dict[str, Any] = order(id=number, updated_at=at.isoformat(), closed_at=closed)
        sandboxes.shopify.state.configure({"put_orders": [theirs]})
        sandboxes.bigcommerce.state.configure(
            {"put_orders": [bigcommerce_order(id=number, date_modified=format_datetime(at))]}
        )


@pytest.mark.parametrize("client", [shopify, bigcommerce])
@pytest.mark.parametrize("seconds", [(0,), (0, 10, 20, 30, 40), (5, 5, 5, 5, 5), (40, 30, 20, 10, 0), (0, 1, 2, 3, 4)])
def test_every_changed_order_is_on_a_page(
    sandboxes: Sandboxes, client: Callable[[Sandboxes], Any], seconds: tuple[int, ...]
) -> None:
    """Closed ones too, and those of one second; what changed before is on none."""
    sold(sandboxes, -3600, *seconds)
    ids, pages = everything(client(sandboxes).modified_since, NOON)
    assert set(ids) == {str(number) for number in range(2, len(seconds) + 2)}
    assert pages <= 2 * len(seconds) + 1


@pytest.mark.parametrize("client", [shopify, bigcommerce])
def test_a_store_where_nothing_changed_has_an_empty_page(
    sandboxes: Sandboxes, client: Callable[[Sandboxes], Any]
) -> None:
    """BigCommerce answers 204 without a body."""
    assert everything(client(sandboxes).modified_since, NOON) == ([], 1)


def test_a_time_that_cannot_be_read_is_unknown_and_its_order_is_told(sandboxes: Sandboxes) -> None:
    """Of either store."""
    rows = {
        "shopify": ("/admin/api/2026-10/orders.json", {"orders": [{"id": 1, "updated_at": None}]}),
        "bigcommerce": ("/stores/sandbox/v2/orders", [{"id": 1, "date_modified": ""}]),
    }
    for name, client in (("shopify", shopify), ("bigcommerce", bigcommerce)):
        path, body = rows[name]
        getattr(sandboxes, name).faults.append(Fault("GET", path, status=200, body=body))
        (found,), _ = client(sandboxes).modified_since(NOON, None)
        assert (found.record_id, found.modified_at) == ("1", None)


def test_a_store_that_shows_other_orders_than_were_asked_for_has_no_endless_list(sandboxes: Sandboxes) -> None:
    """One that does not know ``min_id``."""
    rows = [bigcommerce_order(id=number) for number in (1, 2)]
    fault = Fault("GET", "/stores/sandbox/v2/orders", times=9, status=200, body=rows)
    sandboxes.bigcommerce.faults.append(fault)
    with pytest.raises(PermanentError, match="min_id"):
        everything(bigcommerce(sandboxes).modified_since, NOON)


@pytest.mark.parametrize("client", [shopify, bigcommerce])
def test_a_cursor_that_is_none_is_refused(sandboxes: Sandboxes, client: Callable[[Sandboxes], Any]) -> None:
    """Before anything is asked."""
    with pytest.raises(PermanentError):
        client(sandboxes).modified_since(NOON, "x")


def test_shopifys_scopes_are_named(sandboxes: Sandboxes) -> None:
    """The resource has no version in its address; a wrong token is refused."""
    store = Shopify(sandboxes.urls["shopify"], "shpat_local", "2026-10", 5.0)
    assert {"read_orders", "read_all_orders"} <= store.scopes()
    sandboxes.shopify.state.configure({"missing_scopes": ["read_all_orders"]})
    assert "read_all_orders" not in store.scopes()
    address = f"{sandboxes.urls['shopify']}/admin/oauth/access_scopes.json"
    assert requests.get(address, headers={"X-Shopify-Access-Token": "x"}, timeout=5).status_code == 401


def test_without_read_orders_no_list_is_shown(sandboxes: Sandboxes) -> None:
    """403: what needs another scope still works."""
    sandboxes.shopify.state.configure({"missing_scopes": ["read_orders"]})
    with pytest.raises(NotAllowedError):
        shopify(sandboxes).modified_since(NOON, None)


@pytest.mark.parametrize(
    "query", ["sort=total:asc", "limit=251", "min_date_modified=yesterday", "modified_after=2026-11-01", "min_id=x"]
)
def test_the_sandbox_refuses_what_the_store_would(sandboxes: Sandboxes, query: str) -> None:
    """400, so that a wrong parameter is not taken for a filter."""
    headers = {"X-Auth-Token": "bc_local", "Accept": "application/json"}
    address = f"{sandboxes.urls['bigcommerce']}/stores/sandbox/v2/orders?{query}"
    assert requests.get(address, headers=headers, timeout=5).status_code == 400
