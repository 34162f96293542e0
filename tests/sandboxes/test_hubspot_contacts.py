"""Contacts in the HubSpot sandbox: as strict as HubSpot about ids, values, conflicts and batches."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from local.sandboxes.base import Clock, RequestLog
from local.sandboxes.hubspot import hubspot_sandbox

pytestmark = pytest.mark.network
CONTACTS = "/crm/objects/2026-09/contacts"
TOKEN = {"Authorization": "Bearer pat-local"}


@pytest.fixture
def client() -> FlaskClient:
    """A client of an empty account."""
    return hubspot_sandbox(RequestLog(None), Clock()).app.test_client()


def post(client: FlaskClient, path: str, body: Any) -> TestResponse:
    """POST with the token."""
    return client.post(path, json=body, headers=TOKEN)


def configure(client: FlaskClient, **settings: Any) -> None:
    """Change settings."""
    assert client.post("/_sandbox/settings", json=settings).status_code == 200


def create(client: FlaskClient, email: str, **properties: str) -> str:
    """A contact's id, created."""
    answer = post(client, CONTACTS, {"properties": {"email": email, **properties}, "associations": []})
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["id"])


def read(client: FlaskClient, *emails: str) -> list[dict[str, Any]]:
    """Contacts by email."""
    body = {
        "idProperty": "email",
        "inputs": [{"id": email} for email in emails],
        "properties": ["email", "firstname", "lifecyclestage"],
        "propertiesWithHistory": [],
    }
    answer = post(client, f"{CONTACTS}/batch/read?archived=false", body)
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = answer.get_json()["results"]
    return results


def of(email: str, trace: str | None = None, **properties: str) -> dict[str, Any]:
    """One input of a batch create."""
    named = {"objectWriteTraceId": trace} if trace else {}
    return {"properties": {"email": email, **properties}, "associations": [], **named}


def test_batch_read_finds_emails_in_any_case_and_leaves_out_the_unknown(client: FlaskClient) -> None:
    """Missing inputs simply lack a result."""
    contact = create(client, "Ana@Example.com", firstname="Ana")
    found = read(client, "ANA@example.com", "nobody@example.com")
    assert [entry["id"] for entry in found] == [contact]
    assert found[0]["properties"]["email"] == "ana@example.com"
    assert found[0]["properties"]["lifecyclestage"] is None
    assert {"createdAt", "updatedAt", "archived"} <= found[0].keys()


def test_missing_contacts_may_come_as_errors_instead(client: FlaskClient) -> None:
    """HubSpot is seen doing both, so a client must bear both."""
    configure(client, missing_as_errors=True)
    body = {"inputs": [{"id": "1"}], "properties": [], "propertiesWithHistory": []}
    answer = post(client, f"{CONTACTS}/batch/read", body)
    assert (answer.status_code, answer.get_json()["numErrors"]) == (207, 1)


def test_a_taken_email_is_a_conflict_whose_id_stands_in_the_message_only(client: FlaskClient) -> None:
    """Whatever its letter case."""
    contact = create(client, "ana@example.com")
    answer = post(client, CONTACTS, {"properties": {"email": "ANA@example.com"}, "associations": []})
    body = answer.get_json()
    assert (answer.status_code, body["category"]) == (409, "CONFLICT")
    assert body["message"] == f"Contact already exists. Existing ID: {contact}"
    assert body["context"] == {}


def test_one_bad_input_refuses_a_batch_without_trace_ids(client: FlaskClient) -> None:
    """Nothing is written, and a conflict names only the first."""
    contact = create(client, "ana@example.com")
    body = {"inputs": [of("new@example.com"), of("ana@example.com")]}
    answer = post(client, f"{CONTACTS}/batch/create", body)
    assert answer.status_code == 409
    assert contact in answer.get_json()["message"]
    assert read(client, "new@example.com") == []


@pytest.mark.parametrize("traces", [("same", "same"), ("only", None)])
def test_trace_ids_that_are_not_distinct_and_complete_buy_nothing(
    client: FlaskClient, traces: tuple[str, str | None]
) -> None:
    """Partial results come only when every input carries its own."""
    body = {"inputs": [of("new@example.com", traces[0]), of("bad", traces[1])]}
    assert post(client, f"{CONTACTS}/batch/create", body).status_code == 400
    assert read(client, "new@example.com") == []


