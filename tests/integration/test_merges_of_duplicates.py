"""Merges as an audit plans them, in the strict sandboxes: no refusal is lost, nobody is told of what only seems so."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from commerce_sync.aws.audits import MergeNotes
from commerce_sync.contracts.duplicates import PlannedMerge
from commerce_sync.duplicates.entries import Marking
from commerce_sync.duplicates.hubspot_refusals import refusal_properties
from commerce_sync.duplicates.merging import Merger, Side
from commerce_sync.duplicates.reporting import plan
from commerce_sync.duplicates.sides import HubSpotSide, KlaviyoSide
from commerce_sync.identity import normalize_country, normalize_email, normalize_phone
from commerce_sync.identity.keys import IdentifierKeys
from commerce_sync.identity.policy import Policy
from commerce_sync.vendors.hubspot import HubSpot, HubSpotContacts, HubSpotProperties
from commerce_sync.vendors.klaviyo import KlaviyoProfiles, klaviyo_http

from local.in_process import InProcessBundle
from local.sandboxes.hubspot.writes import apply, check
from local.sandboxes.klaviyo.records import Permission
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b
from tests.integration.test_the_duplicate_audit import (
    contacts,
    finish,
    hubspot_state,
    klaviyo_state,
    profiles,
    report,
    start,
)

pytestmark = pytest.mark.network

PHONE = {"phone": "2125550123"}
CLEO = ({"email": "cleo@example.com"}, {"email": "CLEO@example.com"})
MARKING = Marking(
    normalize_email,
    normalize_phone,
    normalize_country,
    IdentifierKeys(b.PEPPERS).key,
    Policy().is_role,
    ("US",),
)


def hubspot_client(sandboxes: Sandboxes) -> HubSpot:
    """A client of the sandbox."""
    return HubSpot(sandboxes.urls["hubspot"], "pat-local", "2026-09", 10)


def hubspot_side(sandboxes: Sandboxes) -> HubSpotSide:
    """The account as merges change it."""
    client = hubspot_client(sandboxes)
    names = refusal_properties(HubSpotProperties(client).names("contacts"))
    return HubSpotSide(HubSpotContacts(client), MARKING, lambda: names)


def klaviyo_profiles(sandboxes: Sandboxes) -> KlaviyoProfiles:
    """A client of the sandbox."""
    return KlaviyoProfiles(klaviyo_http(sandboxes.urls["klaviyo"], "pk_local", "2026-10-15", 10))


def audited(bundle: InProcessBundle, system: str) -> dict[str, Any]:
    """The report of an audit that starts now and ends."""
    start(bundle)
    finish(bundle)
    return report(bundle, system)


def merge_as_planned(bundle: InProcessBundle, system: str, side: Side) -> tuple[dict[str, Any], list[Sequence[str]]]:
    """Apply the last report's plan; returns the outcome and what identity was told."""
    return merge_these(bundle, system, side, plan(report(bundle, system)["groups"], 100))


def merge_these(
    bundle: InProcessBundle, system: str, side: Side, planned: Sequence[PlannedMerge]
) -> tuple[dict[str, Any], list[Sequence[str]]]:
    """Apply merges; returns the outcome and what identity was told."""
    remembered: list[Sequence[str]] = []
    merger = Merger(side, MergeNotes(bundle.names["Archive"], system), remembered.append)
    return merger.apply(planned, lambda: True), remembered


def write_as_hubspot(sandboxes: Sandboxes, contact: str, properties: dict[str, str]) -> None:
    """Write what the API may not, as HubSpot itself does."""
    state = hubspot_state(sandboxes)
    apply(state, check(state, "contacts", state.stores["contacts"].get(contact), properties, staff=True))


