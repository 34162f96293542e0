"""Consent in the Shopify sandbox: GraphQL as strict as Shopify's, the newest time wins, webhooks echo."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
from commerce_sync.vendors.shopify.consent import EMAIL_CONSENT, SMS_CONSENT
from commerce_sync.vendors.shopify.documents import CUSTOMERS

from local.sandboxes.base import RequestLog, Sandbox
from local.sandboxes.klaviyo.caller import StoppedClock
from local.sandboxes.shopify import shopify_sandbox
from tests.sandboxes.listening import Heard, listening, wait_until

pytestmark = pytest.mark.network
PATH = "/admin/api/2026-10/graphql.json"
TOKEN = {"X-Shopify-Access-Token": "shpat_local"}
ANA = {"id": 9007199254740993, "email": "ana@example.com", "phone": "+15550100"}
GID = "gid://shopify/Customer/9007199254740993"
MORNING, NOON = "2026-11-01T08:00:00Z", "2026-11-01T11:59:00Z"


@pytest.fixture
def shop() -> Iterator[Sandbox]:
    """A shop with one customer, at noon on the first of November."""
    sandbox = shopify_sandbox(RequestLog(None), StoppedClock())
    sandbox.state.configure({"put_customers": [ANA]})
    yield sandbox
    sandbox.state.close()  # type: ignore[attr-defined] # a shop can be closed


@pytest.fixture
def heard() -> Iterator[Heard]:
    """Somebody who listens."""
    with listening() as heard:
        yield heard


def ask(shop: Sandbox, document: str, **variables: Any) -> dict[str, Any]:
    """The whole answer to one document."""
    body = {"query": document, "variables": variables}
    answer = shop.app.test_client().post(PATH, json=body, headers=TOKEN)
    assert answer.status_code == 200
    shown = answer.get_json()
    assert isinstance(shown, dict)
    return shown


def update(shop: Sandbox, state: str, at: str | None = NOON, *, level: str | None = "SINGLE_OPT_IN") -> dict[str, Any]:
    """The payload of one change of email consent."""
    consent = {"marketingState": state, "marketingOptInLevel": level, "consentUpdatedAt": at}
    given = {name: value for name, value in consent.items() if value}
    answer = ask(shop, EMAIL_CONSENT, input={"customerId": GID, "emailMarketingConsent": given})
    return dict(answer["data"]["customerEmailMarketingConsentUpdate"])


def code(answer: dict[str, Any]) -> str:
    """The first error's code."""
    return str(answer["errors"][0]["extensions"]["code"])


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("query { customers(first: 1) { nodes { shoeSize } } }", "undefinedField"),
        ("query { customers(first: 1) { nodes { id } }", "parseError"),
        ("query { customers(first: 300) { nodes { id } } }", "BAD_REQUEST"),
        ("query { customers { nodes { id } } }", "BAD_REQUEST"),
        ('query { customers(first: 1, query: "shoe:42") { nodes { id } } }', "BAD_REQUEST"),
        ('query { customers(first: 1, after: "x") { nodes { id } } }', "BAD_REQUEST"),
        ("query { customers(first: 1, size: 2) { nodes { id } } }", "INVALID_VARIABLE"),
        ("fragment F on Customer { id }", "INVALID_VARIABLE"),
    ],
)
def test_a_document_that_shopify_would_not_understand_is_refused(shop: Sandbox, document: str, expected: str) -> None:
    """With status 200 and a code, as GraphQL does."""
    assert code(ask(shop, document)) == expected


def test_token_version_and_body_are_checked(shop: Sandbox) -> None:
    """401, 404, and a refusal."""
    client, body = shop.app.test_client(), {"query": CUSTOMERS, "variables": {"first": 1, "sortKey": "ID"}}
    assert client.post(PATH, json=body).status_code == 401
    assert client.post(PATH.replace("2026-10", "2020-01"), json=body, headers=TOKEN).status_code == 404
    assert code(client.post(PATH, json=[], headers=TOKEN).get_json()) == "BAD_REQUEST"


def test_a_missing_scope_is_denied(shop: Sandbox) -> None:
    """Reading may go on where writing is not allowed."""
    shop.state.configure({"missing_scopes": ["write_customers"]})
    assert code(ask(shop, EMAIL_CONSENT, input={"customerId": GID, "emailMarketingConsent": {}})) == "ACCESS_DENIED"
    assert ask(shop, CUSTOMERS, first=1, sortKey="ID")["data"]["customers"]["nodes"][0]["id"] == GID


