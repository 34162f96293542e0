"""Klaviyo's lists through the real clients: membership alone changes, never consent, and no flow starts unasked."""

from collections.abc import Mapping
from typing import Any

import pytest
from commerce_sync.composing.joining import list_misfits, unready_of
from commerce_sync.contracts.fields import FieldValues, HubSpotList
from commerce_sync.contracts.told import LISTS, ON_IT, Wanted
from commerce_sync.errors import RefusedByVendorError, RetriableError
from commerce_sync.profiles.at_lists import ListsPlace
from commerce_sync.profiles.telling import Endings, Telling
from commerce_sync.vendors.klaviyo import KlaviyoProfiles, klaviyo_http
from commerce_sync.vendors.klaviyo.lists import KlaviyoLists

from local.sandboxes.server import Sandboxes
from tests.fakes.telling import BookInMemory

pytestmark = pytest.mark.network
ANA, BO = "ana@example.com", "bo@example.com"
FLOW = {
    "id": "FLOW1",
    "name": "Welcome, VIP",
    "trigger_type": "Added to List",
}


class Account:
    """Klaviyo's sandbox with a list, and the engine in front of it. ``flows`` are those that fields.toml names."""

    def __init__(self, sandboxes: Sandboxes, *flows: str) -> None:
        self.sandbox = sandboxes.klaviyo
        self.sandbox.state.configure({"rate_limits": False})
        self.http = klaviyo_http(sandboxes.urls["klaviyo"], "pk_local", "2026-10-15", 10.0)
        body = {"data": {"type": "list", "attributes": {"name": "VIP", "opt_in_process": "double_opt_in"}}}
        self.list_id = str(self.http.call("POST", "/api/lists", body).json["data"]["id"])
        self.book = BookInMemory()
        selected = HubSpotList("41", "VIP", self.list_id, flows)
        place = ListsPlace(
            KlaviyoLists(self.http),
            KlaviyoProfiles(self.http),
            unready_of(self.http, (selected,)),
            lambda _profile_id, _email: None,
            lambda: True,
        )
        self.telling = Telling(LISTS, self.book, lambda: place, lambda: True)

    def tell(self, values: FieldValues, *emails: str) -> Endings:
        """One look."""
        wanted = {email: Wanted(values) for email in emails}
        return self.telling.tell(wanted, self.book.told(LISTS, list(wanted)))

    def join(self, *emails: str) -> Endings:
        """They shall be on the list."""
        return self.tell({self.list_id: ON_IT}, *emails)

    def members(self) -> set[str]:
        """Who is on it."""
        found = self.http.call("GET", f"/api/lists/{self.list_id}/profiles").json["data"]
        return {one["attributes"]["email"] for one in found}

    def consents(self) -> Mapping[str, Any]:
        """All that Klaviyo knows of consent, by address."""
        params = {"additional-fields[profile]": "subscriptions"}
        found = self.http.call("GET", "/api/profiles", params=params).json["data"]
        return {one["attributes"]["email"]: one["attributes"]["subscriptions"] for one in found}


def test_membership_changes_and_consent_does_not(sandboxes: Sandboxes) -> None:
    """Of one who never consented, and of one who opted out: neither joining nor leaving says anything."""
    account = Account(sandboxes)
    profiles = KlaviyoProfiles(account.http)
    for email in (ANA, BO):
        profiles.upsert(email, {}, {})
    withdrawal = {"email": BO, "subscriptions": {"email": {"marketing": {"consent": "UNSUBSCRIBED"}}}}
    job = {"profiles": {"data": [{"type": "profile", "attributes": withdrawal}]}}
    body = {"data": {"type": "profile-subscription-bulk-delete-job", "attributes": job}}
    account.http.call("POST", "/api/profile-subscription-bulk-delete-jobs", body)
    account.sandbox.clock.advance(60)
    before = account.consents()
    assert before[BO]["email"]["marketing"]["consent"] == "UNSUBSCRIBED"
    account.join(ANA, BO)
    assert (account.members(), account.consents()) == ({ANA, BO}, before)
    account.tell({account.list_id: None}, ANA, BO)
    assert (account.members(), account.consents()) == (set(), before)


def test_who_has_no_profile_gets_one_without_consent(sandboxes: Sandboxes) -> None:
    """A member whom Klaviyo did not know."""
    account = Account(sandboxes)
    account.join(ANA)
    assert account.members() == {ANA}
    assert account.consents()[ANA]["email"]["marketing"]["consent"] == "NEVER_SUBSCRIBED"


def test_a_list_that_is_gone_is_said_in_klaviyos_words(sandboxes: Sandboxes) -> None:
    """And one of the profiles that went meanwhile is no list that is gone."""
    account = Account(sandboxes)
    lists = KlaviyoLists(account.http)
    with pytest.raises(RefusedByVendorError, match="klaviyo 404"):
        lists.add("NOLIST", ["01NOBODY"])
    with pytest.raises(RetriableError, match="one of the profiles"):
        lists.add(account.list_id, ["01NOBODY"])


def test_setup_names_a_list_that_is_not_there(sandboxes: Sandboxes) -> None:
    """Before anybody is told of it; nothing is asked where none is named."""
    account = Account(sandboxes)
    lists = [HubSpotList("41", "VIP", account.list_id), HubSpotList("42", "Press", "NOLIST"), HubSpotList("43", "New")]
    assert list_misfits(account.http, lists) == ["klaviyo has no list NOLIST, which fields.toml fills by Press"]
    assert list_misfits(klaviyo_http("http://127.0.0.1:1", "pk", "2026-10-15", 1.0), lists[2:]) == []


@pytest.mark.parametrize("trigger", ["the list", "a segment of it"])
def test_nobody_joins_while_that_starts_a_live_flow(sandboxes: Sandboxes, trigger: str) -> None:
    """Parked with the flow's name; a flow that fields.toml names may start."""
    account = Account(sandboxes)
    starts = account.list_id
    if trigger != "the list":
        condition = {"type": "profile-group-membership", "is_member": True, "group_ids": [account.list_id]}
        segment = {"id": "SEGM01", "name": "VIPs", "definition": {"condition_groups": [{"conditions": [condition]}]}}
        account.sandbox.state.configure({"segments": [segment]})
        starts = "SEGM01"
    definition = {"triggers": [{"type": "list", "id": starts}], "actions": []}
    account.sandbox.state.configure({"flows": [{**FLOW, "definition": definition}]})
    ending = account.join(ANA)
    assert ending.refused == {
        ANA: (
            f"klaviyo: who joins list {account.list_id} may start flows that write to people: FLOW1 (Welcome, VIP)."
            " Set each to draft, or name it in the list's flows in fields.toml; then release what is parked"
        )
    }
    assert (account.members(), account.sandbox.state.snapshot()["flow_triggers"]) == (set(), 0)
    known = HubSpotList("41", "VIP", account.list_id, ("FLOW1",))
    assert unready_of(account.http, (known,))(account.list_id) == ""
