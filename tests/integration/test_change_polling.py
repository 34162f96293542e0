"""What people change at Klaviyo and HubSpot reaches the consent queues without any webhook, and nothing is lost."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from commerce_sync.contracts.consent import ConsentMessage, ConsentStatement
from commerce_sync.contracts.shown_open import is_shown_open
from commerce_sync.errors import RetriableError

from local.in_process import InProcessBundle, LambdaContext
from local.sandboxes.base import Fault
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b

pytestmark = pytest.mark.network

ANA, BO = "ana@example.com", "bo@example.com"
PHONE = "+12025550130"


@pytest.fixture
def bundle(sandboxes: Sandboxes) -> Iterator[InProcessBundle]:
    """A bundle in front of the vendors that has polled once before: the first run begins now."""
    urls = {"KlaviyoBaseUrl": sandboxes.urls["klaviyo"], "HubSpotBaseUrl": sandboxes.urls["hubspot"]}
    sandboxes.hubspot.state.configure({"search_lag": 0.0})
    with b.ready_bundle({**b.LIVE, **urls}) as ready:
        for source in ("klaviyo", "hubspot"):
            poll(ready, source)
        yield ready


def poll(bundle: InProcessBundle, source: str, milliseconds: int = 60_000) -> dict[str, Any]:
    """One run of the schedule."""
    with bundle.function("change_polling") as module:
        return dict(module.handler({"source": source}, LambdaContext(milliseconds)))


def said(bundle: InProcessBundle, queue: str) -> list[ConsentStatement]:
    """The statements on a queue, taken out, but for those that only say that a profile stands open."""
    messages = [ConsentMessage.parse(body) for body in b.waiting(bundle, queue)]
    return [statement for message in messages for statement in message.statements if not is_shown_open(statement)]


def acts(sandboxes: Sandboxes, *told: dict[str, Any]) -> None:
    """People act at Klaviyo."""
    sandboxes.klaviyo.state.configure({"person_consents": list(told)})


def test_an_unsubscribe_at_klaviyo_is_on_its_queue_after_one_run(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """By email, by phone and by complaint: the metrics did not even exist before."""
    acts(
        sandboxes,
        {"act": "unsubscribe", "email": ANA},
        {"act": "unsubscribe", "phone_number": PHONE, "channel": "sms"},
        {"act": "spam", "email": BO},
    )
    poll(bundle, "klaviyo")
    found = said(bundle, "OptOutsQueue")
    assert {(one.channel, one.address, one.action, one.strength) for one in found} >= {
        ("email", ANA, "withdraw", "pref_out"),
        ("sms", PHONE, "withdraw", "hard_out"),
        ("email", BO, "withdraw", "hard_out"),
    }
    assert {one.action for one in said(bundle, "OptInsQueue")} <= {"info"}
    poll(bundle, "klaviyo")
    assert said(bundle, "OptOutsQueue") == []


def test_an_opt_in_is_read_where_its_method_stands(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """The event says nothing of it."""
    acts(
        sandboxes,
        {"act": "subscribe", "email": ANA, "method": "FORM"},
        {"act": "subscribe", "email": BO, "method": "API"},
    )
    poll(bundle, "klaviyo")
    found = said(bundle, "OptInsQueue")
    assert {(one.address, one.action, one.strength) for one in found} == {
        (ANA, "grant", "strong_in"),
        (BO, "grant", "weak_in"),
    }
    assert said(bundle, "OptOutsQueue") == []


def test_a_suppression_by_hand_is_held(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """No metric tells of it."""
    acts(sandboxes, {"act": "suppress", "email": ANA})
    poll(bundle, "klaviyo")
    assert {(one.address, one.action, one.actor) for one in said(bundle, "OptOutsQueue")} == {(ANA, "hold", "staff")}


def test_profiles_that_changed_show_all_that_they_show(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """An act without an event is found by its profile; an old one does not go ahead of what is new."""
    sandboxes.klaviyo.state.configure({"consent_bumps_updated": True})
    long_ago = (sandboxes.klaviyo.clock.moment() - timedelta(days=90)).isoformat()
    acts(
        sandboxes,
        {"act": "unsubscribe", "email": ANA, "silent": True},
        {"act": "unsubscribe", "email": BO, "silent": True, "time": long_ago},
    )
    poll(bundle, "klaviyo")
    assert {one.address for one in said(bundle, "OptOutsQueue")} == {ANA}
    assert {(one.address, one.action) for one in said(bundle, "OptInsQueue")} == {(BO, "withdraw")}


def test_an_opt_out_at_hubspot_is_confirmed_for_each_address(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """With the statuses' own time; who opted out long ago is not asked about again."""
    long_ago = (sandboxes.hubspot.clock.moment() - timedelta(days=90)).isoformat()
    for email in (ANA, BO):
        sandboxes.hubspot.state.configure({"edit_contact": {"email": email, "properties": {}}})
    sandboxes.hubspot.state.configure({"person_opts_out": {"email": BO, "time": long_ago}})
    sandboxes.hubspot.state.configure({"person_opts_out": {"email": ANA}})
    sandboxes.hubspot.state.configure({"edit_contact": {"email": BO, "properties": {"city": "Madrid"}}})
    poll(bundle, "hubspot")
    found = said(bundle, "OptOutsQueue")
    assert {(one.address, one.action, one.purpose) for one in found} == {(ANA, "withdraw", "*")}
    assert all(one.occurred_at for one in found)
    poll(bundle, "hubspot")
    assert said(bundle, "OptOutsQueue") == []


