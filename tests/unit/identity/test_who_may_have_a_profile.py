"""Contacts who get a Klaviyo profile: buyers, those on a selected list, those whom Klaviyo has. Nobody else."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from commerce_sync.contracts import Store
from commerce_sync.contracts.identity_book import Pointer
from commerce_sync.identity.contacts import ContactPeople, may_have_profile
from commerce_sync.identity.people import People

from tests.fakes.acquaintances import START, customer, email, resolver, seen

PORTAL = Store(source="hubspot", id="main")


def contact(number: int, name: str) -> dict[str, Any]:
    """A contact as HubSpot shows it."""
    return {
        "id": str(number),
        "createdAt": (START - timedelta(days=300)).isoformat(),
        "properties": {"email": f"{name}@example.com"},
    }


def test_buyers_members_and_those_whom_klaviyo_knows_and_nobody_else() -> None:
    """Eve stands in HubSpot alone."""
    known = resolver()
    people = ContactPeople(known, PORTAL)
    known.learn([seen(customer(1), email("ana"))])
    contacts = [contact(number, name) for number, name in enumerate(("ana", "bo", "cleo", "eve"), 501)]
    people.with_a_profile(contacts)
    people.klaviyo_is("01GDDK", "cleo@example.com")
    assert people.with_a_profile(contacts, listed={"502"}) == {
        "501": "ana@example.com",
        "502": "bo@example.com",
        "503": "cleo@example.com",
    }
    assert people.with_a_profile(contacts) == {"501": "ana@example.com", "503": "cleo@example.com"}
    assert people.with_a_profile([{"id": "9", "properties": {"email": None}}], listed={"9"}) == {}


def test_who_asked_to_be_forgotten_does_not_come_back_by_a_list() -> None:
    """The contact may stand in HubSpot for a month yet; a purchase since would bring them back."""
    known = resolver()
    people = ContactPeople(known, PORTAL)
    bo = [contact(502, "bo")]
    assert people.with_a_profile(bo, listed={"502"})
    People(known).forget([email("bo"), ("hubspot:main", "502")], START + timedelta(days=1))
    assert people.with_a_profile(bo, listed={"502"}) == {}


@pytest.mark.parametrize(("is_listed", "is_at_klaviyo"), list(product((False, True), repeat=2)))
def test_the_rule_over_every_case(*, is_listed: bool, is_at_klaviyo: bool) -> None:
    """Without a profile of ours, nobody; met, always; else by a list or Klaviyo's own word, unless forgotten."""

    def may(pointer: Pointer) -> bool:
        return may_have_profile(pointer, is_listed=is_listed, is_at_klaviyo=is_at_klaviyo)

    assert not may(Pointer(None, met=True))
    assert may(Pointer("p", met=True))
    assert may(Pointer("p", met=True, erased_at=START))
    assert may(Pointer("p")) == (is_listed or is_at_klaviyo)
    assert not may(Pointer("p", erased_at=START))
