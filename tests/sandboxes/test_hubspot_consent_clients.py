"""Our own clients of HubSpot's consent against the sandbox, over a socket."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from commerce_sync.errors import NotAllowedError, PausedError, RefusedByVendorError, RetriableError
from commerce_sync.vendors.hubspot import (
    HubSpot,
    HubSpotConsentProperties,
    HubSpotContacts,
    HubSpotOptOuts,
    HubSpotProperties,
)
from commerce_sync.vendors.hubspot.consent_properties import CONSENT_PROPERTIES, consent_properties
from commerce_sync.vendors.hubspot.opt_outs import ContactOptOuts, opted_out_since
from commerce_sync.vendors.hubspot.preferences import HubSpotPreferences

from local.sandboxes.base import Fault, Sandbox
from local.sandboxes.server import Sandboxes

pytestmark = pytest.mark.network
ANA, BO, ODD = "ana@example.com", "bo@example.com", "ana+a/b?c#d%e@example.com"
MARKETING, ONE_TO_ONE = "237525689", "237525690"
PAST = datetime(2026, 9, 30, 10, 15, tzinfo=UTC)


@pytest.fixture
def sandbox(sandboxes: Sandboxes) -> Sandbox:
    """An account with two contacts, whose search index is up to date."""
    sandboxes.hubspot.state.configure({"rate_limits": False, "search_lag": 0})
    for email in (ANA, BO):
        sandboxes.hubspot.state.configure({"edit_contact": {"email": email, "properties": {}}})
    return sandboxes.hubspot


@pytest.fixture
def hubspot(sandboxes: Sandboxes, sandbox: Sandbox) -> HubSpot:
    """A client of ours that talks to it."""
    return HubSpot(sandboxes.urls["hubspot"], "pat-local", "2026-09", 10.0)


@pytest.fixture
def preferences(hubspot: HubSpot) -> HubSpotPreferences:
    """Its subscriptions."""
    return HubSpotPreferences(hubspot)


@pytest.fixture
def properties(hubspot: HubSpot) -> HubSpotConsentProperties:
    """Our contact properties, which setup has made."""
    definitions = HubSpotProperties(hubspot)
    definitions.create_group("contacts")
    definitions.create("contacts", definitions.missing("contacts", CONSENT_PROPERTIES))
    return HubSpotConsentProperties(hubspot)


def contact(sandbox: Sandbox, email: str) -> dict[str, str]:
    """A contact's properties."""
    contacts = sandbox.state.snapshot()["contacts"]
    (found,) = [one["properties"] for one in contacts if one["properties"].get("email") == email]
    assert isinstance(found, dict)
    return found


def test_the_kinds_of_email_are_known_by_id(preferences: HubSpotPreferences) -> None:
    """Internal ones are told apart."""
    assert [(one.subscription_id, one.name, one.is_active) for one in preferences.definitions()] == [
        (MARKETING, "Marketing Information", True),
        (ONE_TO_ONE, "One to One", True),
    ]


@pytest.mark.parametrize("email", [ANA, ODD])
def test_one_kind_is_withdrawn_with_its_time(preferences: HubSpotPreferences, email: str) -> None:
    """Whatever stands in the address; a repeat says that nothing changed."""
    assert preferences.unsubscribe(email, MARKETING) == "REQUESTED_CHANGE_OCCURRED"
    assert preferences.unsubscribe(email, MARKETING) == "NO_STATUS_CHANGE"
    shown = {one.subscription_id: one for one in preferences.statuses(email)}
    assert (shown[MARKETING].status, shown[ONE_TO_ONE].status) == ("UNSUBSCRIBED", "NOT_SPECIFIED")
    at = shown[MARKETING].at
    assert at is not None
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=1)
    assert (shown[ONE_TO_ONE].at, shown[MARKETING].source) == (None, "Public status API")


def test_every_kind_is_withdrawn_and_shows_on_the_contact(sandbox: Sandbox, preferences: HubSpotPreferences) -> None:
    """With the wide status."""
    before = preferences.wide_status(ANA)
    assert before is not None
    assert (before.status, before.at) == ("SUBSCRIBED", None)
    assert preferences.unsubscribe_all(ANA) == "UNSUBSCRIBE_FROM_ALL_OCCURRED"
    wide = preferences.wide_status(ANA)
    assert wide is not None
    assert (wide.subscription_id, wide.status) == ("*", "UNSUBSCRIBED")
    assert wide.at is not None
    assert contact(sandbox, ANA)["hs_email_optout"] == "true"


def test_hubspot_lets_anybody_be_subscribed_again(sandbox: Sandbox, preferences: HubSpotPreferences) -> None:
    """So the ledger is asked first, always."""
    preferences.unsubscribe_all(ANA)
    reason = preferences.subscribe(ANA, MARKETING, "CONSENT_WITH_NOTICE", "Opted in at checkout")
    assert reason == "RESUBSCRIBE_OCCURRED"
    wide = preferences.wide_status(ANA)
    assert wide is not None
    assert wide.status == "SUBSCRIBED"
    assert {one.legal_basis for one in preferences.statuses(ANA)} == {"CONSENT_WITH_NOTICE", ""}


