"""Search in the HubSpot sandbox: late, capped, and blind to the archived."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from local.sandboxes.base import Clock, RequestLog
from local.sandboxes.hubspot import hubspot_sandbox

pytestmark = pytest.mark.network
CONTACTS = "/crm/objects/2026-09/contacts"
TOKEN = {"Authorization": "Bearer pat-local"}


@pytest.fixture
def client() -> FlaskClient:
    """An account without lag or limits."""
    client = hubspot_sandbox(RequestLog(None), Clock()).app.test_client()
    client.post("/_sandbox/settings", json={"search_lag": 0, "rate_limits": False})
    return client


def create(client: FlaskClient, number: int, **properties: str) -> str:
    """A contact's id, created."""
    body = {"properties": {"email": f"p{number}@example.com", **properties}, "associations": []}
    return str(client.post(CONTACTS, json=body, headers=TOKEN).get_json()["id"])


def search(client: FlaskClient, *filters: dict[str, Any], status: int = 200, **body: Any) -> dict[str, Any]:
    """An answer of the search."""
    groups = [{"filters": list(filters)}] if filters else []
    whole = {"filterGroups": groups, "sorts": ["hs_object_id"], "properties": ["email"], "limit": 200, "after": "0"}
    answer = client.post(f"{CONTACTS}/search", json={**whole, **body}, headers=TOKEN)
    assert answer.status_code == status, answer.text
    content: dict[str, Any] = answer.get_json()
    return content


def where(name: str, operator: str, **values: Any) -> dict[str, Any]:
    """One filter."""
    return {"propertyName": name, "operator": operator, **values}


def test_the_index_lags_behind(client: FlaskClient) -> None:
    """A change is found, and an old value lost, only after the lag."""
    create(client, 1, firstname="Ana")
    client.post("/_sandbox/clock", json={"advance": 100})
    client.post("/_sandbox/settings", json={"search_lag": 50})
    client.patch(f"{CONTACTS}/p1@example.com?idProperty=email", json={"properties": {"firstname": "Bo"}}, headers=TOKEN)
    create(client, 2, firstname="Bo")
    ana, bo = where("firstname", "EQ", value="Ana"), where("firstname", "EQ", value="bo")
    assert (search(client, ana)["total"], search(client, bo)["total"]) == (1, 0)
    client.post("/_sandbox/clock", json={"advance": 51})
    assert (search(client, ana)["total"], search(client, bo)["total"]) == (0, 2)


def test_a_window_of_modified_dates_pages_by_id(client: FlaskClient) -> None:
    """The recipe: BETWEEN milliseconds, and ids greater than the last."""
    ids = [create(client, number) for number in range(5)]
    window = where("lastmodifieddate", "BETWEEN", value="0", highValue="9999999999999")
    first = search(client, window, limit=2)
    after = where("hs_object_id", "GT", value=first["results"][-1]["id"])
    rest = search(client, window, after)
    assert [row["id"] for row in first["results"] + rest["results"]] == ids
    assert (first["total"], first["paging"]["next"]["after"], "paging" in rest) == (5, "2", False)


def test_our_own_write_bumps_the_modified_date(client: FlaskClient) -> None:
    """Even one that changes nothing: so content must be compared."""
    contact = create(client, 1, firstname="Ana")
    client.post("/_sandbox/clock", json={"advance": 60})
    before = search(client)["results"][0]["properties"]["lastmodifieddate"]
    client.patch(f"{CONTACTS}/{contact}", json={"properties": {"firstname": "Ana"}}, headers=TOKEN)
    assert search(client)["results"][0]["properties"]["lastmodifieddate"] > before


def test_archived_contacts_are_not_found(client: FlaskClient) -> None:
    """Not even late."""
    client.delete(f"{CONTACTS}/{create(client, 1)}", headers=TOKEN)
    assert search(client)["total"] == 0


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        (where("firstname", "HAS_PROPERTY"), 2),
        (where("firstname", "NOT_HAS_PROPERTY"), 1),
        (where("firstname", "IN", values=["ana", "cy"]), 1),
        (where("firstname", "NOT_IN", values=["Ana"]), 2),
        (where("firstname", "NEQ", value="ana"), 2),
        (where("email", "CONTAINS_TOKEN", value="*p1*"), 1),
        (where("createdate", "LT", value="0"), 0),
    ],
)
def test_filters_compare_as_documented(client: FlaskClient, entry: dict[str, Any], found: int) -> None:
    """Text without case, dates in milliseconds."""
    for number, name in enumerate(({"firstname": "Ana"}, {"firstname": "Bo"}, {})):
        create(client, number, **name)
    assert search(client, entry)["total"] == found


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 201},
        {"limit": 100, "after": "9901"},
        {"after": 0},
        {"sorts": ["email", "hs_object_id"]},
        {"sorts": ["no_such_property"]},
        {"filterGroups": [{"filters": []}] * 6},
        {"filterGroups": [{"filters": [where("email", "HAS_PROPERTY")] * 7}]},
        {"filterGroups": [{"filters": [where("email", "LIKE", value="a")]}]},
        {"filterGroups": [{"filters": [where("none", "EQ", value="a")]}]},
        {"properties": ["x" * 3000]},
    ],
)
def test_a_search_beyond_the_limits_is_refused(client: FlaskClient, body: dict[str, Any]) -> None:
    """200 a page, 10,000 in all, 5 groups of 6, one sort, 3,000 characters."""
    create(client, 1)
    search(client, status=400, **body)


def test_sorts_may_be_names_or_objects(client: FlaskClient) -> None:
    """The spec says strings, the documentation shows objects."""
    ids = [create(client, number) for number in range(2)]
    down = search(client, sorts=[{"propertyName": "hs_object_id", "direction": "DESCENDING"}])
    assert [row["id"] for row in down["results"]] == ids[::-1]


def test_a_bulk_job_stamps_everybody_with_one_time(client: FlaskClient) -> None:
    """So a cursor of modified times alone cannot page through them."""
    for number in range(3):
        create(client, number)
    client.post("/_sandbox/settings", json={"edit_all_contacts": {"city": "Berlin"}})
    assert len({row["properties"]["lastmodifieddate"] for row in search(client)["results"]}) == 1
