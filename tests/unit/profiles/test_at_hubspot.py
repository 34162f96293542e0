"""HubSpot is told by record id, in two calls a hundred addresses; its lifecycle stage never goes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from commerce_sync.contracts.fields import FieldValues
from commerce_sync.contracts.told import Begun, Told, Wanted
from commerce_sync.errors import PausedError, PermanentError, RefusedByVendorError, RetriableError
from commerce_sync.profiles.at_hubspot import HubSpotPlace
from commerce_sync.profiles.telling import Endings, Telling

from tests.fakes.telling import BookInMemory

ANA, BO, CY = "ana@example.com", "bo@example.com", "cy@example.com"
STAGES = ("subscriber", "lead", "customer", "evangelist")


@dataclass
class ContactsInMemory:
    """Contacts by id; every call is counted."""

    contacts: dict[str, dict[str, str]]
    errors: Mapping[str, PermanentError | RetriableError] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    odd: str = ""
    written: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def holding(self, emails: Sequence[str], properties: Sequence[str]) -> Sequence[Mapping[str, Any]]:
        """By primary or additional address, in no order."""
        assert len(emails) <= 100
        self.calls.append("read")
        if self.odd in emails:
            raise RefusedByVendorError("hubspot", 400, "VALIDATION_ERROR")
        names = {"email", "hs_additional_emails", *properties}
        return [
            {"id": one, "properties": {name: value for name, value in said.items() if name in names}}
            for one, said in reversed(self.contacts.items())
            if {said["email"], *said.get("hs_additional_emails", "").split(";")} & set(emails)
        ]

    def update(self, values: Mapping[str, Mapping[str, str]]) -> Mapping[str, PermanentError | RetriableError]:
        """Each id once."""
        self.calls.append("update")
        self.written |= {one: said for one, said in values.items() if one not in self.errors}
        return {one: error for one, error in self.errors.items() if one in values}

    def create(self, people: Mapping[str, Mapping[str, str]]) -> Mapping[str, PermanentError | RetriableError]:
        """Of whom nobody made a contact meanwhile."""
        self.calls.append("create")
        assert all(said["email"] == email and all(said.values()) for email, said in people.items())
        self.contacts |= {f"made {email}": dict(said) for email, said in people.items() if email not in self.errors}
        return {email: self.errors[email] for email in people if email in self.errors}

    def stages(self) -> Sequence[str]:
        """In the account's order."""
        return STAGES


def told(contacts: ContactsInMemory, wanted: Mapping[str, FieldValues], *, lifecycle: bool = False) -> Endings:
    """Everything at once, as the engine tells it."""
    book = BookInMemory()
    telling = Telling("hubspot", book, lambda: HubSpotPlace(contacts, lifecycle), lambda: True)
    known = book.told("hubspot", list(wanted))
    return telling.tell({email: Wanted(values) for email, values in wanted.items()}, known)


def test_a_hundred_addresses_are_two_calls() -> None:
    """However many fields; an empty text clears."""
    contacts = ContactsInMemory({str(at): {"email": f"p{at}@example.com"} for at in range(201)})
    ending = told(contacts, {f"p{at}@example.com": {"sync_order_count": str(at)} for at in range(201)})
    assert contacts.calls == ["read", "update"] * 3
    assert contacts.written["7"] == {"sync_order_count": "7"}
    assert ending.counts == {"WrittenProfiles": 201}


def test_two_addresses_of_one_contact_are_one_input_as_its_primary_wants_it() -> None:
    """Duplicate ids would refuse the whole batch."""
    contacts = ContactsInMemory({"501": {"email": BO, "hs_additional_emails": f"{ANA};old@example.com"}})
    ending = told(contacts, {ANA: {"sync_tier": "a"}, BO: {"sync_tier": "b"}, CY: {"sync_tier": "c"}})
    assert contacts.written == {"501": {"sync_tier": "b"}}
    assert ending.counts["WrittenProfiles"] == 2
    assert list(ending.waiting) == [CY], "whom HubSpot does not know waits"
    assert told(contacts, {ANA: {"sync_tier": "a"}}).counts["WrittenProfiles"] == 1
    assert contacts.written == {"501": {"sync_tier": "a"}}