def test_a_withdrawal_never_fails_for_want_of_a_legal_basis(sandbox: Sandbox, preferences: HubSpotPreferences) -> None:
    """Accounts with privacy settings want one for every change."""
    sandbox.state.configure({"privacy": True})
    assert preferences.unsubscribe(ANA, MARKETING) == "REQUESTED_CHANGE_OCCURRED"
    with pytest.raises(RefusedByVendorError):
        preferences.subscribe(ANA, MARKETING, "", "")
    assert preferences.subscribe(ANA, MARKETING, "CONSENT_WITH_NOTICE", "x") == "RESUBSCRIBE_OCCURRED"


def test_a_missing_scope_or_plan_is_found_out_without_changing_anything(
    sandbox: Sandbox, preferences: HubSpotPreferences
) -> None:
    """It names the scope, and reading may go on."""
    assert preferences.can_write()
    sandbox.state.configure({"missing_scopes": ["communication_preferences.write"]})
    assert not preferences.can_write()
    with pytest.raises(NotAllowedError) as refusal:
        preferences.unsubscribe(ANA, MARKETING)
    assert isinstance(refusal.value, PausedError)
    assert refusal.value.scopes == ("communication_preferences.write",)
    assert preferences.statuses(ANA)
    assert sandbox.state.snapshot()["subscriptions"] == {"statuses": {}, "opted_out": []}


@pytest.mark.parametrize("body", [None, {}, {"results": []}])
def test_an_answer_that_says_nothing_is_tried_again(
    sandbox: Sandbox, preferences: HubSpotPreferences, body: Any
) -> None:
    """The change may have happened."""
    sandbox.faults.append(Fault(path_prefix="/communication-preferences", status=200, body=body))
    with pytest.raises(RetriableError):
        preferences.unsubscribe(ANA, MARKETING)


def test_our_properties_say_what_the_ledger_says(sandbox: Sandbox, properties: HubSpotConsentProperties) -> None:
    """By primary email, states and times; a time that no longer counts is cleared."""
    said = consent_properties("email", "in", opt_in_at=PAST, opt_out_at=None, source="shopify:eu")
    verdicts = properties.write_by_email({ANA: said, "nobody@example.com": said})
    assert [(one.address, one.is_accepted, one.skipped) for one in verdicts] == [
        (ANA, True, False),
        ("nobody@example.com", False, True),
    ]
    shown = contact(sandbox, ANA)
    assert {name: shown[name] for name in said if name in shown} == {
        "sync_email_consent": "in",
        "sync_email_opt_in_at": "2026-09-30T10:15:00Z",
        "sync_email_consent_source": "shopify:eu",
    }
    out = consent_properties("email", "out", opt_in_at=None, opt_out_at=PAST, source="hubspot:main")
    properties.write_by_email({ANA: out})
    assert "sync_email_opt_in_at" not in contact(sandbox, ANA)
    assert contact(sandbox, ANA)["sync_email_consent"] == "out"


def test_an_additional_address_does_not_speak_for_the_contact(
    sandbox: Sandbox, hubspot: HubSpot, properties: HubSpotConsentProperties
) -> None:
    """After a merge the survivor's properties are the primary's."""
    ids = HubSpotContacts(hubspot).ids_by_email([ANA, BO])
    sandbox.state.configure({"merge_contacts": [ids[ANA], ids[BO]]})
    known = {"opt_in_at": None, "opt_out_at": None}
    said = {
        ANA: consent_properties("email", "in", **known, source="x"),
        BO: consent_properties("email", "out", **known, source="x"),
    }
    verdicts = {one.address: one for one in properties.write_by_email(said)}
    assert (verdicts[ANA].is_accepted, verdicts[BO].skipped) == (True, True)
    assert contact(sandbox, ANA)["sync_email_consent"] == "in"


def test_sms_consent_is_written_by_contact_id(
    sandbox: Sandbox, hubspot: HubSpot, properties: HubSpotConsentProperties
) -> None:
    """A contact that is gone and a bad value spoil nobody else's."""
    ids = HubSpotContacts(hubspot).ids_by_email([ANA, BO])
    hold = consent_properties("sms", "hold", opt_in_at=None, opt_out_at=None, source="klaviyo")
    bad = {**hold, "sync_sms_consent": "perhaps"}
    verdicts = properties.write({ids[ANA]: hold, "1": hold, ids[BO]: bad})
    assert [one.is_accepted for one in verdicts] == [True, False, False]
    assert contact(sandbox, ANA)["sync_sms_consent"] == "hold"


def test_two_hundred_contacts_are_two_calls(sandbox: Sandbox, properties: HubSpotConsentProperties) -> None:
    """A hundred each."""
    emails = [f"p{number}@example.com" for number in range(150)]
    for email in emails:
        sandbox.state.configure({"edit_contact": {"email": email, "properties": {}}})
    said = consent_properties("email", "weak", opt_in_at=None, opt_out_at=None, source="x")
    verdicts = properties.write_by_email(dict.fromkeys(emails, said))
    assert all(one.is_accepted for one in verdicts)


