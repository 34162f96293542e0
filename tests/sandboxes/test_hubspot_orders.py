"""Orders, properties, associations and the account in the HubSpot sandbox."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from local.sandboxes.base import Clock, RequestLog
from local.sandboxes.hubspot import hubspot_sandbox

pytestmark = pytest.mark.network
OBJECTS, PROPERTIES = "/crm/objects/2026-09", "/crm/properties/2026-09"
TIES = "/crm/associations/2026-09/orders/contacts/batch"
TOKEN = {"Authorization": "Bearer pat-local"}
KEY = {
    "name": "sync_order_key",
    "label": "Key",
    "type": "string",
    "fieldType": "text",
    "groupName": "orderinformation",
    "hasUniqueValue": True,
}


@pytest.fixture
def client() -> FlaskClient:
    """A client of an empty account."""
    return hubspot_sandbox(RequestLog(None), Clock()).app.test_client()


def post(client: FlaskClient, path: str, body: Any) -> TestResponse:
    """POST with the token."""
    return client.post(path, json=body, headers=TOKEN)


def order(key: str, **properties: str) -> dict[str, Any]:
    """One input of an upsert by our own key."""
    return {
        "idProperty": "sync_order_key",
        "id": key,
        "objectWriteTraceId": key,
        "properties": {"sync_order_key": key, "hs_order_name": f"#{key}", **properties},
    }


def upsert(client: FlaskClient, *orders: dict[str, Any]) -> TestResponse:
    """Upsert orders."""
    return post(client, f"{OBJECTS}/orders/batch/upsert", {"inputs": list(orders)})


def test_a_property_exists_only_after_it_was_created(client: FlaskClient) -> None:
    """Before that, an upsert by it is refused by name."""
    refused = upsert(client, order("shop:1"))
    assert refused.status_code == 400
    assert refused.get_json()["errors"][0]["context"] == {"propertyName": ["sync_order_key"]}
    assert post(client, f"{PROPERTIES}/orders", KEY).status_code == 201
    assert upsert(client, order("shop:1")).status_code == 200
    state = client.get("/_sandbox/state").get_json()
    assert state["properties"]["orders"] == ["sync_order_key"]


def test_an_upsert_by_an_own_key_is_partial_and_says_what_is_new(client: FlaskClient) -> None:
    """The second one keeps what it leaves out."""
    post(client, f"{PROPERTIES}/orders", KEY)
    first = upsert(client, order("shop:1", hs_total_price="59.90")).get_json()["results"][0]
    second = upsert(client, order("shop:1", hs_payment_status="paid")).get_json()["results"][0]
    assert (first["new"], second["new"], second["id"]) == (True, False, first["id"])
    assert second["properties"]["hs_total_price"] == "59.90"
    assert second["objectWriteTraceId"] == "shop:1"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("hs_currency_code", "SEK", "INVALID_OPTION"),
        ("hs_total_price", "12,50", "INVALID_INTEGER"),
        ("hs_total_price", "NaN", "INVALID_INTEGER"),
        ("hs_external_created_date", "yesterday", "INVALID_DATE"),
        ("hs_external_created_date", "2026-10-02T09:30:00", "INVALID_DATE"),
        ("hs_pipeline_stage", "Open", "INVALID_OPTION"),
        ("hs_homecurrency_amount", "1", "READ_ONLY_VALUE"),
    ],
)
def test_an_orders_values_must_fit(client: FlaskClient, name: str, value: str, code: str) -> None:
    """A currency that the account does not have is refused; the other order is written."""
    post(client, f"{PROPERTIES}/orders", KEY)
    answer = upsert(client, order("shop:1", **{name: value}), order("shop:2", hs_currency_code="EUR"))
    body = answer.get_json()
    assert answer.status_code == 207
    assert [result["objectWriteTraceId"] for result in body["results"]] == ["shop:2"]
    assert body["errors"][0]["context"]["objectWriteTraceId"] == ["shop:1"]
    assert body["errors"][0]["errors"][0]["code"] == code


def test_times_are_kept_in_utc(client: FlaskClient) -> None:
    """Whatever zone they came in; milliseconds stay where there are any."""
    post(client, f"{PROPERTIES}/orders", KEY)
    dates = {"hs_external_created_date": "2026-10-02T11:30:00.250+02:00", "hs_processed_date": "1790933400000"}
    result = upsert(client, order("shop:1", **dates)).get_json()["results"][0]["properties"]
    assert result["hs_external_created_date"] == "2026-10-02T09:30:00.250Z"
    assert result["hs_processed_date"] == "2026-10-02T09:30:00Z"


def test_an_order_needs_a_name(client: FlaskClient) -> None:
    """On create, not on update."""
    answer = post(client, f"{OBJECTS}/orders", {"properties": {"hs_total_price": "1"}, "associations": []})
    assert answer.get_json()["errors"][0]["code"] == "MISSING_REQUIRED_PROPERTY"


def test_the_external_order_id_is_unique(client: FlaskClient) -> None:
    """HubSpot's own shop apps fill it too."""
    body = {"properties": {"hs_order_name": "#1", "hs_external_order_id": "1"}, "associations": []}
    assert [post(client, f"{OBJECTS}/orders", body).status_code for _ in range(2)] == [201, 400]


