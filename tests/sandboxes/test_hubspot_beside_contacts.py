"""What stands beside contacts, read from the sandbox in as few calls as there can be."""

from collections.abc import Mapping
from typing import Any

import pytest
from commerce_sync.contracts.crm import Owner, Ticket
from commerce_sync.errors import NotAllowedError, RefusedByVendorError
from commerce_sync.vendors.http import Answer
from commerce_sync.vendors.hubspot import HubSpot
from commerce_sync.vendors.hubspot.beside import HubSpotBeside
from commerce_sync.vendors.hubspot.lists import HubSpotLists
from commerce_sync.vendors.hubspot.owners import HubSpotOwners

from local.sandboxes.hubspot.controls import ControlledState
from local.sandboxes.hubspot.owners import Owner as Theirs
from local.sandboxes.server import Sandboxes

pytestmark = pytest.mark.network
OPEN_DEAL = {"pipeline": "default", "dealstage": "contractsent"}
WON_DEAL = {"pipeline": "default", "dealstage": "closedwon"}


class Noted(HubSpot):
    """Notes the paths that it is asked for."""

    def __init__(self, *how: Any) -> None:
        super().__init__(*how)
        self.noted: list[str] = []

    def call(self, method: str, path: str, body: Any = None, params: Mapping[str, str] | None = None) -> Answer:
        """One call."""
        self.noted.append(path)
        return super().call(method, path, body, params)

    def paths(self) -> list[str]:
        """What was asked since the last look."""
        noted, self.noted = self.noted, []
        return noted


@pytest.fixture
def hubspot(sandboxes: Sandboxes) -> Noted:
    """A client of ours that talks to an empty account."""
    sandboxes.hubspot.state.configure({"rate_limits": False})
    return Noted(sandboxes.urls["hubspot"], "pat-local", "2026-09", 10.0)


def record(hubspot: Noted, kind: str, properties: Mapping[str, str]) -> str:
    """A new record; its id."""
    made = hubspot.call("POST", f"/crm/objects/{{V}}/{kind}", {"properties": dict(properties), "associations": []})
    return str(made.json["id"])


def contacts(hubspot: Noted, number: int) -> list[str]:
    """New contacts; their ids."""
    return [record(hubspot, "contacts", {"email": f"person.{one}@example.com"}) for one in range(number)]


def account(sandboxes: Sandboxes) -> ControlledState:
    """The account itself, for what no control changes."""
    assert isinstance(sandboxes.hubspot.state, ControlledState)
    return sandboxes.hubspot.state


def tied(hubspot: Noted, contact_id: str, kind: str, properties: Mapping[str, str]) -> str:
    """A new record that is tied to a contact."""
    made = record(hubspot, kind, {**({"dealname": "Deal"} if kind == "deals" else {"subject": "Help"}), **properties})
    hubspot.call("PUT", f"/crm/objects/{{V}}/{kind}/{made}/associations/default/contacts/{contact_id}")
    return made


def test_owners_at_work_who_left_and_queues(sandboxes: Sandboxes, hubspot: Noted) -> None:
    """Those who left are read when somebody is not at work; an id of nobody's is absent; all of it is kept."""
    owners = HubSpotOwners(hubspot)
    hubspot.paths()
    assert owners.of([]) == {}
    assert hubspot.paths() == []
    assert owners.of(["71001", "71003"]) == {
        "71001": Owner("Mia Sample", "mia@brand.example"),
        "71003": Owner("Support queue Sample"),
    }
    assert hubspot.paths() == ["/crm/owners/{V}"]
    assert owners.of(["71002", "9"]) == {"71002": Owner("Leo Sample", "leo@brand.example")}
    assert owners.of(["71001", "71002", "9"]).keys() == {"71001", "71002"}
    assert hubspot.paths() == ["/crm/owners/{V}"]


def test_owners_of_more_than_one_page(sandboxes: Sandboxes, hubspot: Noted) -> None:
    """A large company."""
    several = [Theirs(str(number), number, f"owner.{number}@brand.example", "O") for number in range(1, 251)]
    account(sandboxes).owners[:] = several
    assert HubSpotOwners(hubspot).of(["250"])["250"].email == "owner.250@brand.example"


