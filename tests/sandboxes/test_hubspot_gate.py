"""What stands before every HubSpot endpoint: version, token, scopes, limits."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from local.sandboxes.base import Clock, RequestLog, Sandbox
from local.sandboxes.hubspot import hubspot_sandbox

pytestmark = pytest.mark.network
TOKEN = {"Authorization": "Bearer pat-local"}
DETAILS = "/account-info/2026-09/details"
SEARCH = "/crm/objects/2026-09/contacts/search"


@pytest.fixture
def clock() -> Clock:
    """Time that stands still but for what a test lets pass."""
    clock = Clock()
    moment = clock.now()
    offset = [0.0]
    clock.now = lambda: moment + offset[0]  # type: ignore[method-assign]

    def advance(seconds: float) -> None:
        offset[0] += seconds

    clock.advance = advance  # type: ignore[method-assign]
    return clock


@pytest.fixture
def sandbox(clock: Clock) -> Sandbox:
    """An empty account."""
    return hubspot_sandbox(RequestLog(None), clock)


@pytest.fixture
def client(sandbox: Sandbox) -> FlaskClient:
    """Its client."""
    return sandbox.app.test_client()


@pytest.mark.parametrize("path", ["/crm/v3/objects/contacts", "/crm/objects/2026-03/contacts", "/nothing"])
def test_any_other_version_is_not_found(client: FlaskClient, path: str) -> None:
    """So hard-coded versions are caught."""
    answer = client.get(path, headers=TOKEN)
    assert (answer.status_code, answer.get_json()["category"]) == (404, "OBJECT_NOT_FOUND")


def test_a_wrong_token_is_refused(client: FlaskClient) -> None:
    """401, with a correlation id."""
    answer = client.get(DETAILS, headers={"Authorization": "Bearer other"})
    assert (answer.status_code, bool(answer.get_json()["correlationId"])) == (401, True)


def test_a_missing_scope_is_named(client: FlaskClient) -> None:
    """403 with the granular scopes that are required."""
    client.post("/_sandbox/settings", json={"missing_scopes": ["crm.objects.contacts.write"]})
    answer = client.post("/crm/objects/2026-09/contacts", json={"properties": {}}, headers=TOKEN)
    body = answer.get_json()
    assert (answer.status_code, body["category"]) == (403, "MISSING_SCOPES")
    assert body["errors"][0]["context"]["requiredGranularScopes"] == ["crm.objects.contacts.write"]
    assert client.get("/crm/objects/2026-09/contacts", headers=TOKEN).status_code == 200


def test_the_hundred_and_first_call_in_ten_seconds_waits(client: FlaskClient, clock: Clock) -> None:
    """429 names the policy; the headers count down before it."""
    remaining = [client.get(DETAILS, headers=TOKEN).headers["X-HubSpot-RateLimit-Remaining"] for _ in range(100)]
    assert (remaining[0], remaining[-1]) == ("99", "0")
    answer = client.get(DETAILS, headers=TOKEN)
    assert (answer.status_code, answer.get_json()["policyName"]) == (429, "TEN_SECONDLY_ROLLING")
    clock.advance(10)
    assert client.get(DETAILS, headers=TOKEN).status_code == 200


def test_search_has_a_bucket_of_its_own_without_headers(client: FlaskClient, clock: Clock) -> None:
    """Five a second."""
    answers = [client.post(SEARCH, json={}, headers=TOKEN) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[-1].get_json()["policyName"] == "SECONDLY"
    assert not any(name.startswith("X-HubSpot-RateLimit") for name in answers[0].headers.keys())  # noqa: SIM118 # pairs
    clock.advance(1)
    assert client.post(SEARCH, json={}, headers=TOKEN).status_code == 200


def test_the_days_calls_are_counted_until_midnight(client: FlaskClient, clock: Clock) -> None:
    """The daily policy lasts until the account's midnight."""
    client.post("/_sandbox/settings", json={"daily_limit": 1})
    first, second = client.get(DETAILS, headers=TOKEN), client.get(DETAILS, headers=TOKEN)
    assert first.headers["X-HubSpot-RateLimit-Daily-Remaining"] == "0"
    assert second.get_json()["policyName"] == "DAILY"
    clock.advance(24 * 3600)
    assert client.get(DETAILS, headers=TOKEN).status_code == 200


@pytest.mark.parametrize(("status", "headers"), [(423, {}), (477, {"Retry-After": "3600"}), (502, {})])
def test_scripted_faults_come_before_the_rules(sandbox: Sandbox, status: int, headers: dict[str, Any]) -> None:
    """Locked records, migrations and bad gateways on demand."""
    client = sandbox.app.test_client()
    client.post("/_sandbox/faults", json={"method": "GET", "status": status, "headers": headers})
    answer = client.get(DETAILS, headers=TOKEN)
    assert (answer.status_code, answer.headers.get("Retry-After")) == (status, headers.get("Retry-After"))
    assert client.get(DETAILS, headers=TOKEN).status_code == 200


def test_an_unknown_setting_is_a_mistake(sandbox: Sandbox) -> None:
    """A misspelt switch must not pass for one that was set."""
    with pytest.raises(ValueError, match="no setting 'serch_lag'"):
        sandbox.state.configure({"serch_lag": 1})


def test_reset_forgets_everything(client: FlaskClient) -> None:
    """Records, settings and limits."""
    client.post("/_sandbox/settings", json={"edit_contact": {"email": "a@example.com", "properties": {}}})
    assert len(client.get("/_sandbox/state").get_json()["contacts"]) == 1
    client.post("/_sandbox/reset")
    assert client.get("/_sandbox/state").get_json()["contacts"] == []