@pytest.mark.parametrize("key", ["hs_order_name", "email", "none"])
def test_only_a_unique_property_is_a_key(client: FlaskClient, key: str) -> None:
    """Names are not unique, and an order has no email."""
    assert upsert(client, {**order("x"), "idProperty": key}).status_code == 400


def test_an_existing_property_is_a_conflict_and_an_archived_one_comes_back(client: FlaskClient) -> None:
    """409 with the subcategory; creating an archived name restores it."""
    post(client, f"{PROPERTIES}/orders", KEY)
    again = post(client, f"{PROPERTIES}/orders", KEY)
    body = again.get_json()
    assert (again.status_code, body["category"]) == (409, "OBJECT_ALREADY_EXISTS")
    assert body["subCategory"] == "Properties.PROPERTY_WITH_NAME_EXISTS"
    path = f"{PROPERTIES}/orders/sync_order_key"
    assert client.delete(path, headers=TOKEN).status_code == 204
    assert client.get(path, headers=TOKEN).status_code == 404
    assert post(client, f"{PROPERTIES}/orders", KEY).status_code == 201


@pytest.mark.parametrize(
    "change",
    [
        {"groupName": "no_such_group"},
        {"fieldType": "number"},
        {"type": "enumeration", "fieldType": "select"},
        {"type": "enumeration", "fieldType": "select", "options": [{"label": "A", "value": "a"}]},
        {"name": "Not A Name"},
        {"label": None},
    ],
)
def test_a_definition_must_be_whole(client: FlaskClient, change: dict[str, Any]) -> None:
    """Group, pair of types, options with all four fields."""
    assert post(client, f"{PROPERTIES}/orders", {**KEY, **change}).status_code == 400


def test_patched_options_replace_the_whole_list(client: FlaskClient) -> None:
    """What is left out is gone."""
    options = [{"label": v, "value": v, "displayOrder": n, "hidden": False} for n, v in enumerate(("a", "b"))]
    definition = {**KEY, "name": "tier", "type": "enumeration", "fieldType": "select", "options": options}
    assert post(client, f"{PROPERTIES}/contacts", {**definition, "groupName": "contactinformation"}).status_code == 201
    path = f"{PROPERTIES}/contacts/tier"
    answer = client.patch(path, json={"options": options[:1]}, headers=TOKEN)
    assert [entry["value"] for entry in answer.get_json()["options"]] == ["a"]
    assert client.patch(path, json={"name": "level"}, headers=TOKEN).status_code == 400


def test_custom_properties_are_counted_and_capped(client: FlaskClient) -> None:
    """Free accounts have room for few."""
    client.post("/_sandbox/settings", json={"most_custom_properties": 1})
    post(client, f"{PROPERTIES}/orders", KEY)
    assert post(client, f"{PROPERTIES}/orders", {**KEY, "name": "second"}).status_code == 400
    limits = client.get("/crm/limits/2026-09/custom-properties", headers=TOKEN).get_json()
    usage = {entry["objectTypeId"]: entry["usage"] for entry in limits["byObjectType"]}
    assert (usage["0-123"], limits["overallUsage"]) == (1, 1)


def test_groups_are_listed_and_made_once(client: FlaskClient) -> None:
    """A second one of the name is a 409."""
    group = {"name": "commerce_sync", "label": "Commerce sync"}
    path = f"{PROPERTIES}/orders/groups"
    assert [post(client, path, group).status_code for _ in range(2)] == [201, 409]
    assert "commerce_sync" in [entry["name"] for entry in client.get(path, headers=TOKEN).get_json()["results"]]


def tied(client: FlaskClient) -> tuple[str, str]:
    """An order and a contact, not tied yet."""
    contact = post(client, f"{OBJECTS}/contacts", {"properties": {"email": "ana@example.com"}}).get_json()["id"]
    made = post(client, f"{OBJECTS}/orders", {"properties": {"hs_order_name": "#1"}}).get_json()["id"]
    return str(made), str(contact)


def test_associations_are_read_from_both_ends(client: FlaskClient) -> None:
    """A default association, repeated, is one."""
    made, contact = tied(client)
    for _ in range(2):
        body = {"inputs": [{"from": {"id": made}, "to": {"id": contact}}]}
        assert post(client, f"{TIES}/associate/default", body).status_code == 200
    there = post(client, f"{TIES}/read", {"inputs": [{"id": made}]}).get_json()["results"]
    assert [(row["from"]["id"], [to["toObjectId"] for to in row["to"]]) for row in there] == [(made, [contact])]
    back = client.get(f"{OBJECTS}/contacts/{contact}/associations/orders", headers=TOKEN).get_json()["results"]
    assert [(row["toObjectId"], row["associationTypes"][0]["typeId"]) for row in back] == [(made, 508)]


