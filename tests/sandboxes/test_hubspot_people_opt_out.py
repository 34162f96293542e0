"""What people do about their email at HubSpot themselves in the sandbox, and the histories that tell of it."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from local.sandboxes.base import Clock, RequestLog
from local.sandboxes.hubspot import hubspot_sandbox

pytestmark = pytest.mark.network
CONTACTS = "/crm/objects/2026-09/contacts"
STATUSES = "/communication-preferences/2026-09/statuses/ana%40example.com"
TOKEN = {"Authorization": "Bearer pat-local"}
THEN = "2026-09-30T10:15:00Z"


@pytest.fixture
def client() -> FlaskClient:
    """An account with one contact."""
    client = hubspot_sandbox(RequestLog(None), Clock()).app.test_client()
    configure(client, edit_contact={"email": "ana@example.com", "properties": {"firstname": "Ana"}})
    return client


def configure(client: FlaskClient, **settings: Any) -> None:
    """Set switches, or let people act."""
    assert client.post("/_sandbox/settings", json=settings).status_code == 200


def statuses(client: FlaskClient) -> dict[int, tuple[str, str, str]]:
    """Status, time and source by subscription."""
    rows = client.get(f"{STATUSES}?channel=EMAIL", headers=TOKEN).get_json()["results"]
    return {row["subscriptionId"]: (row["status"], row["timestamp"], row["source"]) for row in rows}


def histories(client: FlaskClient, name: str) -> list[dict[str, str]]:
    """The versions of one property, as a page of contacts shows them."""
    query = f"limit=50&properties=email&propertiesWithHistory={name}"
    (contact,) = client.get(f"{CONTACTS}?{query}", headers=TOKEN).get_json()["results"]
    return list(contact["propertiesWithHistory"][name])


def test_a_person_opts_out_of_everything_at_a_time(client: FlaskClient) -> None:
    """Statuses say when and where, the contact follows, and its history says when."""
    configure(client, person_opts_out={"email": "ana@example.com", "time": THEN})
    assert set(statuses(client).values()) == {("UNSUBSCRIBED", THEN, "Email preferences page")}
    (version,) = histories(client, "hs_email_optout")
    assert (version["value"], version["timestamp"]) == ("true", THEN)


def test_a_person_opts_out_of_one_kind_and_comes_back(client: FlaskClient) -> None:
    """The newest version stands first."""
    one = 237525689
    configure(client, person_opts_out={"email": "ana@example.com", "subscription": one})
    assert [status for status, _, _ in statuses(client).values()] == ["UNSUBSCRIBED", "NOT_SPECIFIED"]
    configure(client, person_opts_out={"email": "ana@example.com", "subscription": one, "status": "SUBSCRIBED"})
    assert statuses(client)[one][0] == "SUBSCRIBED"
    assert [version["value"] for version in histories(client, f"hs_email_optout_{one}")] == ["", "true"]


def test_a_person_comes_back_to_everything(client: FlaskClient) -> None:
    """And the opt-out of all ends."""
    configure(client, person_opts_out={"email": "ana@example.com"})
    configure(client, person_opts_out={"email": "ana@example.com", "status": "SUBSCRIBED"})
    assert {status for status, _, _ in statuses(client).values()} == {"SUBSCRIBED"}
    assert histories(client, "hs_email_optout")[0]["value"] == ""


def test_an_opt_out_changes_the_contact_and_its_modification_time(client: FlaskClient) -> None:
    """That is how a poll finds it."""
    before = modified(client)
    client.post("/_sandbox/clock", json={"advance": 60})
    configure(client, person_opts_out={"email": "ana@example.com"})
    assert modified(client) > before


def modified(client: FlaskClient) -> str:
    """When the contact was changed last."""
    return str(client.get("/_sandbox/state").get_json()["contacts"][0]["properties"]["lastmodifieddate"])


def test_histories_are_asked_for_fifty_at_a_time(client: FlaskClient) -> None:
    """In pages and in batches; a single read has them too."""
    assert client.get(f"{CONTACTS}?limit=51&propertiesWithHistory=email", headers=TOKEN).status_code == 400
    inputs = [{"id": str(number)} for number in range(51)]
    body = {"inputs": inputs, "properties": [], "propertiesWithHistory": ["email"]}
    assert client.post(f"{CONTACTS}/batch/read", json=body, headers=TOKEN).status_code == 400
    contact = client.get("/_sandbox/state").get_json()["contacts"][0]["id"]
    body["inputs"] = [{"id": contact}]
    for shown in (
        client.post(f"{CONTACTS}/batch/read", json=body, headers=TOKEN).get_json()["results"][0],
        client.get(f"{CONTACTS}/{contact}?propertiesWithHistory=email", headers=TOKEN).get_json(),
    ):
        assert [version["value"] for version in shown["propertiesWithHistory"]["email"]] == ["ana@example.com"]