def test_without_our_properties_no_contact_is_blamed(hubspot: HubSpot) -> None:
    """Setup has not run: the destination waits."""
    said = consent_properties("email", "in", opt_in_at=None, opt_out_at=None, source="x")
    with pytest.raises(PausedError, match="is it set up"):
        HubSpotConsentProperties(hubspot).write_by_email({ANA: said})


def test_contacts_that_opted_out_are_found_by_when_they_changed(sandbox: Sandbox, hubspot: HubSpot) -> None:
    """Of one kind or of all, from a moment on: what is dated ahead of our clock is found as well."""
    sandbox.clock.advance(60)
    start = sandbox.clock.moment()
    sandbox.state.configure({"person_opts_out": {"email": ANA, "subscription": MARKETING}})
    sandbox.state.configure({"person_opts_out": {"email": BO}})
    sandbox.clock.advance(60)
    found, following = HubSpotOptOuts(hubspot, [MARKETING, ONE_TO_ONE]).changed(start, None)
    assert following is None
    assert {one.email: one.opted_out for one in found} == {
        ANA: {MARKETING},
        BO: {"*", MARKETING, ONE_TO_ONE},
    }
    assert all(one.modified_at and one.modified_at >= start.replace(microsecond=0) for one in found)
    assert HubSpotOptOuts(hubspot, []).changed(start + timedelta(hours=1), None) == ([], None)


def test_a_bulk_job_that_stamps_many_with_one_time_loses_nobody(sandbox: Sandbox, hubspot: HubSpot) -> None:
    """Pages go on behind the last id."""
    for number in range(250):
        sandbox.state.configure({"edit_contact": {"email": f"p{number}@example.com", "properties": {}}})
    sandbox.clock.advance(60)
    start = sandbox.clock.moment()
    sandbox.state.configure({"edit_all_contacts": {"city": "Madrid"}})
    seen: list[str] = []
    last: str | None = None
    while not seen or last:
        found, last = HubSpotOptOuts(hubspot, [MARKETING]).changed(start, last)
        seen += [one.contact_id for one in found]
    assert (len(seen), len(set(seen))) == (252, 252)


def test_more_kinds_than_a_search_may_name_are_read_beside_it(sandbox: Sandbox, hubspot: HubSpot) -> None:
    """The body of a search has 3,000 characters."""
    start = sandbox.clock.moment() - timedelta(minutes=1)
    sandbox.state.configure({"person_opts_out": {"email": ANA, "subscription": MARKETING}})
    many = [MARKETING, *(str(900_000_000 + number) for number in range(150))]
    found, _ = HubSpotOptOuts(hubspot, many).changed(start, None)
    assert {one.email: one.opted_out for one in found} == {ANA: {MARKETING}, BO: frozenset()}


def test_the_baseline_dates_opt_outs_by_their_history(sandbox: Sandbox, hubspot: HubSpot) -> None:
    """By when the standing one began; statuses keep the same time."""
    for number in range(60):
        sandbox.state.configure({"edit_contact": {"email": f"p{number}@example.com", "properties": {}}})
    sandbox.state.configure({"person_opts_out": {"email": ANA, "time": PAST.isoformat()}})
    seen: list[ContactOptOuts] = []
    cursor: str | None = None
    while not seen or cursor:
        found, cursor = HubSpotOptOuts(hubspot, [MARKETING, ONE_TO_ONE]).page(cursor)
        seen += found
    assert len(seen) == 62
    (ana,) = [one for one in seen if one.email == ANA]
    assert ana.opted_out == {"*", MARKETING, ONE_TO_ONE}
    assert ana.since == dict.fromkeys(("*", MARKETING, ONE_TO_ONE), PAST)
    assert all(not one.opted_out and not one.since for one in seen if one.email != ANA)
    assert {one.at for one in HubSpotPreferences(hubspot).statuses(ANA)} == {PAST}


def test_the_latest_unbroken_opt_out_counts() -> None:
    """Whatever the order of the versions; a value that is not true has no time."""
    times = [f"2026-0{month}-01T00:00:00Z" for month in range(1, 6)]
    values = ["true", "false", "true", "true", ""]
    history = [{"value": value, "timestamp": time} for value, time in zip(values, times, strict=True)]
    assert opted_out_since(history) is None
    assert opted_out_since(history[:4]) == datetime(2026, 3, 1, tzinfo=UTC)
    assert opted_out_since(history[3::-1]) == datetime(2026, 3, 1, tzinfo=UTC)
    assert opted_out_since([{"value": "true", "timestamp": None}]) is None
    assert opted_out_since([]) is None


def test_a_page_that_says_nothing_is_tried_again(sandbox: Sandbox, hubspot: HubSpot) -> None:
    """An empty search would look like nobody."""
    sandbox.faults.append(Fault(path_prefix="/crm/objects", status=200))
    with pytest.raises(RetriableError):
        HubSpotOptOuts(hubspot, []).changed(PAST, None)
