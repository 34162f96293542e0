"""A member of a HubSpot list is on a list of Klaviyo's, from the reading of the list to the call, and off it again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from commerce_sync.aws.control import Control
from commerce_sync.composing.consent_saying import account_of
from commerce_sync.composing.hints import Hints
from commerce_sync.composing.polling_lists import KeptLists, member_sources
from commerce_sync.composing.telling import Batch, Vendors
from commerce_sync.contracts import DeliveredFacts
from commerce_sync.contracts.fields import HubSpotList
from commerce_sync.polling.walking import walk
from commerce_sync.profiles.looks import CONTACT
from commerce_sync.profiles.syncing import Outcome
from commerce_sync.settings import settings_for
from commerce_sync.settings.workers import ProfileSyncSettings
from commerce_sync.vendors.hubspot import HubSpot
from commerce_sync.vendors.hubspot.lists import HubSpotLists
from commerce_sync.vendors.hubspot.preferences import HubSpotPreferences
from commerce_sync.vendors.klaviyo import klaviyo_http

from local.in_process import InProcessBundle
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b

pytestmark = pytest.mark.network
ANA = "ana@example.com"


class Lists:
    """HubSpot's list 41, which is a list of Klaviyo's, and what runs between the two."""

    def __init__(self, bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
        self.bundle, self.sandboxes, self.at = bundle, sandboxes, datetime.now(UTC)
        self.klaviyo = klaviyo_http(sandboxes.urls["klaviyo"], "pk_local", "2026-10-15", 10.0)
        self.hubspot = HubSpot(sandboxes.urls["hubspot"], "pat-local", "2026-09", 10.0)
        body = {"data": {"type": "list", "attributes": {"name": "VIP"}}}
        self.list_id = str(self.klaviyo.call("POST", "/api/lists", body).json["data"]["id"])
        self.selected = (HubSpotList("41", "VIP", self.list_id),)

    def read(self) -> list[str]:
        """A quarter of an hour later; the contacts that are hinted at."""
        self.at += timedelta(minutes=15)
        hints = Hints(account_of("hubspot"), self.bundle.names["ProfileChangesQueue"], lambda: self.at)
        kept = KeptLists(Control(self.bundle.names["ControlTable"]), self.selected)
        for source in member_sources(HubSpotLists(self.hubspot), kept, timedelta(minutes=10), self.at, hints):
            walk(source, kept.control, lambda: self.at, lambda: True)
        messages = [DeliveredFacts.parse(body) for body in b.waiting(self.bundle, "ProfileChangesQueue")]
        people = (event.person for message in messages for event in message.events)
        return [str(person.hubspot_contact_id) for person in people if person]

    def look(self, contacts: list[str]) -> Outcome:
        """profile_sync looks at them."""
        with self.bundle.function("profile_sync"):
            settings = settings_for(ProfileSyncSettings)
            vendors = Vendors(lambda: self.klaviyo, lambda: self.hubspot)
            batch = Batch(settings, vendors, lambda: True, self.selected)
            return batch.sync(batch.observed(datetime.now(UTC))).run([f"{CONTACT}{one}" for one in contacts])

    def members(self) -> list[str]:
        """Who is on Klaviyo's list."""
        found = self.klaviyo.call("GET", f"/api/lists/{self.list_id}/profiles").json["data"]
        return [one["attributes"]["email"] for one in found]


@pytest.fixture
def lists(bundle: InProcessBundle, sandboxes: Sandboxes) -> Lists:
    """Ana, whom no store has met, is on the list."""
    for sandbox in (sandboxes.hubspot, sandboxes.klaviyo):
        sandbox.state.configure({"rate_limits": False})
    state: Any = sandboxes.hubspot.state
    state.configure({"edit_contact": {"email": ANA, "properties": {"firstname": "Ana"}}})
    state.configure({"lists": {"41": [str(state.stores["contacts"].find("email", ANA).id)]}})
    return Lists(bundle, sandboxes)


def test_who_joins_and_leaves_hubspots_list_joins_and_leaves_klaviyos(lists: Lists) -> None:
    """Her contact never changes; a second look makes no call."""
    (ana,) = lists.read()
    lists.look([ana])
    assert lists.members() == [ANA]
    writes = lists.sandboxes.klaviyo.state.snapshot()["flow_triggers"]
    lists.look([ana])
    assert (lists.read(), lists.sandboxes.klaviyo.state.snapshot()["flow_triggers"]) == ([], writes)
    lists.sandboxes.hubspot.state.configure({"lists": {"41": []}})
    assert (lists.read(), lists.read()) == ([], [ana]), "nobody left who is missing once"
    lists.look([ana])
    assert lists.members() == []


def test_a_live_flow_parks_who_would_start_it(lists: Lists) -> None:
    """With the reason; her profile is told all the same."""
    definition = {"triggers": [{"type": "list", "id": lists.list_id}], "actions": []}
    flow = {"id": "FLOW1", "name": "Welcome", "trigger_type": "Added to List", "definition": definition}
    lists.sandboxes.klaviyo.state.configure({"flows": [flow]})
    outcome = lists.look(lists.read())
    (reason,) = outcome.refused.values()
    assert "FLOW1 (Welcome)" in reason
    (profile,) = lists.sandboxes.klaviyo.state.snapshot()["profiles"]
    assert (profile["first_name"], lists.members()) == ("Ana", [])


def test_who_opted_out_at_hubspot_joins_nothing_and_leaves_what_they_joined(lists: Lists) -> None:
    """Klaviyo may not have heard of it: a flow that the list may start would write to them at once."""
    preferences = HubSpotPreferences(lists.hubspot)
    preferences.unsubscribe_all(ANA)
    (ana,) = lists.read()
    lists.look([ana])
    (profile,) = lists.sandboxes.klaviyo.state.snapshot()["profiles"]
    assert (profile["email"], lists.members()) == (ANA, [])
    preferences.subscribe(ANA, preferences.definitions()[0].subscription_id, "CONSENT_WITH_NOTICE", "asked for it")
    lists.look([ana])
    assert lists.members() == [ANA]
    preferences.unsubscribe_all(ANA)
    lists.look([ana])
    assert lists.members() == []
