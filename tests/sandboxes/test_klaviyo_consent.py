"""Consent and suppression in the Klaviyo sandbox."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from local.sandboxes.klaviyo.caller import Caller, data, error

pytestmark = pytest.mark.network
EMAIL = "ana@example.com"
PHONE = "+34600111222"
PAST = "2026-09-30T10:15:00Z"
SUBSCRIBE = "profile-subscription-bulk-create-job"
UNSUBSCRIBE = "profile-subscription-bulk-delete-job"
SUPPRESS = "profile-suppression-bulk-create-job"
UNSUPPRESS = "profile-suppression-bulk-delete-job"


def person(consent: str, channels: tuple[str, ...] = ("email",), /, **attributes: Any) -> dict[str, Any]:
    """A profile that grants or withdraws marketing consent; ``consented_at`` dates the grant."""
    parameters = {"consent": consent}
    if "consented_at" in attributes:
        parameters["consented_at"] = attributes.pop("consented_at")
    subscriptions = {channel: {"marketing": parameters} for channel in channels}
    return {"type": "profile", "attributes": {"subscriptions": subscriptions, **attributes}}


def job(caller: Caller, kind: str, *profiles: dict[str, Any], list_id: str = "", **attributes: Any) -> TestResponse:
    """Post a consent job."""
    relation = {"relationships": {"list": {"data": {"type": "list", "id": list_id}}}} if list_id else {}
    return caller.post(f"/api/{kind}s", kind, {"profiles": {"data": list(profiles)}, **attributes}, **relation)


def marketing(caller: Caller, email: str = EMAIL, channel: str = "email") -> dict[str, Any]:
    """A profile's marketing consent."""
    (shown,) = [
        profile["subscriptions"][channel]["marketing"]
        for profile in caller.state()["profiles"]
        if profile["email"] == email
    ]
    assert isinstance(shown, dict)
    return shown


def suppressions(caller: Caller, email: str = EMAIL) -> list[str]:
    """The reasons not to mail a profile."""
    return [suppression["reason"] for suppression in marketing(caller, email)["suppression"]]


def suppress(caller: Caller, kind: str, *emails: str) -> TestResponse:
    """Post a suppression job."""
    return job(caller, kind, *({"type": "profile", "attributes": {"email": email}} for email in emails))


def new_list(caller: Caller, **attributes: Any) -> str:
    """A new list's id."""
    return str(data(caller.post("/api/lists", "list", {"name": "Customers", **attributes}))["id"])


def join(caller: Caller, list_id: str, email: str) -> None:
    """Make a profile a member of a list."""
    member = {"type": "profile", "id": data(caller.upsert(email=email))["id"]}
    assert caller.call("POST", f"/api/lists/{list_id}/relationships/profiles", {"data": [member]}).status_code == 204


def test_a_subscription_shows_only_after_the_consent_lag() -> None:
    """Rule 6: 202 with an empty body, a missing profile is made, the effect comes later."""
    caller = Caller(consent_lag=30)
    answer = job(caller, SUBSCRIBE, person("SUBSCRIBED", email=EMAIL))
    assert (answer.status_code, answer.data) == (202, b"")
    assert caller.state()["profiles"] == []
    caller.clock.advance(30)
    assert marketing(caller)["consent"] == "SUBSCRIBED"


def test_a_subscription_job_has_a_limit() -> None:
    """Rule 6: over 1000 profiles is 400."""
    profiles = [person("SUBSCRIBED", email=f"p{number}@b.co") for number in range(1001)]
    caller = Caller()
    assert job(caller, SUBSCRIBE, *profiles).status_code == 400
    assert job(caller, SUBSCRIBE, *profiles[:1000]).status_code == 202


@pytest.mark.parametrize(
    ("consented_at", "historical"),
    [(PAST, False), (None, True), ("2026-11-02T00:00:00Z", True)],
)
def test_a_date_and_the_historical_flag_need_each_other(consented_at: str | None, historical: bool) -> None:  # noqa: FBT001
    """Rule 7: a date without the flag, and the flag without a past date, are 400."""
    caller = Caller()
    dated = {"consented_at": consented_at} if consented_at else {}
    answer = job(caller, SUBSCRIBE, person("SUBSCRIBED", email=EMAIL, **dated), historical_import=historical)
    assert answer.status_code == 400
    assert caller.state()["profiles"] == []


def test_a_historical_import_keeps_its_date() -> None:
    """Rule 7: a date before 1990 is moved up to it."""
    caller = Caller()
    profiles = [
        person("SUBSCRIBED", email=EMAIL, consented_at=PAST),
        person("SUBSCRIBED", email="old@b.co", consented_at="1980-01-01T00:00:00Z"),
    ]
    assert job(caller, SUBSCRIBE, *profiles, historical_import=True).status_code == 202
    assert marketing(caller)["consent_timestamp"] == "2026-09-30T10:15:00+00:00"
    assert marketing(caller, "old@b.co")["consent_timestamp"] == "1990-01-01T00:00:00+00:00"


