"""What HubSpot's webhooks say about who is who, and about who wants to be forgotten."""

from datetime import UTC, datetime
from typing import Any

import pytest
from commerce_sync.contracts import Person, SamePerson
from commerce_sync.intake import Translation, translate
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.intake.bodies import PORTAL, assert_holds_contracts, encoded, only, refused

MOMENT = datetime(2026, 11, 1, 0, 0, 0, 123000, tzinfo=UTC)
BASE: dict[str, Any] = {"occurredAt": 1793491200123, "objectId": 501, "attemptNumber": 0}
MERGE = BASE | {
    "subscriptionType": "contact.merge",
    "primaryObjectId": 501,
    "mergedObjectIds": [502, 503],
    "newObjectId": None,
    "numberOfPropertiesMoved": 16,
}
FORGOTTEN = BASE | {"subscriptionType": "contact.privacyDeletion"}
DELETED = BASE | {"subscriptionType": "contact.deletion"}


def property_change(name: str, value: object) -> dict[str, Any]:
    """A changed property of contact 501."""
    return BASE | {"subscriptionType": "contact.propertyChange", "propertyName": name, "propertyValue": value}


ADDRESSES = property_change("hs_additional_emails", "a@example.com; b@example.com;a@example.com;")
EVERY_CHANGE = [
    MERGE,
    MERGE | {"newObjectId": 900},
    FORGOTTEN,
    DELETED,
    ADDRESSES,
    property_change("hs_merged_object_ids", "502;503"),
    property_change("email", "ada@example.com"),
    property_change("phone", "555-0101"),
]


def hubspot(*changes: object) -> Translation:
    """The translation of one delivery of these changes, held to its contracts."""
    translation = translate("hubspot", "events", PORTAL, encoded(list(changes)))
    assert_holds_contracts(translation)
    return translation


def stated(translation: Translation) -> SamePerson:
    """The one statement of a translation that refuses nothing."""
    assert translation.rejections == ()
    (said,) = translation.same
    return said


def contacts(*ids: str) -> list[Person]:
    """Contacts by id."""
    return [Person(hubspot_contact_id=one) for one in ids]


@pytest.mark.parametrize(
    ("change", "records"),
    [
        ({}, ("501", "502", "503")),
        ({"newObjectId": 900}, ("900", "501", "502", "503")),
        ({"newObjectId": 501}, ("501", "502", "503")),
        ({"newObjectId": "", "mergedObjectIds": ["502", 501, 502]}, ("501", "502")),
        ({"objectId": None}, ("501", "502", "503")),
        ({"subscriptionType": "object.merge", "objectTypeId": "0-1"}, ("501", "502", "503")),
        ({"primaryObjectId": 9007199254740993}, ("9007199254740993", "502", "503")),
    ],
)
def test_a_merge_says_that_its_contacts_are_one_the_survivor_first(
    change: dict[str, object], records: tuple[str, ...]
) -> None:
    """The new contact where the merge made one, else the primary one; all are named, each once."""
    translation = hubspot(MERGE | change)
    said = stated(translation)
    assert (said.records, said.emails, said.said_by, said.stated_at) == (records, (), "hubspot_merge", MOMENT)
    assert (said.source, said.store) == ("hubspot", "4711")
    assert translation.events == ()
    assert list(translation.people) == contacts(*records)


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"primaryObjectId": None}, "missing_field", "[0].primaryObjectId"),
        ({"mergedObjectIds": None}, "missing_field", "[0].mergedObjectIds"),
        ({"mergedObjectIds": []}, "missing_field", "[0].mergedObjectIds"),
        ({"mergedObjectIds": [501]}, "wrong_type", "[0].mergedObjectIds"),
        ({"primaryObjectId": "", "mergedObjectIds": [""]}, "wrong_type", "[0].mergedObjectIds"),
        ({"mergedObjectIds": "502;503"}, "wrong_type", "[0].mergedObjectIds"),
        ({"mergedObjectIds": [502, None]}, "missing_field", "[0].mergedObjectIds[1]"),
        ({"mergedObjectIds": [502, "5" * 300]}, "wrong_type", "[0].mergedObjectIds[1]"),
        ({"newObjectId": 1.5}, "wrong_type", "[0].newObjectId"),
        ({"occurredAt": 10**18}, "bad_time", "[0].occurredAt"),
    ],
)
def test_a_merge_that_does_not_say_which_contacts_became_one_is_refused(
    change: dict[str, object], code: str, path: str
) -> None:
    """Nothing is joined on a guess; the contacts that it names are remembered with it."""
    translation = hubspot(MERGE | change)
    rejection = refused(translation)
    assert (rejection.code, rejection.path) == (code, path)
    assert translation.same == ()
    assert Person(hubspot_contact_id="501") in translation.people