def test_who_may_not_read_statuses_reads_the_contacts_own(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """By the history of its properties."""
    sandboxes.hubspot.state.configure({"edit_contact": {"email": ANA, "properties": {}}})
    sandboxes.hubspot.state.configure({"person_opts_out": {"email": ANA}})
    sandboxes.hubspot.state.configure({"missing_scopes": ["communication_preferences.read"]})
    poll(bundle, "hubspot")
    (one,) = said(bundle, "OptOutsQueue")
    assert (one.address, one.purpose, one.occurred_at is not None) == (ANA, "*", True)


@pytest.mark.parametrize(("source", "path"), [("klaviyo", "/api/events"), ("hubspot", "/crm/objects")])
def test_where_the_vendor_asks_to_wait_the_next_run_goes_on(
    bundle: InProcessBundle, sandboxes: Sandboxes, source: str, path: str
) -> None:
    """The cursor stays where it was; the run fails, so that it is seen when it goes on failing."""
    sandboxes.hubspot.state.configure({"edit_contact": {"email": ANA, "properties": {}}})
    sandboxes.hubspot.state.configure({"person_opts_out": {"email": ANA}})
    acts(sandboxes, {"act": "unsubscribe", "email": ANA})
    sandbox = getattr(sandboxes, source)
    method = "GET" if source == "klaviyo" else "POST"
    sandbox.faults.append(Fault(method, path, status=429, headers={"Retry-After": "1"}))
    with pytest.raises(RetriableError):
        poll(bundle, source)
    assert [one for one in said(bundle, "OptOutsQueue") if one.statement_id.startswith("event")] == []
    poll(bundle, source)
    assert {one.address for one in said(bundle, "OptOutsQueue")} == {ANA}


def test_a_run_without_time_reads_nothing_and_loses_nothing(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """It stops before its last call could be cut."""
    acts(sandboxes, {"act": "unsubscribe", "email": ANA})
    told = poll(bundle, "klaviyo", milliseconds=1000)
    assert {one["ended"] for one in told["sources"].values()} == {"out_of_time"}
    assert said(bundle, "OptOutsQueue") == []
    poll(bundle, "klaviyo")
    assert {one.address for one in said(bundle, "OptOutsQueue")} == {ANA}


def test_killed_between_the_queue_and_the_cursor_it_is_said_again(
    bundle: InProcessBundle, sandboxes: Sandboxes, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the same ids, so nothing comes of it; no address is logged."""
    acts(sandboxes, {"act": "unsubscribe", "email": ANA})
    before = {item["name"]["S"]: item for item in b.items(bundle, "ControlTable")}
    poll(bundle, "klaviyo")
    first = said(bundle, "OptOutsQueue")
    for item in b.items(bundle, "ControlTable"):
        name = item["name"]["S"]
        if name.startswith("cursor#klaviyo#"):
            b.aws_client("dynamodb").delete_item(TableName=bundle.names["ControlTable"], Key={"name": item["name"]})
        if name in before:
            b.aws_client("dynamodb").put_item(TableName=bundle.names["ControlTable"], Item=before[name])
    poll(bundle, "klaviyo")
    again = said(bundle, "OptOutsQueue")
    assert {one.statement_id for one in again} == {one.statement_id for one in first} != set()
    assert ANA not in capsys.readouterr().out


def test_without_a_token_there_is_nothing_to_poll(bundle: InProcessBundle) -> None:
    """A deployer may have one of the two."""
    bundle.put_secret("VendorTokens", {"klaviyo": "pk_local"})
    assert poll(bundle, "hubspot") == {"source": "hubspot", "skipped": "no token"}