@pytest.mark.parametrize(
    ("consent", "field", "expected"),
    [
        ({"marketingState": "SUBSCRIBED"}, "marketingOptInLevel", "MISSING_ARGUMENT"),
        ({"marketingState": "UNSUBSCRIBED", "consentUpdatedAt": "2026-11-01T12:00:01Z"}, "consentUpdatedAt", "INVALID"),
        ({"marketingState": "PENDING", "marketingOptInLevel": "SINGLE_OPT_IN"}, "marketingOptInLevel", "INVALID"),
    ],
)
def test_an_update_that_shopify_would_not_take_is_a_user_error(
    shop: Sandbox, consent: dict[str, str], field: str, expected: str
) -> None:
    """It names the input's field and a code, and changes nothing."""
    answer = ask(shop, SMS_CONSENT, input={"customerId": GID, "smsMarketingConsent": consent})
    payload = answer["data"]["customerSmsMarketingConsentUpdate"]
    (problem,) = payload["userErrors"]
    assert (payload["customer"], problem["code"]) == (None, expected)
    assert problem["field"] == ["input", "smsMarketingConsent", field]
    assert shop.state.snapshot()["customers"][0]["sms_marketing_consent"]["state"] == "not_subscribed"


def test_states_that_only_shopify_sets_are_refused(shop: Sandbox) -> None:
    """As an error of the whole document."""
    given = {"customerId": GID, "emailMarketingConsent": {"marketingState": "NOT_SUBSCRIBED"}}
    assert code(ask(shop, EMAIL_CONSENT, input=given)) == "INVALID"
    given["emailMarketingConsent"] = {"marketingState": "MAYBE"}
    assert code(ask(shop, EMAIL_CONSENT, input=given)) == "INVALID_VARIABLE"


def test_a_customer_without_an_address_or_unknown_is_a_user_error(shop: Sandbox) -> None:
    """Nobody is made by a change of consent."""
    shop.state.configure({"put_customers": [{"id": 2, "email": "bo@example.com"}]})
    for number, problem in (("2", "A phone number is required to set the consent state."), ("3", "Customer not found")):
        given = {
            "customerId": f"gid://shopify/Customer/{number}",
            "smsMarketingConsent": {"marketingState": "UNSUBSCRIBED"},
        }
        payload = ask(shop, SMS_CONSENT, input=given)["data"]["customerSmsMarketingConsentUpdate"]
        assert payload["userErrors"][0]["message"] == problem


def test_the_newest_time_of_consent_is_shown(shop: Sandbox) -> None:
    """An older write is taken and shows nothing; one without a time is as new as it can be."""
    assert update(shop, "UNSUBSCRIBED")["customer"]["defaultEmailAddress"]["marketingState"] == "UNSUBSCRIBED"
    stale = update(shop, "SUBSCRIBED", MORNING)
    assert (stale["userErrors"], stale["customer"]["defaultEmailAddress"]["marketingState"]) == ([], "UNSUBSCRIBED")
    shown = update(shop, "SUBSCRIBED", None)["customer"]["defaultEmailAddress"]
    assert (shown["marketingState"], shown["marketingUpdatedAt"]) == ("SUBSCRIBED", "2026-11-01T12:00:00Z")


def test_a_budget_of_points_is_spent_and_restored(shop: Sandbox) -> None:
    """A throttled answer says what it would have cost and what is left."""
    answers = [ask(shop, CUSTOMERS, first=100, sortKey="ID") for _ in range(7)]
    assert [("errors" in answer) for answer in answers] == [False] * 6 + [True]
    assert code(answers[-1]) == "THROTTLED"
    cost = answers[-1]["extensions"]["cost"]
    assert (cost["requestedQueryCost"], cost["actualQueryCost"]) == (302.0, None)
    assert cost["throttleStatus"]["currentlyAvailable"] == 2000 - 6 * 302
    shop.clock.advance(2)
    assert "errors" not in ask(shop, CUSTOMERS, first=100, sortKey="ID")


def test_pages_hold_everybody_once(shop: Sandbox) -> None:
    """By cursors, in the order of the sort key."""
    shop.state.configure(
        {"put_customers": [{"id": number, "email": f"p{number}@example.com"} for number in range(1, 6)]}
    )
    seen: list[str] = []
    after: dict[str, Any] = {}
    while True:
        connection = ask(shop, CUSTOMERS, first=4, sortKey="UPDATED_AT", **after)["data"]["customers"]
        seen += [node["id"].rpartition("/")[2] for node in connection["nodes"]]
        if not connection["pageInfo"]["hasNextPage"]:
            break
        after = {"after": connection["pageInfo"]["endCursor"]}
    assert seen == ["1", "2", "3", "4", "5", str(ANA["id"])]