def test_who_bought_gets_a_contact_with_what_is_told_and_others_wait() -> None:
    """One more call a hundred; what would be cleared is not there, and somebody was faster with one of them."""
    contacts = ContactsInMemory({"501": {"email": ANA}}, errors={CY: RetriableError("meanwhile")})
    place = HubSpotPlace(contacts, creates=lambda values: "sync_order_count" in values)
    wanted: dict[str, FieldValues] = {
        ANA: {"sync_order_count": "1"},
        BO: {"sync_order_count": "2", "sync_tier": None},
        CY: {"sync_order_count": "3"},
        "di@example.com": {"sync_tier": "gold"},
    }
    telling = Telling("hubspot", BookInMemory(), lambda: place, lambda: True)
    ending = telling.tell({email: Wanted(values) for email, values in wanted.items()}, dict.fromkeys(wanted, Told()))

    assert contacts.calls == ["read", "update", "create"]
    assert contacts.contacts[f"made {BO}"] == {"email": BO, "sync_order_count": "2"}
    assert sorted(ending.waiting) == [CY, "di@example.com"]
    assert ending.counts == {"WrittenProfiles": 2}


@pytest.mark.parametrize(
    ("known", "wanted", "allowed", "written"),
    [
        ("lead", "customer", True, {"lifecyclestage": "customer"}),
        ("", "customer", True, {"lifecyclestage": "customer"}),
        ("evangelist", "customer", True, {}),
        ("customer", "customer", True, {}),
        ("of_their_own", "customer", True, {}),
        ("lead", "unheard_of", True, {}),
        ("lead", None, True, {}),
        ("lead", "customer", False, {}),
    ],
)
def test_a_lifecycle_stage_only_goes_forward_and_only_where_it_may(
    known: str, wanted: str | None, written: dict[str, str], *, allowed: bool
) -> None:
    """By the account's own order; what would be no move makes no write."""
    contacts = ContactsInMemory({"501": {"email": ANA, "lifecyclestage": known}})
    place = HubSpotPlace(contacts, lifecycle=allowed)
    (group,) = place.groups({ANA: {"lifecyclestage": wanted}}, frozenset())
    assert group.write({ANA: Begun("k", 1, {"lifecyclestage": wanted})}) == {ANA: None}
    assert contacts.written.get("501", {}) == written
    assert contacts.calls == (["read", "update"] if written else ["read"])


def test_a_property_that_is_missing_blames_nobody_and_a_refused_value_its_own() -> None:
    """Everybody waits for the property; the value of one person is parked with the vendor's words, others go on."""
    contacts = ContactsInMemory({"1": {"email": ANA}, "2": {"email": BO}, "3": {"email": CY}})
    contacts.errors = {
        "1": RefusedByVendorError("hubspot", 207, "PROPERTY_DOESNT_EXIST", fields=("tier_of_ours",)),
        "2": RefusedByVendorError("hubspot", 207, "INVALID_OPTION", fields=("sync_tier",)),
    }
    ending = told(contacts, {email: {"sync_tier": "gold"} for email in (ANA, BO, CY)})
    assert isinstance(ending.waiting[ANA], PausedError)
    assert "tier_of_ours" in str(ending.waiting[ANA])
    assert ending.refused == {BO: "hubspot 207 INVALID_OPTION at sync_tier"}
    assert ending.counts == {"WrittenProfiles": 1, "RefusedProfiles": 1}


def test_one_address_that_hubspot_does_not_look_up_is_refused_alone() -> None:
    """The others of its hundred are told."""
    people = {f"p{at}@example.com": {"id": f"{at}", "email": f"p{at}@example.com"} for at in range(20)}
    contacts = ContactsInMemory({one["id"]: {"email": one["email"]} for one in people.values()}, odd="p7@example.com")
    endings = told(contacts, {email: {"tier": "gold"} for email in people})
    assert endings.refused == {"p7@example.com": "hubspot 400 VALIDATION_ERROR"}
    assert len(contacts.written) == 19
    assert not endings.waiting