def test_with_trace_ids_each_input_has_its_own_verdict(client: FlaskClient) -> None:
    """207: results and errors name the trace."""
    contact = create(client, "ana@example.com")
    inputs = [of("ana@example.com", "a"), of("bo@example.com", "b"), of("cy@example.com", "c", lifecyclestage="Lead")]
    answer = post(client, f"{CONTACTS}/batch/create", {"inputs": inputs})
    body = answer.get_json()
    assert answer.status_code == 207
    assert [result["objectWriteTraceId"] for result in body["results"]] == ["b"]
    errors = {error["context"]["objectWriteTraceId"][0]: error for error in body["errors"]}
    assert (body["numErrors"], errors["a"]["category"]) == (2, "CONFLICT")
    assert contact in errors["a"]["message"]
    inner = errors["c"]["errors"][0]
    assert (inner["code"], inner["context"]) == ("INVALID_OPTION", {"propertyName": ["lifecyclestage"]})


def test_results_never_come_in_the_order_of_the_inputs(client: FlaskClient) -> None:
    """So that nobody maps them by position."""
    emails = [f"person{number}@example.com" for number in range(8)]
    answer = post(client, f"{CONTACTS}/batch/create", {"inputs": [of(email) for email in emails]})
    got = [result["properties"]["email"] for result in answer.get_json()["results"]]
    assert (answer.status_code, sorted(got)) == (201, emails)
    assert got != emails


def test_more_than_a_hundred_inputs_are_refused(client: FlaskClient) -> None:
    """The limit of every object batch."""
    inputs = [of(f"p{number}@example.com") for number in range(101)]
    assert post(client, f"{CONTACTS}/batch/create", {"inputs": inputs}).status_code == 400


def test_an_id_that_comes_twice_refuses_the_whole_batch(client: FlaskClient) -> None:
    """With trace ids too."""
    contact = create(client, "ana@example.com")
    inputs = [{"id": contact, "objectWriteTraceId": name, "properties": {"firstname": name}} for name in "ab"]
    answer = post(client, f"{CONTACTS}/batch/update", {"inputs": inputs})
    assert (answer.status_code, answer.get_json()["message"]) == (400, "Duplicate IDs found in batch input")


def test_contacts_are_not_updated_by_email(client: FlaskClient) -> None:
    """An email is no record id in a batch update."""
    create(client, "ana@example.com")
    inputs = [{"id": "ana@example.com", "idProperty": "email", "properties": {"firstname": "A"}}]
    assert post(client, f"{CONTACTS}/batch/update", {"inputs": inputs}).status_code == 400
    assert post(client, f"{CONTACTS}/batch/update", {"inputs": [{**inputs[0], "idProperty": None}]}).status_code == 404