def test_the_other_addresses_of_a_contact_are_the_same_person() -> None:
    """Each once; HubSpot holds them on one contact. The change is an event as any other."""
    translation = hubspot(ADDRESSES)
    said = stated(translation)
    assert (said.records, said.emails) == (("501",), ("a@example.com", "b@example.com"))
    assert (said.said_by, said.stated_at) == ("hubspot_additional_email", MOMENT)
    assert [event.name for event in translation.events] == ["profile_updated"]
    assert Person(email="b@example.com") in translation.people


def test_the_contacts_that_went_into_one_are_the_same_person() -> None:
    """hs_merged_object_ids tells a merge again, for whoever missed it."""
    said = stated(hubspot(property_change("hs_merged_object_ids", "502; 503;501")))
    assert (said.records, said.emails, said.said_by) == (("501", "502", "503"), (), "hubspot_merge")


@pytest.mark.parametrize("name", ["hs_additional_emails", "hs_merged_object_ids"])
@pytest.mark.parametrize("value", ["", None, " ; ;"])
def test_an_emptied_list_states_nothing(name: str, value: object) -> None:
    """It is an event all the same."""
    translation = hubspot(property_change(name, value))
    assert (translation.same, len(translation.events)) == ((), 1)


@pytest.mark.parametrize(
    ("name", "value", "person"),
    [
        ("email", " ada@example.com ", Person(hubspot_contact_id="501", email="ada@example.com")),
        ("email", "", Person(hubspot_contact_id="501")),
        ("email", None, Person(hubspot_contact_id="501")),
        ("phone", "555-0101", Person(hubspot_contact_id="501", phone="555-0101")),
        ("mobilephone", 5550101, Person(hubspot_contact_id="501", phone="5550101")),
        ("country", "Germany", Person(hubspot_contact_id="501", country="Germany")),
        ("firstname", "Ada", Person(hubspot_contact_id="501")),
    ],
)
def test_a_change_of_what_says_who_somebody_is_names_it(name: str, value: object, person: Person) -> None:
    """An emptied email names no email, and other properties say nothing about who it is."""
    assert only(hubspot(property_change(name, value))).person == person


def test_a_privacy_deletion_asks_to_be_forgotten() -> None:
    """At HubSpot's own time; the contact is the only thing that it names."""
    translation = hubspot(FORGOTTEN)
    (request,) = translation.privacy
    assert (request.kind, request.request_id) == ("erase", "hubspot:4711:erase:501")
    assert (request.person, request.requested_at) == (Person(hubspot_contact_id="501"), MOMENT)
    assert (translation.events, translation.rejections) == ((), ())
    assert list(translation.people) == contacts("501")


@pytest.mark.parametrize(("verb", "code"), [("deletion", "record_deleted"), ("restore", "record_restored")])
def test_a_deleted_contact_asks_for_nothing(verb: str, code: str) -> None:
    """Its archive is for 90 days, and says nothing about consent: settled, and found again by whom it is about."""
    translation = hubspot(DELETED | {"subscriptionType": f"contact.{verb}"})
    rejection = refused(translation)
    assert (rejection.code, rejection.waits) == (code, False)
    assert translation.privacy == ()
    assert list(translation.people) == contacts("501")


@pytest.mark.parametrize(
    ("change", "people"),
    [
        (property_change("email", "ada@example.com") | {"isSensitive": True}, [*contacts("501"), "ada@example.com"]),
        (property_change("email", "ada@example.com") | {"occurredAt": "now"}, [*contacts("501"), "ada@example.com"]),
        (property_change("firstname", {"a": 1}), contacts("501")),
        (FORGOTTEN | {"objectId": None}, []),
        (BASE | {"subscriptionType": "deal.deletion"}, []),
        (BASE | {"subscriptionType": None}, []),
        (BASE | {"subscriptionType": 5}, []),
        (7, []),
    ],
)
def test_a_change_that_is_refused_is_still_about_its_contact(change: object, people: list[Person | str]) -> None:
    """And never about a deal whose number is some contact's as well."""
    expected = [Person(email=one) if isinstance(one, str) else one for one in people]
    translation = hubspot(change)
    refused(translation)
    assert list(translation.people) == expected


@given(st.permutations(EVERY_CHANGE), st.sampled_from(EVERY_CHANGE))
def test_the_order_of_changes_and_repeats_matter_to_no_statement(
    changes: list[dict[str, Any]], again: dict[str, Any]
) -> None:
    """HubSpot repeats and reorders, also within one delivery."""
    told, plain = hubspot(*changes, again | {"attemptNumber": 1}), hubspot(*EVERY_CHANGE)
    assert set(told.same) == set(plain.same)
    assert len(told.same) == len(plain.same)
    assert told.privacy == plain.privacy
    assert set(told.people) == set(plain.people)
    assert {event.event_id for event in told.events} == {event.event_id for event in plain.events}


def test_one_erasure_that_is_told_twice_is_one_request_of_the_later_time() -> None:
    """Two subscriptions tell it, in any order."""
    later = FORGOTTEN | {"occurredAt": BASE["occurredAt"] + 1}
    assert hubspot(FORGOTTEN, later).privacy == hubspot(later, FORGOTTEN).privacy == hubspot(later).privacy
