"""Our own client of HubSpot's contacts, as identity and privacy need it, against the sandbox, over a socket."""

import pytest
from commerce_sync.errors import RefusedByVendorError, RetriableError
from commerce_sync.vendors.hubspot import HubSpot, HubSpotContacts

from local.sandboxes.base import Fault, Sandbox
from local.sandboxes.hubspot.lifecycle import archive
from local.sandboxes.hubspot.state import HubSpotState
from local.sandboxes.server import Sandboxes

pytestmark = pytest.mark.network
ANA, BO, CY = "ana@example.com", "bo@example.com", "cy@example.com"
MERGE = "/crm/objects/2026-09/contacts/merge"


@pytest.fixture
def sandbox(sandboxes: Sandboxes) -> Sandbox:
    """An empty account."""
    return sandboxes.hubspot


@pytest.fixture
def contacts(sandboxes: Sandboxes) -> HubSpotContacts:
    """A client of ours that talks to it."""
    return HubSpotContacts(HubSpot(sandboxes.urls["hubspot"], "pat-local", "2026-09", 10.0))


def made(contacts: HubSpotContacts, *emails: str) -> list[str]:
    """The ids of new contacts with these email addresses."""
    ids, errors = contacts.create({email: {"email": email} for email in emails})
    assert errors == {}
    return [ids[email] for email in emails]


def test_pages_hold_every_contact_once_in_the_order_of_ids(contacts: HubSpotContacts) -> None:
    """By a hundred, with the properties asked for; an archived contact is not among them."""
    emails = [f"person{number}@example.com" for number in range(205)]
    ids = {str(contact_id) for contact_id in made(contacts, *emails)}
    first, after = contacts.page(None, ["email", "hs_additional_emails"])
    second, later = contacts.page(after, ["email"])
    third, end = contacts.page(later, ["email"])
    seen = [contact["id"] for page in (first, second, third) for contact in page]
    assert (len(first), len(second), len(third), end) == (100, 100, 5, None)
    assert seen == sorted(ids, key=int)
    assert {"email", "hs_additional_emails"} <= first[0]["properties"].keys()


def test_an_empty_account_has_one_empty_page(contacts: HubSpotContacts) -> None:
    """Nobody, and no next page."""
    assert contacts.page(None, ["email"]) == ([], None)


@pytest.mark.parametrize("new_id", [False, True])
@pytest.mark.parametrize("refuses", [False, True])
def test_a_merge_returns_the_survivor_however_often_it_is_asked_for(
    sandbox: Sandbox,
    contacts: HubSpotContacts,
    new_id: bool,  # noqa: FBT001 # a parameter
    refuses: bool,  # noqa: FBT001 # a parameter
) -> None:
    """Ids may change; the loser's address becomes an additional one."""
    sandbox.state.configure({"merge_makes_new_id": new_id, "old_ids_are_for_reading": refuses})
    ana, bo = made(contacts, ANA, BO)
    survivor = contacts.merge(ana, bo)
    assert (survivor == ana) != new_id
    assert {contacts.merge(ana, bo), contacts.merge(bo, ana), contacts.merge(survivor, bo)} == {survivor}
    assert contacts.ids_by_email([ANA, BO]) == {ANA: survivor, BO: survivor}
    (contact,) = sandbox.state.snapshot()["contacts"]
    assert contact["properties"]["hs_additional_emails"] == BO
    assert contact["properties"]["hs_merged_object_ids"].split(";") == ([ana, bo] if new_id else [bo])


def test_a_merge_whose_answer_was_lost_is_done_when_it_is_asked_for_again(
    sandbox: Sandbox, contacts: HubSpotContacts
) -> None:
    """The write took effect and the answer did not come."""
    ana, bo = made(contacts, ANA, BO)
    sandbox.faults.append(Fault(path_prefix=MERGE, status=400, body={"category": "UNCLEAR"}, apply_first=True))
    assert contacts.merge(ana, bo) == ana
    assert len(sandbox.state.snapshot()["contacts"]) == 1


@pytest.mark.parametrize("refuses", [False, True])
def test_a_merge_under_an_old_id_goes_to_its_survivor(
    sandbox: Sandbox,
    contacts: HubSpotContacts,
    refuses: bool,  # noqa: FBT001 # a parameter
) -> None:
    """Chains of merges keep their history, whichever end is asked for."""
    sandbox.state.configure({"merge_makes_new_id": True, "old_ids_are_for_reading": refuses})
    ana, bo, cy = made(contacts, ANA, BO, CY)
    first = contacts.merge(ana, bo)
    survivor = contacts.merge(cy, bo)
    (contact,) = sandbox.state.snapshot()["contacts"]
    assert contact["id"] == survivor
    assert set(contact["properties"]["hs_merged_object_ids"].split(";")) == {ana, bo, cy, first}
    assert set(contacts.ids_by_email([ANA, BO, CY]).values()) == {survivor}


def test_a_merge_with_somebody_who_is_gone_is_refused(sandbox: Sandbox, contacts: HubSpotContacts) -> None:
    """That is no repeat, and nobody changes."""
    ana, bo = made(contacts, ANA, BO)
    contacts.forget(bo)
    with pytest.raises(RefusedByVendorError):
        contacts.merge(ana, bo)
    assert [contact["id"] for contact in sandbox.state.snapshot()["contacts"]] == [ana]