def test_a_refusal_on_one_side_only_is_never_planned_for_a_merge(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Whether HubSpot or Klaviyo knows it: the merged record might be messaged again."""
    hubspot_state(sandboxes).subscriptions.opt_out("ana@example.com")
    ana, other = contacts(sandboxes, {"email": "ana@example.com", "phone": "2125550123"}, {"phone": "2125550123"})
    cleo, again = profiles(sandboxes, {"email": "cleo@example.com"}, {"email": "CLEO@example.com"})
    state = klaviyo_state(sandboxes)
    state.profiles[again].consent.suppressions["SPAM_COMPLAINT"] = state.clock.moment()
    start(bundle)
    finish(bundle)
    (contact,), (profile,) = report(bundle, "hubspot")["groups"], report(bundle, "klaviyo")["groups"]
    assert (contact["survivor"], contact["merges"], contact["refused"]) == (ana, [], {other: "consent_differs"})
    assert (profile["survivor"], profile["merges"], profile["refused"]) == (cleo, [], {again: "consent_differs"})


@pytest.mark.parametrize(
    "told",
    [
        {"hs_email_hard_bounce_reason_enum": "SPAM"},
        {"hs_email_quarantined": "true"},
        {"hs_email_bounce": "2"},
        {"do_not_call": "she asked on 3 May"},
    ],
    ids=lambda told: next(iter(told)),
)
def test_whatever_else_speaks_against_messages_in_hubspot_is_compared(
    bundle: InProcessBundle, sandboxes: Sandboxes, told: dict[str, str]
) -> None:
    """By the audit, and again just before the merge; by the account's own properties too."""
    flag = {"name": "do_not_call", "label": "Do not call", "type": "string", "fieldType": "text"}
    properties = HubSpotProperties(hubspot_client(sandboxes))
    properties.create("contacts", [flag])
    ana, other = contacts(sandboxes, {"email": "ana@example.com", **PHONE}, PHONE)
    (before,) = audited(bundle, "hubspot")["groups"]
    write_as_hubspot(sandboxes, other, told)
    outcome, remembered = merge_as_planned(bundle, "hubspot", hubspot_side(sandboxes))
    assert (before["survivor"], before["merges"], remembered) == (ana, [other], [])
    assert [one["result"] for one in outcome["refused"]] == ["consent_differs"]
    start(bundle, {"time": "2026-11-29T03:17:00Z"})
    finish(bundle)
    (after,) = report(bundle, "hubspot")["groups"]
    assert (after["merges"], after["refused"]) == ([], {other: "consent_differs"})
    assert "3 May" not in str(after)


@pytest.mark.parametrize("purpose", [("sms", "marketing"), ("push", "marketing"), ("whatsapp", "transactional")])
def test_a_refusal_on_any_channel_of_klaviyo_is_compared(
    bundle: InProcessBundle, sandboxes: Sandboxes, purpose: tuple[str, str]
) -> None:
    """Not by email alone."""
    _, again = profiles(sandboxes, *CLEO)
    now = datetime.now(UTC)
    klaviyo_state(sandboxes).profiles[again].consent.permissions[purpose] = Permission("UNSUBSCRIBED", now, now)
    (group,) = audited(bundle, "klaviyo")["groups"]
    assert (group["merges"], group["refused"]) == ([], {again: "consent_differs"})


def test_notes_of_merges_are_kept_until_they_are_finished(bundle: InProcessBundle) -> None:
    """Begun, finished or dropped; a note of another survivor is another merge's."""
    merge, other = (PlannedMerge(group="g", survivor="501", other=one) for one in ("777", "888"))
    with bundle.function("duplicate_audit"):
        notes = MergeNotes(bundle.names["Archive"], "hubspot")
        notes.begin(merge)
        notes.begin(other)
        notes.drop(other)
        assert (list(notes.begun()), notes.is_accepted(merge), notes.is_done(merge)) == ([merge], False, False)
        notes.accept(merge)
        assert (list(notes.begun()), notes.is_accepted(merge), notes.is_accepted(other)) == ([merge], True, False)
        notes.finish(merge)
        assert not notes.is_accepted(merge)
        assert (list(notes.begun()), notes.is_done(merge), notes.is_done(other)) == ([], True, False)
        assert not notes.is_done(PlannedMerge(group="g", survivor="1", other="777"))


@pytest.mark.parametrize("new_id", [False, True])
def test_contacts_are_merged_as_planned_and_once(
    bundle: InProcessBundle, sandboxes: Sandboxes, *, new_id: bool
) -> None:
    """Also where HubSpot gives what is left an id of its own; a repeat finds it done; a new refusal is respected."""
    sandboxes.hubspot.state.configure({"merge_makes_new_id": new_id})
    ana, second, third = contacts(sandboxes, {"email": "ana@example.com", **PHONE}, PHONE, PHONE)
    ben, copy = contacts(sandboxes, {"email": "ben@example.com", "phone": "2125550111"}, {"phone": "2125550111"})
    start(bundle)
    finish(bundle)
    write_as_hubspot(sandboxes, ben, {"hs_email_optout": "true"})
    side = hubspot_side(sandboxes)
    outcome, remembered = merge_as_planned(bundle, "hubspot", side)
    assert [one["other"] for one in outcome["merged"]] == [second, third]
    assert [(one["other"], one["result"]) for one in outcome["refused"]] == [(copy, "consent_differs")]
    assert [told[-2:] for told in remembered] == [(ana, second), (ana, third)]
    left = sandboxes.hubspot.state.snapshot()["contacts"]
    assert len(left) == 3
    again, _ = merge_as_planned(bundle, "hubspot", side)
    assert {one["result"] for one in again["merged"]} == {"already_merged"}
    assert sandboxes.hubspot.state.snapshot()["contacts"] == left


def test_profiles_are_merged_as_planned_and_once(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Klaviyo answers at once and merges later; until then it shows both, and a repeat still finds it done."""
    sandboxes.klaviyo.state.configure({"job_lag": 60})
    cleo, again = profiles(sandboxes, *CLEO)
    start(bundle)
    finish(bundle)
    side = KlaviyoSide(klaviyo_profiles(sandboxes), MARKING)
    outcome, remembered = merge_as_planned(bundle, "klaviyo", side)
    assert ([one["result"] for one in outcome["merged"]], remembered) == (["merged"], [(cleo, again)])
    outcome, remembered = merge_as_planned(bundle, "klaviyo", side)
    assert ([one["result"] for one in outcome["merged"]], remembered) == (["already_merged"], [])
    klaviyo_state(sandboxes).clock.advance(61)
    assert [one["id"] for one in sandboxes.klaviyo.state.snapshot()["profiles"]] == [cleo]


@pytest.mark.parametrize("happened", ["merged", "erased", "archived", "survivor_erased"])
def test_a_merge_in_hubspot_whose_answer_was_lost_is_told_only_if_it_happened(
    bundle: InProcessBundle, sandboxes: Sandboxes, happened: str
) -> None:
    """The other is gone in each case; only HubSpot's showing the survivor under its id says that both are one."""
    ana, other = contacts(sandboxes, {"email": "ana@example.com", **PHONE}, PHONE)
    merge = PlannedMerge(group="g", survivor=ana, other=other)
    client = hubspot_client(sandboxes)
    with bundle.function("duplicate_audit"):
        notes = MergeNotes(bundle.names["Archive"], "hubspot")
        notes.begin(merge)
        if happened == "archived":
            client.call("POST", "/crm/objects/{V}/contacts/batch/archive", {"inputs": [{"id": other}]})
        elif happened == "merged":
            HubSpotContacts(client).merge(ana, other)
        else:
            HubSpotContacts(client).forget(ana if happened == "survivor_erased" else other)
        _, remembered = merge_these(bundle, "hubspot", hubspot_side(sandboxes), [])
        assert remembered == ([(ana, other)] if happened == "merged" else [])
        assert (list(notes.begun()), notes.is_done(merge)) == ([], happened == "merged")


@pytest.mark.parametrize(("accepted", "erased"), [(False, 1), (True, 0), (True, None)])
def test_a_merge_in_klaviyo_that_was_cut_short_is_told_only_if_klaviyo_accepted_it(
    bundle: InProcessBundle, sandboxes: Sandboxes, *, accepted: bool, erased: int | None
) -> None:
    """A profile that is gone may have been erased: Klaviyo does not say."""
    ids = profiles(sandboxes, *CLEO)
    merge = PlannedMerge(group="g", survivor=ids[0], other=ids[1])
    client = klaviyo_profiles(sandboxes)
    with bundle.function("duplicate_audit"):
        notes = MergeNotes(bundle.names["Archive"], "klaviyo")
        notes.begin(merge)
        if accepted:
            client.merge(*ids)
            notes.accept(merge)
        if erased is not None:
            client.forget(profile_id=ids[erased])
        klaviyo_state(sandboxes).clock.advance(61)
        _, remembered = merge_these(bundle, "klaviyo", KlaviyoSide(client, MARKING), [])
        assert remembered == ([tuple(ids)] if erased is None else [])
        assert list(notes.begun()) == []


def test_a_profile_that_is_erased_just_before_its_merge_was_not_merged(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """Klaviyo answers 404, and the destination is there: no yes of Klaviyo's, and nobody is told."""
    cleo, again = profiles(sandboxes, *CLEO)
    client = klaviyo_profiles(sandboxes)

    class Hasty(KlaviyoSide):
        """Between the second look and the merge somebody erases the other."""

        def merge(self, survivor: str, other: str) -> str | None:
            client.forget(profile_id=other)
            klaviyo_state(sandboxes).clock.advance(61)
            return super().merge(survivor, other)

    merge = PlannedMerge(group="g", survivor=cleo, other=again)
    outcome, remembered = merge_these(bundle, "klaviyo", Hasty(client, MARKING), [merge])
    assert [one["result"] for one in outcome["refused"]] == ["other_is_gone"]
    assert remembered == []
