"""The Shopify sandbox: orders to read, as its REST API shows them."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from local.sandboxes.base import Clock, RequestLog
from local.sandboxes.shopify import shopify_sandbox

pytestmark = pytest.mark.network
ADMIN = "/admin/api/2026-10"
TOKEN = {"X-Shopify-Access-Token": "shpat_local"}


@pytest.fixture
def client() -> FlaskClient:
    """A shop with three orders, the second of them closed."""
    client = shopify_sandbox(RequestLog(None), Clock()).app.test_client()
    orders = [
        {"id": 9007199254740993 + n, "updated_at": f"2026-11-0{n + 1}T12:00:00+01:00", "closed_at": closed}
        for n, closed in enumerate((None, "2026-11-02T12:00:00+01:00", None))
    ]
    client.post("/_sandbox/settings", json={"put_orders": orders})
    return client


def ids(client: FlaskClient, query: str) -> list[int]:
    """The ids of the orders listed."""
    rows: list[dict[str, Any]] = client.get(f"{ADMIN}/orders.json?{query}", headers=TOKEN).get_json()["orders"]
    return [row["id"] - 9007199254740993 for row in rows]


def test_closed_orders_are_hidden_unless_asked_for(client: FlaskClient) -> None:
    """The default status hides what a poll must not miss."""
    assert ids(client, "") == [0, 2]
    assert ids(client, "status=any") == [0, 1, 2]


def test_orders_are_polled_by_modified_time_and_paged_by_id(client: FlaskClient) -> None:
    """Ids are whole numbers beyond 2^53."""
    assert ids(client, "status=any&updated_at_min=2026-11-02T11:00:00Z") == [1, 2]
    assert ids(client, "status=any&limit=1&since_id=9007199254740993") == [1]
    for wrong in ("limit=251", "limit=x", "updated_at_min=2026-11-02T11:00:00"):
        assert client.get(f"{ADMIN}/orders.json?{wrong}", headers=TOKEN).status_code == 400


def test_one_order_is_read_by_id(client: FlaskClient) -> None:
    """And an unknown one is not found."""
    answer = client.get(f"{ADMIN}/orders/9007199254740994.json", headers=TOKEN)
    assert answer.get_json()["order"]["id"] == 9007199254740994
    assert client.get(f"{ADMIN}/orders/1.json", headers=TOKEN).status_code == 404


def test_a_wrong_token_and_a_wrong_version_are_refused(client: FlaskClient) -> None:
    """401 and 404."""
    path = f"{ADMIN}/shop.json"
    assert client.get(path, headers={"X-Shopify-Access-Token": "other"}).status_code == 401
    assert client.get("/admin/api/2020-01/shop.json", headers=TOKEN).status_code == 404
    assert client.get(path, headers=TOKEN).headers["X-Shopify-Shop-Api-Call-Limit"] == "1/40"


def test_a_full_bucket_says_when_to_come_back(client: FlaskClient) -> None:
    """429 with Retry-After."""
    answers = [client.get(f"{ADMIN}/shop.json", headers=TOKEN) for _ in range(41)]
    assert [answer.status_code for answer in answers] == [200] * 40 + [429]
    assert float(answers[-1].headers["Retry-After"]) > 0
