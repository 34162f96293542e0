"""Line items in the HubSpot sandbox: one parent each, an amount that HubSpot works out itself."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from local.sandboxes.base import Clock, RequestLog
from local.sandboxes.hubspot import hubspot_sandbox

pytestmark = pytest.mark.network
OBJECTS = "/crm/objects/2026-09"
TOKEN = {"Authorization": "Bearer pat-local"}


@pytest.fixture
def client() -> FlaskClient:
    """A client of an empty account."""
    return hubspot_sandbox(RequestLog(None), Clock()).app.test_client()


def make(client: FlaskClient, object_type: str, **properties: str) -> str:
    """A new record's id."""
    answer = client.post(f"{OBJECTS}/{object_type}", json={"properties": properties, "associations": []}, headers=TOKEN)
    assert answer.status_code == 201, answer.get_json()
    return str(answer.get_json()["id"])


def tie(client: FlaskClient, object_type: str, record_id: str, line: str) -> TestResponse:
    """Tie a line item to a record."""
    path = f"/crm/associations/2026-09/{object_type}/line_items/batch/associate/default"
    return client.post(path, json={"inputs": [{"from": {"id": record_id}, "to": {"id": line}}]}, headers=TOKEN)


def amount_of(client: FlaskClient, line: str) -> Any:
    """What HubSpot says that a line costs."""
    answer = client.get(f"{OBJECTS}/line_items/{line}?properties=amount", headers=TOKEN)
    return answer.get_json()["properties"]["amount"]


def test_a_line_item_has_one_parent(client: FlaskClient) -> None:
    """Tying it again to its own is fine; another order or a deal is refused, and nothing moves."""
    line = make(client, "line_items", name="Mug", price="10", quantity="1")
    order, other = (make(client, "orders", hs_order_name=name) for name in ("#1", "#2"))
    deal = make(client, "deals", dealname="#1", dealstage="closedwon", pipeline="default")
    assert [tie(client, "orders", order, line).status_code for _ in range(2)] == [200, 200]
    for object_type, record_id in (("orders", other), ("deals", deal)):
        refused = tie(client, object_type, record_id, line)
        assert (refused.status_code, refused.get_json()["numErrors"]) == (207, 1)
    ties = client.get("/_sandbox/state").get_json()["associations"]
    assert {(one["from_type"], one["from"]) for one in ties if one["to"] == line} == {("orders", order)}


def test_a_lines_amount_is_worked_out_and_never_written(client: FlaskClient) -> None:
    """Quantity at the price less the discount of one unit, also after an update."""
    line = make(client, "line_items", name="Mug", price="10", quantity="3", discount="0.5")
    assert amount_of(client, line) == "28.5"
    client.patch(f"{OBJECTS}/line_items/{line}", json={"properties": {"quantity": "2"}}, headers=TOKEN)
    assert amount_of(client, line) == "19.0"
    refused = client.patch(f"{OBJECTS}/line_items/{line}", json={"properties": {"amount": "1"}}, headers=TOKEN)
    assert refused.get_json()["errors"][0]["code"] == "READ_ONLY_VALUE"
