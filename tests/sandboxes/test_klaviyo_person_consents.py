"""What people do at Klaviyo themselves in the sandbox, and the webhooks that tell of it."""

import json
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from local.sandboxes.klaviyo.caller import Caller
from local.sandboxes.klaviyo.webhooks import signature
from tests.sandboxes.listening import Heard, listening, wait_until

pytestmark = pytest.mark.network
ANA, PHONE, THEN = "ana@example.com", "+12025550131", "2026-10-02T09:30:00+00:00"
SECRET = "kl-webhook-secret-for-tests-01"


@pytest.fixture
def caller() -> Iterator[Caller]:
    """An empty account."""
    caller = Caller()
    yield caller
    caller.sandbox.state.close()  # type: ignore[attr-defined] # an account can be closed


@pytest.fixture
def heard() -> Iterator[Heard]:
    """Somebody who listens."""
    with listening() as heard:
        yield heard


def act(caller: Caller, kind: str, **more: Any) -> None:
    """Let a person act."""
    caller.configure(person_consents=[{"act": kind, "time": THEN, **more}])


def marketing(caller: Caller, channel: str = "email") -> dict[str, Any]:
    """The only person's consent."""
    (profile,) = caller.state()["profiles"]
    shown = profile["subscriptions"][channel]["marketing"]
    assert isinstance(shown, dict)
    return shown


def metrics(caller: Caller) -> list[tuple[str, str]]:
    """The native events, by metric and time."""
    return [(event["metric"], event["time"]) for event in caller.state()["message_events"]]


def test_a_form_with_double_opt_in_is_shown_as_such(caller: Caller) -> None:
    """With its own method, detail and time, and the event that Klaviyo records."""
    act(caller, "subscribe", email=ANA, method="FORM", method_detail="Footer form", double_optin=True)
    shown = marketing(caller)
    assert (shown["consent"], shown["consent_timestamp"]) == ("SUBSCRIBED", THEN)
    assert (shown["method"], shown["method_detail"], shown["double_optin"]) == ("FORM", "Footer form", True)
    assert metrics(caller) == [("Subscribed to Email Marketing", THEN)]


def test_withdrawals_suppress_and_have_their_own_metrics(caller: Caller) -> None:
    """A spam complaint and a bounce leave consent as it was."""
    act(caller, "subscribe", email=ANA, silent=True)
    act(caller, "spam", email=ANA)
    act(caller, "bounce", email=ANA)
    assert marketing(caller)["consent"] == "SUBSCRIBED"
    act(caller, "unsubscribe", email=ANA)
    act(caller, "suppress", email=ANA)
    shown = marketing(caller)
    assert shown["consent"] == "UNSUBSCRIBED"
    reasons = {entry["reason"]: entry["timestamp"] for entry in shown["suppression"]}
    assert reasons == dict.fromkeys(("SPAM_COMPLAINT", "HARD_BOUNCE", "UNSUBSCRIBE", "USER_SUPPRESSED"), THEN)
    assert [metric for metric, _ in metrics(caller)] == [
        "Marked Email as Spam",
        "Bounced Email",
        "Unsubscribed from Email Marketing",
    ]


def test_a_text_message_changes_the_other_channel(caller: Caller) -> None:
    """And nothing of email."""
    act(caller, "subscribe", phone_number=PHONE, channel="sms", method="KEYWORD")
    act(caller, "unsubscribe", phone_number=PHONE, channel="sms")
    assert marketing(caller, "sms")["consent"] == "UNSUBSCRIBED"
    assert marketing(caller)["consent"] == "NEVER_SUBSCRIBED"
    assert [metric for metric, _ in metrics(caller)] == [
        "Subscribed to SMS Marketing",
        "Unsubscribed from SMS Marketing",
    ]


def test_nobody_can_do_what_nobody_can(caller: Caller) -> None:
    """A mistake of the test that asks it."""
    with pytest.raises(ValueError, match="nobody can dance"):
        act(caller, "dance", email=ANA)


