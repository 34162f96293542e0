"""Klaviyo's webhooks: what each topic says, by whom, and what is left to polling."""

from datetime import UTC, datetime
from typing import Any

import pytest
from commerce_sync.contracts import Store
from commerce_sync.intake import Translation, translate

from tests.unit.intake.bodies import RECEIVED, Body, encoded, refused, stated

ACCOUNT = Store(source="klaviyo", id="main", country="US")
HEADERS = {"klaviyo-webhook-id": "01HWEBHOOK"}


def event(topic: str, *, properties: Body | None = None, subscriptions: Body | None = None, **changes: Any) -> Body:
    """One event with its profile."""
    profile = {
        "type": "profile",
        "id": "01GDDK",
        "attributes": {
            "email": "ada@example.com",
            "phone_number": "+12025550123",
            "subscriptions": subscriptions,
        },
    }
    data = {
        "type": "event",
        "id": "4vRpBT",
        "attributes": {"datetime": "2026-11-02T08:30:00+00:00", "event_properties": properties or {}},
        "relationships": {"profile": {"data": {"type": "profile", "id": "01GDDK"}}},
    }
    payload = {"data": data, "included": [profile]}
    return {"external_id": "ev-0001", "topic": f"event:klaviyo.{topic}", "payload": payload, **changes}


def told(*events: Any, headers: dict[str, str] = HEADERS, webhook: object = "01HWEBHOOK") -> Translation:
    """The translation of one delivery."""
    body = encoded({"data": list(events), "meta": {"klaviyo_webhook_id": webhook}})
    return translate("klaviyo", "events", ACCOUNT, body, headers, received_at=RECEIVED)


@pytest.mark.parametrize(
    ("topic", "channel", "action", "strength", "method"),
    [
        ("unsubscribed_from_email_marketing", "email", "withdraw", "pref_out", "preference_page"),
        ("unsubscribed", "email", "withdraw", "pref_out", "preference_page"),
        ("unsubscribed_from_sms_marketing", "sms", "withdraw", "hard_out", "preference_page"),
        ("marked_email_as_spam", "email", "withdraw", "hard_out", "preference_page"),
        ("manually_suppressed_from_email_marketing", "email", "hold", "info", "suppression"),
        ("manually_unsuppressed_from_email_marketing", "email", "info", "info", "suppression"),
        ("bounced_email", "email", "info", "info", "bounce"),
        ("subscribed_to_email_marketing", "email", "grant", "weak_in", "api"),
        ("subscribed_to_sms_marketing", "sms", "grant", "weak_in", "api"),
        ("consented_to_receive_sms", "sms", "grant", "weak_in", "api"),
    ],
)
def test_every_topic_about_consent_is_classed(  # a table's columns
    topic: str, channel: str, action: str, strength: str, method: str
) -> None:
    """By its own words, on its own channel, by the address of its own profile."""
    said = stated(told(event(topic)))
    assert (said.channel, said.action, said.strength, said.method) == (channel, action, strength, method)
    assert said.address == ("ada@example.com" if channel == "email" else "+12025550123")
    assert (said.statement_id, said.occurred_at) == ("event:ev-0001", datetime(2026, 11, 2, 8, 30, tzinfo=UTC))
    assert said.actor == {"hold": "staff", "withdraw": "subject"}.get(action, "system")


@pytest.mark.parametrize(
    ("properties", "marketing", "strength", "method"),
    [
        ({}, {"double_optin": True, "method": "FORM"}, "verified_in", "form"),
        ({"method": "SMS_KEYWORD"}, {}, "verified_in", "keyword"),
        ({"method": "FORM"}, {"double_optin": False}, "strong_in", "form"),
        ({"method": "PROFILE_PAGE"}, {}, "strong_in", "form"),
        ({"method": "CHECKOUT"}, {}, "strong_in", "checkout"),
        ({"method": "API"}, {}, "weak_in", "api"),
        ({"method": "BULK_IMPORT"}, {}, "weak_in", "import"),
        ({"method": "BULK_IMPORT_FORM"}, {}, "weak_in", "import"),
        ({"method": "Integration platform"}, {}, "weak_in", "api"),
        ({"method": "information import"}, {}, "weak_in", "import"),
        ({"method": "API keyword import"}, {}, "weak_in", "import"),
        ({"method": "Homepage API"}, {}, "weak_in", "api"),
        ({"method": "Preference Page"}, {}, "strong_in", "preference_page"),
        ({"method": "FORM"}, {"suppression": [{"reason": "USER_SUPPRESSED"}]}, "weak_in", "form"),
        ({"method": "SMS_KEYWORD"}, {"double_optin": True, "suppression": [{}]}, "weak_in", "keyword"),
        ({"method": "FORM"}, {"suppression": [{"reason": "hard_bounce"}]}, "strong_in", "form"),
        ({"method": "FORM"}, {"suppression": "x"}, "strong_in", "form"),
        ({"method": 5}, {"double_optin": "true"}, "weak_in", "api"),
    ],
)
def test_an_opt_in_is_as_strong_as_its_own_method(
    properties: Body, marketing: Body, strength: str, method: str
) -> None:
    """Confirmed or by keyword, filled in by a person, or anything else."""
    one = event(
        "subscribed_to_email_marketing", properties=properties, subscriptions={"email": {"marketing": marketing}}
    )
    said = stated(told(one))
    assert (said.strength, said.method) == (strength, method)
    assert said.actor == ("system" if strength == "weak_in" else "subject")