def test_double_opt_in_waits_for_the_confirmation() -> None:
    """Rule 8: consent and membership stay unset until then."""
    caller = Caller()
    list_id = new_list(caller, opt_in_process="double_opt_in")
    job(caller, SUBSCRIBE, person("SUBSCRIBED", email=EMAIL), list_id=list_id)
    assert marketing(caller)["consent"] == "NEVER_SUBSCRIBED"
    assert caller.state()["lists"][0]["members"] == []
    caller.configure(confirm_opt_ins=[EMAIL])
    assert marketing(caller)["consent"] == "SUBSCRIBED"
    assert len(caller.state()["lists"][0]["members"]) == 1


def test_a_historical_import_passes_double_opt_in_and_triggers_nothing() -> None:
    """Rules 8 and 16: it goes around the confirmation and the list's flows."""
    caller = Caller()
    list_id = new_list(caller, opt_in_process="double_opt_in")
    profile = person("SUBSCRIBED", email=EMAIL, consented_at=PAST)
    job(caller, SUBSCRIBE, profile, list_id=list_id, historical_import=True)
    assert marketing(caller)["consent"] == "SUBSCRIBED"
    assert caller.state()["flow_triggers"] == 0


def test_without_a_list_the_account_decides_on_double_opt_in() -> None:
    """Section 5.2: the account's default."""
    caller = Caller(default_opt_in="double_opt_in")
    job(caller, SUBSCRIBE, person("SUBSCRIBED", email=EMAIL))
    assert marketing(caller)["consent"] == "NEVER_SUBSCRIBED"


def test_subscribing_lifts_an_unsubscribe_and_a_manual_suppression() -> None:
    """Rule 9: the trap that makes our own ledger necessary."""
    caller = Caller()
    job(caller, UNSUBSCRIBE, person("UNSUBSCRIBED", email=EMAIL))
    suppress(caller, SUPPRESS, EMAIL)
    assert suppressions(caller) == ["UNSUBSCRIBE", "USER_SUPPRESSED"]
    assert marketing(caller)["can_receive_email_marketing"] is False
    job(caller, SUBSCRIBE, person("SUBSCRIBED", email=EMAIL))
    assert suppressions(caller) == []


def test_subscribing_keeps_hard_bounces() -> None:
    """Rule 9: a dead address stays dead; a spam complaint is lifted."""
    caller = Caller(suppressions=[[EMAIL, "HARD_BOUNCE"], [EMAIL, "INVALID_EMAIL"], [EMAIL, "SPAM_COMPLAINT"]])
    job(caller, SUBSCRIBE, person("SUBSCRIBED", email=EMAIL))
    assert suppressions(caller) == ["HARD_BOUNCE", "INVALID_EMAIL"]
    assert marketing(caller)["can_receive_email_marketing"] is False


@pytest.mark.parametrize(
    ("attributes", "detail"),
    [
        ({"email": EMAIL}, "'phone_number' must not be empty when the sms channel is included"),
        ({"email": EMAIL, "phone_number": "+5511961234567"}, "no sending number"),
    ],
)
def test_one_bad_sms_row_refuses_the_whole_request(attributes: dict[str, Any], detail: str) -> None:
    """Rule 10: nothing is applied, the good row neither."""
    caller = Caller(sms_regions=["ES", "US"])
    good = person("SUBSCRIBED", email="good@b.co")
    answer = job(caller, SUBSCRIBE, good, person("SUBSCRIBED", ("email", "sms"), **attributes))
    assert answer.status_code == 400
    assert detail in error(answer)["detail"]
    assert caller.state()["profiles"] == []


def test_sms_consent_is_given_where_the_region_is_configured() -> None:
    """Rule 10: the phone number's region decides."""
    caller = Caller(sms_regions=["ES"])
    assert job(caller, SUBSCRIBE, person("SUBSCRIBED", ("sms",), email=EMAIL, phone_number=PHONE)).status_code == 202
    assert marketing(caller, channel="sms")["consent"] == "SUBSCRIBED"
    assert marketing(caller)["consent"] == "NEVER_SUBSCRIBED"


@pytest.mark.parametrize(
    "profile",
    [
        person("UNSUBSCRIBED", email=EMAIL),
        person("SUBSCRIBED", email=EMAIL, properties={"a": 1}),
        person("SUBSCRIBED", ("email",), phone_number=PHONE),
        person("SUBSCRIBED", ("fax",), email=EMAIL),
        person("SUBSCRIBED", ("push",), email=EMAIL),
        person("SUBSCRIBED", (), email=EMAIL),
        {"type": "profile", "attributes": {"email": EMAIL}},
    ],
)
def test_a_subscription_outside_the_rules_is_refused(profile: dict[str, Any]) -> None:
    """Section 5.2: only SUBSCRIBED, only these attributes, an address for each channel."""
    assert job(Caller(), SUBSCRIBE, profile).status_code == 400