def test_webhooks_tell_of_native_events_several_at_once_and_signed(caller: Caller, heard: Heard) -> None:
    """The topic is made of the metric's name; the payload is that of an event read alone."""
    caller.configure(webhook_url=heard.url, webhook_secret=SECRET, webhook_delay=0.1, webhook_duplicates=True)
    acts = [{"act": "unsubscribe", "email": f"p{number}@example.com", "time": THEN} for number in range(3)]
    caller.configure(person_consents=acts)
    assert caller.state()["pending_webhooks"] == 3
    requests = heard.wait_for(2)
    wait_until(lambda: caller.state()["pending_webhooks"] == 0)
    items = [item for headers, body in requests for item in verified(headers, body)]
    assert len(items) == 6
    assert len({item["external_id"] for item in items}) == 3
    assert {item["topic"] for item in items} == {"event:klaviyo.unsubscribed_from_email_marketing"}
    assert items[0]["payload"].keys() == {"data"}
    assert items[0]["payload"]["data"]["attributes"]["datetime"] == THEN


def verified(headers: dict[str, str], body: bytes) -> list[dict[str, Any]]:
    """The items of a request that is well signed."""
    assert headers["klaviyo-signature"] == signature(SECRET, body, headers["klaviyo-timestamp"])
    told = json.loads(body)
    assert headers["klaviyo-webhook-id"] == told["meta"]["klaviyo_webhook_id"]
    return list(told["data"])


def test_the_signature_is_that_of_the_published_vector() -> None:
    """Over the body and the timestamp's text, in lower-case hex."""
    body = (
        '{"data":[{"external_id":"ev-0001","topic":"event:klaviyo.clicked_email","payload":{"data":{"type":"event",'
        '"id":"4vRpBT","attributes":{"timestamp":1790000000}}}}],"meta":{"klaviyo_account_id":"AbC123",'
        '"klaviyo_webhook_id":"01HWEBHOOK","timestamp":"2026-09-21T14:13:20+00:00","version":"2026-10-15"}}'
    )
    assert signature(SECRET, body.encode(), "Mon, 21 Sep 2026 14:13:20 GMT") == (
        "b123ff5f2823479746597564ae7aedd075bf55c05ee1c3d30a047e6af79daf03"
    )


@pytest.mark.parametrize("mischief", ["wrong_signature", "old_timestamp", "wrong_webhook_id"])
def test_one_webhook_can_be_spoiled(caller: Caller, heard: Heard, mischief: str) -> None:
    """The next one is good again: what is refused is tried again."""
    heard.failures = 1
    more = {"webhook_includes_profile": True, "webhook_iso_time": mischief == "old_timestamp"}
    caller.configure(webhook_url=heard.url, webhook_secret=SECRET, webhook_mischief=mischief, **more)
    act(caller, "spam", email=ANA)
    (bad, _), (good, body) = heard.wait_for(2)
    (item,) = verified(good, body)
    assert item["payload"]["included"][0]["attributes"]["email"] == ANA
    meta = json.loads(body)["meta"]
    wrong = {
        "wrong_signature": bad["klaviyo-signature"] != good["klaviyo-signature"],
        "wrong_webhook_id": bad["klaviyo-webhook-id"] != meta["klaviyo_webhook_id"],
        "old_timestamp": age(bad) - age(good) >= 590,
    }
    assert wrong[mischief]


def age(headers: dict[str, str]) -> float:
    """How long ago a request says it was sent, against the epoch."""
    text = headers["klaviyo-timestamp"]
    return -(parsedate_to_datetime(text) if "GMT" in text else datetime.fromisoformat(text)).timestamp()


def test_events_that_an_integration_sends_are_told_to_nobody(caller: Caller, heard: Heard) -> None:
    """Only Klaviyo's own metrics have topics."""
    caller.configure(webhook_url=heard.url, webhook_secret=SECRET)
    metric = {"data": {"type": "metric", "attributes": {"name": "Placed Order"}}}
    profile = {"data": {"type": "profile", "attributes": {"email": ANA}}}
    caller.post("/api/events", "event", {"properties": {}, "metric": metric, "profile": profile})
    assert caller.state()["pending_webhooks"] == 0