def test_an_opt_in_without_a_time_is_weak() -> None:
    """As it is in a profile."""
    one = event("subscribed_to_email_marketing", properties={"method": "FORM"})
    del one["payload"]["data"]["attributes"]["datetime"]
    assert stated(told(one)).strength == "weak_in"


def test_the_whole_account_or_a_list_is_named_for_the_configuration_to_map() -> None:
    """What is hard or held is of every purpose."""
    assert stated(told(event("unsubscribed_from_email_marketing"))).subscription == "account"
    assert stated(told(event("unsubscribed_from_list", properties={"List": "News"}))).subscription == "News"
    assert stated(told(event("subscribed_to_list"))).subscription == "list"
    spam = stated(told(event("marked_email_as_spam")))
    assert (spam.subscription, spam.purpose) == (None, "*")


def test_the_address_in_the_events_own_properties_comes_first() -> None:
    """It is the one that the act was about; the profile may have another by now."""
    said = stated(told(event("unsubscribed_from_email_marketing", properties={"email_address": "old@example.com"})))
    assert said.address == "old@example.com"


@pytest.mark.parametrize("included", [None, [], "x", [{"type": "profile", "id": "another", "attributes": {}}]])
def test_who_is_named_by_an_id_only_is_left_to_polling(included: object) -> None:
    """Settled with a reason of its own, and its neighbours are told all the same."""
    bare = event("unsubscribed_from_email_marketing")
    bare["payload"] = bare["payload"] | {"included": included}
    translation = told(bare, event("marked_email_as_spam", external_id="ev-0002"))
    assert [(one.code, one.path, one.waits) for one in translation.rejections] == [
        ("profile_without_address", "data[0].payload", False)
    ]
    assert [one.statement_id for one in translation.consent] == ["event:ev-0002"]


def test_a_profile_that_travels_along_and_is_anothers_is_nobody() -> None:
    """Its address would opt out a stranger."""
    one = event("unsubscribed_from_email_marketing")
    one["payload"]["included"][0]["id"] = "somebody else"
    assert refused(told(one)).code == "profile_without_address"


@pytest.mark.parametrize(("topic", "code"), [("event:klaviyo.clicked_email", "topic_not_used"), ("x", "unknown_topic")])
def test_other_topics_say_so(topic: str, code: str) -> None:
    """Clicks are no consent."""
    assert refused(told(event("x") | {"topic": topic})).code == code


@pytest.mark.parametrize(
    ("headers", "webhook"),
    [({}, "01HWEBHOOK"), ({"klaviyo-webhook-id": "other"}, "01HWEBHOOK"), (HEADERS, None), (HEADERS, 5), (HEADERS, "")],
)
def test_a_body_of_another_webhook_is_not_believed(headers: dict[str, str], webhook: object) -> None:
    """Klaviyo says not to process it."""
    rejection = refused(told(event("marked_email_as_spam"), headers=headers, webhook=webhook))
    assert (rejection.code, rejection.waits) == ("webhook_id_differs", True)


def test_events_without_ids_are_told_apart_by_what_they_say() -> None:
    """Two people who leave at one moment are two."""
    one, other = event("unsubscribed_from_email_marketing"), event("unsubscribed_from_email_marketing")
    for bare, address in ((one, "a@example.com"), (other, "b@example.com")):
        del bare["external_id"], bare["payload"]["data"]["id"]
        bare["payload"]["data"]["attributes"]["event_properties"] = {"email_address": address}
    assert [said.address for said in told(one, other, one).consent] == ["a@example.com", "b@example.com"]


def test_seconds_since_1970_are_a_time_as_well() -> None:
    """Where no text says it."""
    one = event("marked_email_as_spam")
    one["payload"]["data"]["attributes"] |= {"datetime": None, "timestamp": 1793608200}
    assert stated(told(one)).occurred_at == datetime(2026, 11, 2, 8, 30, tzinfo=UTC)


def test_an_event_that_is_no_object_takes_nothing_else_with_it() -> None:
    """A thousand travel in one body."""
    translation = told(None, [], "x", event("marked_email_as_spam"))
    assert len(translation.rejections) == 3
    assert len(translation.consent) == 1
