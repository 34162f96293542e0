"""A hundred contacts with all that stands beside them, by the shipped map, in as few calls as there can be."""

from dataclasses import replace

import pytest
from commerce_sync.composing.fields import TRANSFORMS
from commerce_sync.composing.polling_lists import KEPT, KeptLists
from commerce_sync.config.fields import field_map
from commerce_sync.contracts.fields import FieldLine, FieldMap, HubSpotList
from commerce_sync.polling.members import Members
from commerce_sync.profiles.reading import ContactReading
from commerce_sync.vendors.hubspot import HubSpotContacts
from commerce_sync.vendors.hubspot.beside import HubSpotBeside
from commerce_sync.vendors.hubspot.lists import HubSpotLists
from commerce_sync.vendors.hubspot.owners import HubSpotOwners

from local.sandboxes.server import Sandboxes
from tests.fakes.control import ControlInMemory
from tests.sandboxes.test_hubspot_beside_contacts import OPEN_DEAL, Noted, contacts, hubspot, tied

__all__ = ["hubspot"]
pytestmark = pytest.mark.network


def reading(hubspot: Noted, fields: FieldMap) -> ContactReading:
    """Over a session."""
    control = ControlInMemory()
    for one in fields.lists:
        ids = frozenset(HubSpotLists(hubspot).members(one.hubspot, None)[0])
        control.write(f"{KEPT}{one.hubspot}", Members().compared(ids, "now").to_document(), 0)
    lists = KeptLists(control, fields.lists)
    return ContactReading(fields, TRANSFORMS, HubSpotOwners(hubspot), HubSpotBeside(hubspot), lists)


def test_a_hundred_contacts_and_all_that_stands_beside_them(sandboxes: Sandboxes, hubspot: Noted) -> None:
    """One call for the contacts, one each for owners, ties of deals and of tickets, deals and their stages."""
    ids = contacts(hubspot, 100)
    tied(hubspot, ids[0], "deals", OPEN_DEAL)
    person = {"hubspot_owner_id": "71001", "lifecyclestage": "customer", "country": "Atlantis"}
    sandboxes.hubspot.state.configure({"edit_contact": {"email": "person.0@example.com", "properties": person}})
    source = reading(hubspot, field_map())
    hubspot.paths()
    read = source.read(HubSpotContacts(hubspot).read(ids, source.properties()))
    assert sorted(path.split("/")[2] for path in hubspot.paths()) == [
        *("associations", "associations", "objects", "objects", "owners", "pipelines"),
    ]
    assert read.values[ids[0]] == {
        "hubspot_lifecycle_stage": "customer",
        "hubspot_lead_status": None,
        "hubspot_owner_name": "Mia Sample",
        "hubspot_owner_email": "mia@brand.example",
        "hubspot_email_opted_out": None,
        "hubspot_email_bounced": "false",
        "hubspot_email_quarantined": None,
        "hubspot_has_open_deal": "true",
        "hubspot_open_tickets": "0",
        "hubspot_has_complaint": "false",
        "hubspot_last_nps_rating": None,
        "hubspot_last_ces_rating": None,
    }
    assert (read.unreadable["country"], read.not_allowed) == (1, {})
    assert read.values[ids[1]]["hubspot_has_open_deal"] == "false"
    assert read.values[ids[1]]["hubspot_owner_email"] is None


def test_what_the_token_may_not_read_is_left_as_it_is(sandboxes: Sandboxes, hubspot: Noted) -> None:
    """Tickets and owners are named and not said; deals go on."""
    ids = contacts(hubspot, 2)
    sandboxes.hubspot.state.configure({"missing_scopes": ["tickets.read", "crm.objects.owners.read"]})
    source = reading(hubspot, field_map())
    sandboxes.hubspot.state.configure(
        {"edit_contact": {"email": "person.0@example.com", "properties": {"hubspot_owner_id": "71001"}}}
    )
    read = source.read(HubSpotContacts(hubspot).read(ids, source.properties()))
    assert {group: error.scopes for group, error in read.not_allowed.items()} == {
        "owner": ("crm.objects.owners.read",),
        "tickets": ("tickets.read",),
    }
    theirs = read.values[ids[0]]
    assert theirs["hubspot_has_open_deal"] == "false"
    assert not theirs.keys() & {"hubspot_owner_email", "hubspot_open_tickets", "hubspot_has_complaint"}


def test_only_what_the_map_asks_for_is_asked(sandboxes: Sandboxes, hubspot: Noted) -> None:
    """No owners, no deals, no tickets; lists where there are any."""
    (one,) = contacts(hubspot, 1)
    sandboxes.hubspot.state.configure({"lists": {"41": [one]}})
    plain = FieldMap((FieldLine("hubspot", "firstname", "klaviyo", "first_name", kind="attribute"),))
    read = HubSpotContacts(hubspot).read([one], ["firstname"])
    hubspot.paths()
    assert reading(hubspot, plain).read(read).values == {one: {}}
    assert list(reading(hubspot, plain).listed([one])) == []
    assert reading(hubspot, plain).read([]).values == {}
    assert hubspot.paths() == []
    names = FieldLine("hubspot", "lists.names", "klaviyo", "hubspot_lists", type="set", clear=True)
    listed = replace(plain, lines=(names,), lists=(HubSpotList("41", "VIP", "Y6nRLr"),))
    source = reading(hubspot, listed)
    hubspot.paths()
    found = source.read(read)
    assert (found.values, found.lists) == ({one: {"hubspot_lists": "VIP"}}, {one: {"Y6nRLr": "true"}})
    assert source.listed([one, "9"]) == [one]
    assert hubspot.paths() == [], "lists are read by polling alone"