def test_the_search_finds_beginnings_and_lags(shop: Sandbox) -> None:
    """So whoever asks must compare, and must not take a miss for an absence."""
    shop.state.configure({"put_customers": [{"id": 2, "email": "ana@example.com.mx"}], "search_lag": 60})

    def found(query: str) -> int:
        return len(ask(shop, CUSTOMERS, first=9, sortKey="ID", query=query)["data"]["customers"]["nodes"])

    assert found('email:"ana@example.com"') == 0
    shop.clock.advance(61)
    assert found('email:"ana@example.com"') == 2
    assert (found('phone:"+15550100"'), found('updated_at:>="2026-11-01T12:00:01Z"')) == (1, 0)


def test_what_a_person_and_what_we_change_is_told_by_signed_webhooks(shop: Sandbox, heard: Heard) -> None:
    """The two topics name the customer's id differently; both tell the time as it was given."""
    shop.state.configure({"webhook_url": heard.url, "webhook_secret": "shpss_eu"})
    update(shop, "SUBSCRIBED", MORNING)
    act = {"phone": "+15550100", "channel": "sms", "state": "unsubscribed", "at": NOON}
    shop.state.configure({"customer_consents": [act]})
    requests = heard.wait_for(2)
    topics = {headers["x-shopify-topic"]: json.loads(body) for headers, body in requests}
    assert topics["customers_email_marketing_consent/update"] == {
        "customer_id": ANA["id"],
        "email_address": "ana@example.com",
        "email_marketing_consent": {
            "state": "subscribed",
            "opt_in_level": "single_opt_in",
            "consent_updated_at": MORNING,
        },
    }
    told = topics["customers_marketing_consent/update"]
    assert (told["id"], told["phone"]) == (ANA["id"], "+15550100")
    assert (told["sms_marketing_consent"]["state"], told["sms_marketing_consent"]["consent_updated_at"]) == (
        "unsubscribed",
        NOON,
    )
    for headers, body in requests:
        mac = hmac.new(b"shpss_eu", body, hashlib.sha256).digest()
        assert headers["x-shopify-hmac-sha256"] == base64.b64encode(mac).decode()
    wait_until(lambda: shop.state.snapshot()["pending_webhooks"] == 0)


def test_webhooks_wait_are_repeated_and_may_tell_another_time(shop: Sandbox, heard: Heard) -> None:
    """They are pending until they are taken; a second try has the same event id and another webhook id."""
    more = {"webhook_delay": 0.1, "webhook_duplicates": True, "echo_time_shift": 1}
    shop.state.configure({"webhook_url": heard.url, "webhook_secret": "shpss_eu", **more})
    heard.failures = 1
    update(shop, "UNSUBSCRIBED", MORNING)
    assert (shop.state.snapshot()["pending_webhooks"], heard.requests) == (1, [])
    requests = heard.wait_for(3)
    assert len({headers["x-shopify-event-id"] for headers, _ in requests}) == 1
    assert len({headers["x-shopify-webhook-id"] for headers, _ in requests}) == 3
    told = json.loads(requests[0][1])["email_marketing_consent"]
    assert told["consent_updated_at"] == "2026-11-01T08:00:01Z"


def test_what_changes_nothing_is_told_to_nobody_unless_asked(shop: Sandbox, heard: Heard) -> None:
    """A repeat and a stale write are silent; a shop may be told to echo them all the same."""
    update(shop, "UNSUBSCRIBED")
    shop.state.configure({"webhook_url": heard.url, "webhook_secret": "shpss_eu"})
    shop.state.configure({"echo_unchanged": True, "webhook_mischief": "wrong_signature"})
    update(shop, "SUBSCRIBED", MORNING)
    ((headers, body),) = heard.wait_for(1)
    right = base64.b64encode(hmac.new(b"shpss_eu", body, hashlib.sha256).digest()).decode()
    assert headers["x-shopify-hmac-sha256"] != right
    assert json.loads(body)["email_marketing_consent"]["state"] == "unsubscribed"


def test_unknown_settings_and_two_customers_with_one_address_are_mistakes(shop: Sandbox) -> None:
    """Of the test that makes them."""
    with pytest.raises(ValueError, match="unknown settings: put_people"):
        shop.state.configure({"put_people": []})
    with pytest.raises(ValueError, match="another customer"):
        shop.state.configure({"put_customers": [{"id": 2, "email": "ANA@example.com"}]})