def test_unsubscribing_makes_unknown_people_unsubscribed() -> None:
    """Rule 11: over 100 is 400."""
    caller = Caller()
    profiles = [person("UNSUBSCRIBED", email=f"p{number}@b.co") for number in range(101)]
    assert job(caller, UNSUBSCRIBE, *profiles).status_code == 400
    assert job(caller, UNSUBSCRIBE, *profiles[:100]).status_code == 202
    assert len(caller.state()["profiles"]) == 100
    assert marketing(caller, "p0@b.co")["consent"] == "UNSUBSCRIBED"


def test_unsubscribing_from_a_list_unsubscribes_strangers_everywhere() -> None:
    """Rule 11: members leave the list only, non-members lose all marketing."""
    caller = Caller()
    list_id = new_list(caller)
    join(caller, list_id, EMAIL)
    wishes = [person("UNSUBSCRIBED", email=email) for email in (EMAIL, "stranger@b.co")]
    assert job(caller, UNSUBSCRIBE, *wishes, list_id=list_id).status_code == 202
    assert (suppressions(caller), suppressions(caller, "stranger@b.co")) == ([], ["UNSUBSCRIBE"])
    assert [entry["list_id"] for entry in marketing(caller)["list_suppressions"]] == [list_id]
    assert caller.state()["lists"][0]["members"] == []


def test_sms_opt_outs_are_found_through_their_metric() -> None:
    """Section 4.2: no profile filter finds them, the native metric's events do."""
    caller = Caller()
    job(caller, UNSUBSCRIBE, person("UNSUBSCRIBED", ("sms",), phone_number=PHONE))
    metrics = data(caller.call("GET", '/api/metrics?filter=equals(integration.name,"Klaviyo")'))
    assert [metric["attributes"]["name"] for metric in metrics] == ["Unsubscribed from SMS Marketing"]
    events = data(caller.call("GET", f'/api/events?filter=equals(metric_id,"{metrics[0]["id"]}")'))
    assert len(events) == 1
    assert caller.state()["events"] == []


def test_a_suppression_job_counts_and_skips() -> None:
    """Rule 12: 202 with a job that is polled; missing profiles are made."""
    caller = Caller(job_lag=20)
    suppress(caller, SUPPRESS, EMAIL)
    caller.clock.advance(20)
    answer = suppress(caller, SUPPRESS, EMAIL, "new@b.co")
    assert (answer.status_code, data(answer)["attributes"]["status"]) == (202, "queued")
    path = f"/api/{SUPPRESS}s/{data(answer)['id']}"
    caller.clock.advance(10)
    assert data(caller.call("GET", path))["attributes"]["status"] == "processing"
    caller.clock.advance(10)
    done = data(caller.call("GET", path))["attributes"]
    counts = [done[name] for name in ("status", "total_count", "completed_count", "skipped_count")]
    assert counts == ["complete", 2, 1, 1]
    assert caller.call("GET", f"/api/{UNSUPPRESS}s/{data(answer)['id']}").status_code == 404


def test_unsuppressing_lifts_manual_suppression_only() -> None:
    """Rule 12: it ignores missing profiles."""
    caller = Caller()
    job(caller, UNSUBSCRIBE, person("UNSUBSCRIBED", email=EMAIL))
    suppress(caller, SUPPRESS, EMAIL)
    suppress(caller, UNSUPPRESS, EMAIL, "nobody@b.co")
    assert suppressions(caller) == ["UNSUBSCRIBE"]
    assert len(caller.state()["profiles"]) == 1
    assert [job["skipped_count"] for job in caller.state()["jobs"]] == [0, 1]


def test_a_suppression_job_takes_either_addresses_or_one_list() -> None:
    """Rule 12: at most 100 addresses."""
    caller = Caller()
    list_id = new_list(caller)
    join(caller, list_id, EMAIL)
    relation = {"list": {"data": {"type": "list", "id": list_id}}}
    path = f"/api/{SUPPRESS}s"
    assert suppress(caller, SUPPRESS, *(f"p{number}@b.co" for number in range(101))).status_code == 400
    assert caller.post(path, SUPPRESS, {}).status_code == 400
    assert caller.post(path, SUPPRESS, {}, relationships=relation).status_code == 202
    assert suppressions(caller) == ["USER_SUPPRESSED"]


def test_suppressed_profiles_are_found_by_reason_and_time() -> None:
    """Section 4.2: the filters a consent reader uses."""
    caller = Caller()
    suppress(caller, SUPPRESS, EMAIL)
    job(caller, UNSUBSCRIBE, person("UNSUBSCRIBED", email="other@b.co"))
    path = "subscriptions.email.marketing.suppression"
    terms = f'equals({path}.reason,"USER_SUPPRESSED"),greater-or-equal({path}.timestamp,2026-11-01T12:00:00Z)'
    found = data(caller.call("GET", f"/api/profiles?filter={terms}&sort=-{path}.timestamp"))
    assert [profile["attributes"]["email"] for profile in found] == [EMAIL]