def test_open_deals_and_tickets_of_a_hundred_contacts_take_three_calls_each(
    sandboxes: Sandboxes, hubspot: Noted
) -> None:
    """What is tied, the records, the stages; the second time the stages are known."""
    ids = contacts(hubspot, 100)
    for properties in (OPEN_DEAL, OPEN_DEAL, WON_DEAL):
        tied(hubspot, ids[0], "deals", properties)
    tied(hubspot, ids[1], "deals", WON_DEAL)
    complaint = {"hs_pipeline": "0", "hs_pipeline_stage": "2", "hs_ticket_category": "BILLING_ISSUE"}
    tied(hubspot, ids[1], "tickets", complaint)
    tied(hubspot, ids[1], "tickets", {"hs_pipeline": "0", "hs_pipeline_stage": "4"})
    beside = HubSpotBeside(hubspot)
    hubspot.paths()
    assert beside.open_deals(ids) == {**dict.fromkeys(ids, 0), ids[0]: 2}
    assert len(hubspot.paths()) == 3
    tickets = beside.tickets(ids)
    assert len(hubspot.paths()) == 3
    assert sorted(tickets[ids[1]], key=lambda one: one.is_open) == [
        Ticket(is_open=False),
        Ticket(is_open=True, category="BILLING_ISSUE"),
    ]
    assert tickets[ids[0]] == []
    beside.open_deals(ids)
    assert len(hubspot.paths()) == 2
    assert beside.open_deals(ids[50:]) == dict.fromkeys(ids[50:], 0)
    assert len(hubspot.paths()) == 1


def test_ties_come_page_by_page(sandboxes: Sandboxes, hubspot: Noted) -> None:
    """A wholesaler has more deals than a page shows; nobody else is asked about again."""
    ids = contacts(hubspot, 2)
    for _ in range(7):
        tied(hubspot, ids[0], "deals", OPEN_DEAL)
    tied(hubspot, ids[1], "deals", OPEN_DEAL)
    sandboxes.hubspot.state.configure({"tied_page": 3})
    hubspot.paths()
    assert HubSpotBeside(hubspot).open_deals(ids) == {ids[0]: 7, ids[1]: 1}
    assert sum("associations" in path for path in hubspot.paths()) == 3


def test_a_deal_at_a_stage_that_nobody_knows_says_nothing_of_its_contact(sandboxes: Sandboxes, hubspot: Noted) -> None:
    """A pipeline that was made since is read once more; then nobody guesses, and the others are told."""
    ids = contacts(hubspot, 2)
    tied(hubspot, ids[0], "deals", OPEN_DEAL)
    tied(hubspot, ids[1], "deals", WON_DEAL)
    (deal,) = [one for one in account(sandboxes).stores["deals"].live() if one.properties["dealstage"] != "closedwon"]
    deal.properties["dealstage"] = "brand new"
    beside = HubSpotBeside(hubspot)
    assert beside.open_deals(ids) == {ids[1]: 0}
    hubspot.paths()
    assert beside.open_deals(ids) == {ids[1]: 0}
    assert sum("pipelines" in path for path in hubspot.paths()) == 1


def test_a_missing_scope_is_asked_for_once_in_a_while(sandboxes: Sandboxes, hubspot: Noted) -> None:
    """It is named, and owners go on where tickets may not be read."""
    sandboxes.hubspot.state.configure({"missing_scopes": ["tickets.read", "crm.objects.owners.read"]})
    ids = contacts(hubspot, 1)
    with pytest.raises(NotAllowedError) as refused:
        HubSpotBeside(hubspot).tickets(ids)
    assert refused.value.scopes == ("tickets.read",)
    owners = HubSpotOwners(hubspot)
    hubspot.paths()
    for _ in range(3):
        with pytest.raises(NotAllowedError):
            owners.of(["71001"])
    assert len(hubspot.paths()) == 1


def test_members_of_selected_lists(sandboxes: Sandboxes, hubspot: Noted) -> None:
    """A list over its pages; one that is gone is refused, and one that may not be read is named."""
    sandboxes.hubspot.state.configure({"lists": {"41": [str(one) for one in range(300)]}})
    lists = HubSpotLists(hubspot)
    first, following = lists.members("41", None)
    second, end = lists.members("41", following)
    assert (len(first), [*first, *second], end) == (250, [str(one) for one in range(300)], None)
    with pytest.raises(RefusedByVendorError, match="404"):
        lists.members("42", None)
    sandboxes.hubspot.state.configure({"missing_scopes": ["crm.lists.read"]})
    with pytest.raises(NotAllowedError):
        lists.members("41", None)