def test_a_merge_that_is_refused_for_another_reason_stays_refused(sandbox: Sandbox, contacts: HubSpotContacts) -> None:
    """Both are there under their own ids, so nothing was done, and nothing is tried again."""
    ana, bo = made(contacts, ANA, BO)
    sandbox.faults.append(Fault(path_prefix=MERGE, status=400, body={"category": "VALIDATION_ERROR"}))
    with pytest.raises(RefusedByVendorError, match="VALIDATION_ERROR"):
        contacts.merge(ana, bo)
    assert len(sandbox.state.snapshot()["contacts"]) == 2


def test_a_forgotten_contact_is_gone_and_forgetting_twice_is_harmless(
    sandbox: Sandbox, contacts: HubSpotContacts
) -> None:
    """The second time there is nobody; the address may be used again."""
    (ana,) = made(contacts, ANA)
    assert [contacts.forget(ana), contacts.forget(ana)] == [True, False]
    assert contacts.whole(ana) is None
    assert sandbox.state.snapshot()["contacts"] == []
    assert made(contacts, ANA) != [ana]


@pytest.mark.parametrize("for_reading", [False, True])
def test_an_id_that_a_merge_left_behind_says_whom_it_leads_to(
    sandbox: Sandbox,
    contacts: HubSpotContacts,
    for_reading: bool,  # noqa: FBT001 # a parameter
) -> None:
    """With all addresses, so that nobody deletes somebody else; then the survivor can be forgotten by its own id."""
    sandbox.state.configure({"merge_makes_new_id": True, "old_ids_are_for_reading": for_reading})
    ana, bo = made(contacts, ANA, BO)
    survivor = contacts.merge(ana, bo)
    for contact in (ana, bo, survivor):
        found = contacts.addressed(contact)
        assert found is not None
        assert (found[0], set(found[1])) == (survivor, {ANA, BO})
    assert [contacts.forget(survivor), contacts.forget(survivor)] == [True, False]
    assert (contacts.addressed(bo), sandbox.state.snapshot()["contacts"]) == (None, [])


@pytest.mark.parametrize("old_ids_are_for_reading", [True])
def test_forgetting_follows_no_id_to_somebody_else(
    sandbox: Sandbox,
    contacts: HubSpotContacts,
    old_ids_are_for_reading: bool,  # noqa: FBT001 # a parameter
) -> None:
    """The survivor of a merge may be another person."""
    sandbox.state.configure({"merge_makes_new_id": True, "old_ids_are_for_reading": old_ids_are_for_reading})
    ana, bo = made(contacts, ANA, BO)
    survivor = contacts.merge(ana, bo)
    assert not contacts.forget(bo)
    assert [contact["id"] for contact in sandbox.state.snapshot()["contacts"]] == [survivor]


def test_archived_contacts_are_read_apart(sandbox: Sandbox, contacts: HubSpotContacts) -> None:
    """They can be restored for 90 days, and no other read shows them."""
    ana, bo = made(contacts, ANA, BO)
    assert isinstance(sandbox.state, HubSpotState)
    record = sandbox.state.stores["contacts"].get(ana)
    assert record is not None
    archive(sandbox.state, "contacts", record)
    assert (contacts.addressed(ana), contacts.archived([ana, bo])) == (None, [(ana, [ANA])])


def test_forgetting_by_any_of_its_addresses_takes_the_contact(sandbox: Sandbox, contacts: HubSpotContacts) -> None:
    """By an additional one too; an unknown one is no error."""
    contacts.merge(*made(contacts, ANA, BO))
    for email in (BO, BO, "nobody@example.com"):
        contacts.forget_email(email)
    assert sandbox.state.snapshot()["contacts"] == []


def test_a_whole_contact_holds_every_property_that_has_a_value(contacts: HubSpotContacts) -> None:
    """Custom and calculated ones too, under its present id; nobody is None."""
    people = {email: {"email": email, "firstname": "Ana", "phone": "+1 202 555 0131"} for email in (ANA, BO)}
    ids, _ = contacts.create(people)
    contacts.merge(ids[ANA], ids[BO])
    whole = contacts.whole(ids[BO])
    assert whole is not None
    assert whole["id"] == ids[ANA]
    held = {"email": ANA, "firstname": "Ana", "hs_additional_emails": BO, "hs_merged_object_ids": ids[BO]}
    assert held.items() <= whole["properties"].items()
    assert all(whole["properties"].values())
    assert contacts.whole("1") is None


def test_an_empty_answer_is_not_nobody(sandbox: Sandbox, contacts: HubSpotContacts) -> None:
    """Something between us and HubSpot swallowed it: neither the last page nor a contact that is gone."""
    (ana,) = made(contacts, ANA)
    sandbox.faults.append(Fault(method="GET", path_prefix="/crm/objects", status=200, times=2))
    with pytest.raises(RetriableError):
        contacts.page(None, ["email"])
    with pytest.raises(RetriableError):
        contacts.whole(ana)
    sandbox.faults.append(Fault(path_prefix="/crm/objects/2026-09/contacts/batch/read", status=200))
    with pytest.raises(RetriableError):
        contacts.whole(ana)


def test_property_names_are_asked_for_once(sandbox: Sandbox, contacts: HubSpotContacts) -> None:
    """However many people ask for their data."""
    (ana,) = made(contacts, ANA)
    assert contacts.whole(ana) is not None
    sandbox.faults.append(Fault(method="GET", path_prefix="/crm/properties/2026-09/contacts", status=503))
    assert contacts.whole(ana) is not None
