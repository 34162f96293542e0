"""Communication preferences in the HubSpot sandbox: email only, and silent."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from local.sandboxes.base import Clock, RequestLog
from local.sandboxes.hubspot import hubspot_sandbox

pytestmark = pytest.mark.network
PREFERENCES = "/communication-preferences/2026-09"
STATUSES = f"{PREFERENCES}/statuses/ana%40example.com"
TOKEN = {"Authorization": "Bearer pat-local"}


@pytest.fixture
def client() -> FlaskClient:
    """An account with one contact."""
    client = hubspot_sandbox(RequestLog(None), Clock()).app.test_client()
    edit = {"email": "ana@example.com", "properties": {"firstname": "Ana"}}
    client.post("/_sandbox/settings", json={"edit_contact": edit})
    return client


def write(client: FlaskClient, state: str, **more: Any) -> tuple[int, Any]:
    """Status and body of one change of the first subscription."""
    number = int(client.get(f"{PREFERENCES}/definitions", headers=TOKEN).get_json()["results"][0]["id"])
    body = {"subscriptionId": number, "statusState": state, "channel": "EMAIL", **more}
    answer = client.post(STATUSES, json=body, headers=TOKEN)
    return answer.status_code, answer.get_json()


def reason(client: FlaskClient, state: str) -> str:
    """Why one change succeeded."""
    return str(write(client, state)[1]["results"][0]["setStatusSuccessReason"])


def opted_out(client: FlaskClient) -> dict[str, str]:
    """The contact's opt-out properties."""
    contact = client.get("/_sandbox/state").get_json()["contacts"][0]
    return {name: value for name, value in contact["properties"].items() if name.startswith("hs_email_optout")}


def test_repeating_changes_nothing_and_resubscribing_is_allowed(client: FlaskClient) -> None:
    """Each answer says what came of it."""
    states = ["SUBSCRIBED", "SUBSCRIBED", "UNSUBSCRIBED", "SUBSCRIBED"]
    assert [reason(client, state) for state in states] == [
        "REQUESTED_CHANGE_OCCURRED",
        "NO_STATUS_CHANGE",
        "REQUESTED_CHANGE_OCCURRED",
        "RESUBSCRIBE_OCCURRED",
    ]


@pytest.mark.parametrize(
    "change", [{"channel": "SMS"}, {"statusState": "MAYBE"}, {"subscriptionId": 1}, {"legalBasis": "BECAUSE"}]
)
def test_what_is_not_in_the_vocabulary_is_refused(client: FlaskClient, change: dict[str, Any]) -> None:
    """There is no channel but EMAIL."""
    assert write(client, "SUBSCRIBED", **change)[0] == 400


def test_a_legal_basis_is_required_where_privacy_is_on(client: FlaskClient) -> None:
    """Both fields."""
    client.post("/_sandbox/settings", json={"privacy": True})
    basis = {"legalBasis": "CONSENT_WITH_NOTICE"}
    assert write(client, "SUBSCRIBED", **basis)[0] == 400
    assert write(client, "SUBSCRIBED", **basis, legalBasisExplanation="At checkout")[0] == 200


def test_the_contacts_opt_outs_follow(client: FlaskClient) -> None:
    """Per subscription, and global."""
    write(client, "UNSUBSCRIBED")
    assert opted_out(client) == {"hs_email_optout_237525689": "true"}
    answer = client.post(f"{STATUSES}/unsubscribe-all?channel=EMAIL", headers=TOKEN)
    assert answer.get_json()["results"][0]["setStatusSuccessReason"] == "UNSUBSCRIBE_FROM_ALL_OCCURRED"
    assert opted_out(client)["hs_email_optout"] == "true"
    wide = client.get(f"{STATUSES}/unsubscribe-all?channel=EMAIL", headers=TOKEN).get_json()["results"][0]
    assert (wide["status"], wide["wideStatusType"]) == ("UNSUBSCRIBED", "PORTAL_WIDE")
    write(client, "SUBSCRIBED")
    assert opted_out(client) == {"hs_email_optout_237525690": "true"}


def test_reading_names_the_channel(client: FlaskClient) -> None:
    """It is required."""
    assert client.get(STATUSES, headers=TOKEN).status_code == 400
    rows = client.get(f"{STATUSES}?channel=EMAIL", headers=TOKEN).get_json()["results"]
    assert [row["status"] for row in rows] == ["NOT_SPECIFIED"] * 2


def test_batches_are_for_enterprise(client: FlaskClient) -> None:
    """403 otherwise."""
    path, body = f"{PREFERENCES}/statuses/batch/read?channel=EMAIL", {"inputs": ["ana@example.com"]}
    assert client.post(path, json=body, headers=TOKEN).status_code == 403
    client.post("/_sandbox/settings", json={"plan": "enterprise"})
    results = client.post(path, json=body, headers=TOKEN).get_json()["results"]
    assert results[0]["subscriberIdString"] == "ana@example.com"


def test_custom_events_are_for_enterprise_and_count_once(client: FlaskClient) -> None:
    """The first of a uuid wins; an event of another account does not exist."""
    path = "/events/custom/2026-09/send"
    event = {"eventName": "pe4242_order", "email": "ana@example.com", "uuid": "1", "properties": {"amount": "1"}}
    assert client.post(path, json=event, headers=TOKEN).status_code == 403
    client.post("/_sandbox/settings", json={"plan": "enterprise"})
    assert [client.post(path, json=event, headers=TOKEN).status_code for _ in range(2)] == [204, 204]
    assert client.get("/_sandbox/state").get_json()["custom_events"] == [event]
    for wrong in ({"eventName": "order"}, {"objectId": "1"}, {"properties": {"amount": 1}}):
        assert client.post(path, json={**event, **wrong}, headers=TOKEN).status_code == 400


def test_a_contact_made_after_the_opt_out_shows_it(client: FlaskClient) -> None:
    """Statuses belong to the address, not to the contact."""
    client.post(f"{PREFERENCES}/statuses/bo@example.com/unsubscribe-all?channel=EMAIL", headers=TOKEN)
    client.post("/_sandbox/settings", json={"edit_contact": {"email": "bo@example.com", "properties": {}}})
    contact = client.get("/_sandbox/state").get_json()["contacts"][1]["properties"]
    assert (contact["email"], contact["hs_email_optout"]) == ("bo@example.com", "true")