def test_an_association_with_nobody_is_named(client: FlaskClient) -> None:
    """207; the others are tied."""
    made, contact = tied(client)
    ends = [{"from": {"id": made}, "to": {"id": other}} for other in (contact, "1")]
    answer = post(client, f"{TIES}/associate/default", {"inputs": ends})
    assert (answer.status_code, answer.get_json()["numErrors"]) == (207, 1)
    links = client.get("/_sandbox/state").get_json()["associations"]
    assert {"from_type": "orders", "from": made, "to_type": "contacts", "to": contact} in links
    assert len(links) == 2


def test_a_typed_association_takes_its_own_directions_type(client: FlaskClient) -> None:
    """508 is contact to order."""
    made, contact = tied(client)
    path = f"{OBJECTS}/orders/{made}/associations/contacts/{contact}"
    for number, status in ((508, 400), (507, 201)):
        body = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": number}]
        assert client.put(path, json=body, headers=TOKEN).status_code == status


def test_archiving_associations_takes_lists(client: FlaskClient) -> None:
    """``to`` is an array there, and only there."""
    made, contact = tied(client)
    client.put(f"{OBJECTS}/orders/{made}/associations/default/contacts/{contact}", headers=TOKEN)
    for to, status in (({"id": contact}, 400), ([{"id": contact}], 204)):
        assert post(client, f"{TIES}/archive", {"inputs": [{"from": {"id": made}, "to": to}]}).status_code == status
    assert client.get("/_sandbox/state").get_json()["associations"] == []


def test_a_new_order_may_be_tied_at_its_birth_or_not_be_born(client: FlaskClient) -> None:
    """An association with nobody leaves nothing behind."""
    _, contact = tied(client)
    for to, status in ((contact, 201), ("1", 404)):
        types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 507}]
        body = {"properties": {"hs_order_name": "#2"}, "associations": [{"to": {"id": to}, "types": types}]}
        assert post(client, f"{OBJECTS}/orders", body).status_code == status
    assert len(client.get("/_sandbox/state").get_json()["orders"]) == 2


def test_a_merge_takes_the_associations_along(client: FlaskClient) -> None:
    """The orders of both are the survivor's."""
    made, contact = tied(client)
    client.put(f"{OBJECTS}/orders/{made}/associations/default/contacts/{contact}", headers=TOKEN)
    other = post(client, f"{OBJECTS}/contacts", {"properties": {"email": "bo@example.com"}}).get_json()["id"]
    post(client, f"{OBJECTS}/contacts/merge", {"primaryObjectId": other, "objectIdToMerge": contact})
    results = client.get(f"{OBJECTS}/orders/{made}/associations/contacts", headers=TOKEN).get_json()["results"]
    assert [row["toObjectId"] for row in results] == [other]


def test_the_account_names_its_currencies(client: FlaskClient) -> None:
    """The first is the company's."""
    client.post("/_sandbox/settings", json={"currencies": ["GBP", "EUR"]})
    prefix = "/settings/currencies/2026-09"
    assert client.get(f"{prefix}/company-currency", headers=TOKEN).get_json()["id"] == "GBP"
    codes = client.get(f"{prefix}/codes", headers=TOKEN).get_json()["results"]
    assert [entry["currencyCode"] for entry in codes] == ["GBP", "EUR"]
    rates = client.get(f"{prefix}/exchange-rates/current", headers=TOKEN).get_json()["results"]
    assert (rates[0]["fromCurrencyCode"], rates[0]["toCurrencyCode"]) == ("EUR", "GBP")
    details = client.get("/account-info/2026-09/details", headers=TOKEN).get_json()
    assert (details["companyCurrency"], details["additionalCurrencies"]) == ("GBP", ["EUR"])


def test_owners_who_left_are_listed_apart_and_queues_have_no_email(client: FlaskClient) -> None:
    """An owner's id is not the user's."""
    here = client.get("/crm/owners/2026-09", headers=TOKEN).get_json()["results"]
    gone = client.get("/crm/owners/2026-09?archived=true", headers=TOKEN).get_json()["results"]
    assert [owner["type"] for owner in here] == ["PERSON", "QUEUE"]
    assert "email" not in here[1]
    assert [owner["archived"] for owner in gone] == [True]
    assert str(here[0]["userId"]) != here[0]["id"]


def test_pipelines_show_their_stages_ids(client: FlaskClient) -> None:
    """Deals are closed by an internal id."""
    pipeline = client.get("/crm/pipelines/2026-09/deals", headers=TOKEN).get_json()["results"][0]
    assert "closedwon" in [stage["id"] for stage in pipeline["stages"]]
    deal = {"dealname": "x", "pipeline": "default", "dealstage": "Closed won"}
    assert post(client, f"{OBJECTS}/deals", {"properties": deal}).status_code == 400
    assert post(client, f"{OBJECTS}/deals", {"properties": {**deal, "dealstage": "closedwon"}}).status_code == 201