def test_contacts_are_not_upserted_by_email(client: FlaskClient) -> None:
    """It is no partial update, so it is refused; or, switched, it empties what is left out."""
    create(client, "ana@example.com", firstname="Ana", phone="+49 30 1")
    entry = {"id": "ana@example.com", "idProperty": "email", "properties": {"phone": "+49 30 2"}}
    assert post(client, f"{CONTACTS}/batch/upsert", {"inputs": [entry]}).status_code == 400
    configure(client, email_upsert="blank")
    answer = post(client, f"{CONTACTS}/batch/upsert", {"inputs": [entry]})
    assert (answer.status_code, answer.get_json()["results"][0]["new"]) == (200, False)
    assert read(client, "ana@example.com")[0]["properties"]["firstname"] is None


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("no_such_property", "x", "PROPERTY_DOESNT_EXIST"),
        ("createdate", "2026-01-01", "READ_ONLY_VALUE"),
        ("email", "not an email", "INVALID_EMAIL"),
        ("hubspot_owner_id", "12", "INVALID_OPTION"),
        ("hs_lead_status", "New", "INVALID_OPTION"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_name(client: FlaskClient, name: str, value: str, code: str) -> None:
    """An owner is named by id, not by user id; an option by value, not by label."""
    contact = create(client, "ana@example.com")
    answer = client.patch(f"{CONTACTS}/{contact}", json={"properties": {name: value}}, headers=TOKEN)
    body = answer.get_json()
    assert (answer.status_code, body["category"]) == (400, "VALIDATION_ERROR")
    assert body["errors"][0]["code"] == code
    assert body["errors"][0]["context"] == {"propertyName": [name]}


@pytest.mark.parametrize("value", [None, 7, True, ["a"]])
def test_property_values_are_strings(client: FlaskClient, value: Any) -> None:
    """Null is no value either."""
    answer = post(client, CONTACTS, {"properties": {"email": "ana@example.com", "firstname": value}})
    assert answer.status_code == 400


def test_empty_text_clears(client: FlaskClient) -> None:
    """A cleared property reads as null."""
    contact = create(client, "ana@example.com", firstname="Ana")
    client.patch(f"{CONTACTS}/{contact}", json={"properties": {"firstname": ""}}, headers=TOKEN)
    assert read(client, "ana@example.com")[0]["properties"]["firstname"] is None


def test_a_lifecycle_stage_moves_back_only_after_it_was_cleared(client: FlaskClient) -> None:
    """A move back is ignored, or refused where the account is set so."""
    contact = create(client, "ana@example.com", lifecyclestage="customer")
    path = f"{CONTACTS}/{contact}"
    back = {"properties": {"lifecyclestage": "lead"}}
    assert client.patch(path, json=back, headers=TOKEN).get_json()["properties"]["lifecyclestage"] == "customer"
    configure(client, lifecycle_backward="reject")
    assert client.patch(path, json=back, headers=TOKEN).status_code == 400
    client.patch(path, json={"properties": {"lifecyclestage": ""}}, headers=TOKEN)
    assert client.patch(path, json=back, headers=TOKEN).get_json()["properties"]["lifecyclestage"] == "lead"


def test_an_administrators_rules_hold_for_the_api_too(client: FlaskClient) -> None:
    """Required on create; conditional on every write."""
    rule = {"name": "phone", "when": "lifecyclestage", "is": "customer"}
    configure(client, required={"contacts": ["lastname", rule]})
    first = post(client, CONTACTS, {"properties": {"email": "ana@example.com"}})
    assert first.get_json()["errors"][0]["code"] == "MISSING_REQUIRED_PROPERTY"
    contact = create(client, "ana@example.com", lastname="Anders")
    change = {"properties": {"lifecyclestage": "customer"}}
    second = client.patch(f"{CONTACTS}/{contact}", json=change, headers=TOKEN)
    assert second.get_json()["errors"][0]["code"] == "MISSING_CONDITIONAL_REQUIRED_PROPERTY"


@pytest.mark.parametrize("new_id", [False, True])
def test_after_a_merge_both_old_ids_and_both_emails_lead_to_the_survivor(client: FlaskClient, new_id: bool) -> None:  # noqa: FBT001 # the parameter
    """The survivor may have a new id; two addresses of one contact are one result."""
    configure(client, merge_makes_new_id=new_id)
    ana, bo = create(client, "ana@example.com"), create(client, "bo@example.com", firstname="Bo")
    answer = post(client, f"{CONTACTS}/merge", {"primaryObjectId": ana, "objectIdToMerge": bo})
    survivor = answer.get_json()["id"]
    assert (survivor not in {ana, bo}) == new_id
    for old in (ana, bo):
        assert client.get(f"{CONTACTS}/{old}", headers=TOKEN).get_json()["id"] == survivor
    assert [entry["id"] for entry in read(client, "ana@example.com", "bo@example.com")] == [survivor]
    assert post(client, CONTACTS, {"properties": {"email": "bo@example.com"}}).status_code == 409


def test_an_archived_contact_frees_its_email(client: FlaskClient) -> None:
    """It is listed with archived=true, and a new contact may take the address."""
    contact = create(client, "ana@example.com")
    assert post(client, f"{CONTACTS}/batch/archive", {"inputs": [{"id": contact}]}).status_code == 204
    listed = client.get(f"{CONTACTS}?archived=true", headers=TOKEN).get_json()["results"]
    assert [entry["id"] for entry in listed] == [contact]
    assert create(client, "ana@example.com") != contact


def test_a_contact_deleted_for_privacy_is_gone(client: FlaskClient) -> None:
    """By email; an unknown address is accepted too, and either may be created again."""
    contact = create(client, "ana@example.com")
    for email in ("ana@example.com", "unknown@example.com"):
        answer = post(client, f"{CONTACTS}/gdpr-delete", {"objectId": email, "idProperty": "email"})
        assert answer.status_code == 204
    assert client.get(f"{CONTACTS}/{contact}", headers=TOKEN).status_code == 404
    create(client, "ana@example.com")


def test_the_list_goes_by_id_and_pages_by_the_last_one(client: FlaskClient) -> None:
    """No cap, no lag."""
    ids = [create(client, f"p{number}@example.com") for number in range(5)]
    seen, after = [], ""
    while True:
        page = client.get(f"{CONTACTS}?limit=2&after={after}", headers=TOKEN).get_json()
        seen += [entry["id"] for entry in page["results"]]
        if "paging" not in page:
            break
        after = page["paging"]["next"]["after"]
    assert seen == ids
    assert client.get(f"{CONTACTS}?limit=101", headers=TOKEN).status_code == 400
