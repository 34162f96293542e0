"""An export holds the person's own data, whoever else stands beside them in what is stored."""

import json
from datetime import timedelta
from typing import Any

import pytest
from commerce_sync.contracts import Envelope
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.identity.persons import address_of
from commerce_sync.privacy.sharing import own_identity, told_of

from tests.fakes.privacy import NOW, Office
from tests.unit.privacy.people import ANA, ANAS, BEN, CASE, asks, deliver, met

OWN: tuple[Identifier, ...] = (("email", "ana@example.com"), ("hubspot:main", "501"), ("hubspot:main", "502"))


def changes_told(*changes: Any) -> list[Any] | None:
    """What a delivery of HubSpot's with these changes tells Ana."""
    envelope = Envelope(
        schema_version=1,
        envelope_id="e",
        source="hubspot",
        store="main",
        topic="events",
        delivery_id="d",
        received_at=NOW,
        archive_key="k",
        body=json.dumps(list(changes)),
    )
    told = told_of(envelope, OWN, address_of)
    body: list[Any] | None = json.loads(told["body"]) if told else None
    return body


def change(contact: int, name: str = "lifecyclestage", value: Any = "customer", **more: Any) -> dict[str, Any]:
    """One change of a contact."""
    return {"objectId": contact, "propertyName": name, "propertyValue": value, **more}


def test_of_a_delivery_with_many_contacts_only_their_own_are_told() -> None:
    """HubSpot tells up to a hundred people's changes in one delivery."""
    own, other = change(501), change(999, "email", "bo@example.com")
    assert changes_told(own, other) == [own]
    assert changes_told(other) is None


def test_a_change_to_their_address_is_told_without_the_other_contact() -> None:
    """Somebody else's contact was given their address."""
    told = changes_told(change(999, "email", "Ana@example.com"))
    assert told == [{"propertyName": "email", "propertyValue": "Ana@example.com"}]


@pytest.mark.parametrize("name", ["email", "hs_additional_emails"])
def test_another_address_on_their_contact_is_not_told(name: str) -> None:
    """Wrong merges put strangers' addresses there."""
    told = changes_told(change(501, name, "ana@example.com;bo@example.com"))
    assert told is not None
    assert "bo@" not in json.dumps(told)


def test_a_merge_is_told_where_all_its_contacts_are_theirs() -> None:
    """One that names a stranger's is about the stranger too."""
    own = {"objectId": 501, "primaryObjectId": 501, "mergedObjectIds": [502], "newObjectId": 501}
    assert changes_told(own, own | {"mergedObjectIds": [999]}) == [own]


def link(*ends: str) -> dict[str, Any]:
    """A link as identity tells it."""
    return {"identifiers": list(ends), "basis": "seen", "at": "t", "by": "shopify:us"}


def test_identity_is_told_without_anybody_elses_identifiers() -> None:
    """Links keep their own end; whom somebody is kept apart from is not told at all."""
    described = {
        "profiles": [
            {
                "profile_id": "p1",
                "identifiers": ["email#ana@example.com", "hubspot:main#501"],
                "links": [
                    link("hubspot:main#501", "email#ana@example.com"),
                    link("hubspot:main#501", "email#bo@example.com"),
                    link("email#cy@example.com", "phone#+12025550143"),
                ],
                "conflicts": [{"code": "shared_phone", "identifiers": ["email#bo@example.com"]}],
                "separations": [{"at": "t", "groups": [["email#ana@example.com"], ["email#bo@example.com"]]}],
                "history": [{"kind": "merged", "at": "t", "by": "operator:Olga", "before": ["email#bo@example.com"]}],
            }
        ]
    }
    (profile,) = own_identity(described, OWN)["profiles"]
    assert [link["identifiers"] for link in profile["links"]] == [
        ["hubspot:main#501", "email#ana@example.com"],
        ["hubspot:main#501", "email"],
    ]
    assert set(profile) == {"profile_id", "identifiers", "links", "history"}
    assert "bo@" not in json.dumps(profile)
    assert "Olga" not in json.dumps(profile)


def exported(office: Office) -> dict[str, Any]:
    """What Ana's export says."""
    asks(office, "access")
    office.work(CASE)
    export: dict[str, Any] = json.loads(str(office.archive.objects[f"exports/{CASE}.json"]))
    return export


def test_an_order_that_changed_hands_is_not_told_and_one_that_names_both_tells_of_one() -> None:
    """The traces are of what was; the page says whose it is now."""
    office = met(Office())
    for order, both in (("1003", False), ("1004", True)):
        deliver(office, ANA, ANAS, order, NOW - timedelta(days=2))
        page = office.book.pages[f"shopify:us:{order}"]
        placed = page.order.placed.model_copy(update={"person": ANA if both else BEN}) if page.order.placed else None
        changed = page.order.model_copy(update={"placed": placed, "buyer": BEN})
        promises = page.promises if both else {}
        office.book.pages[f"shopify:us:{order}"] = type(page)(page.subject, page.revision, changed, promises)
    export = exported(office)
    subjects = {one["subject"] for one in export["orders"]}
    assert "shopify:us:1004" in subjects
    assert "shopify:us:1003" not in subjects
    assert "ben@example.com" not in json.dumps(export)


def test_a_vendors_record_that_is_somebody_elses_too_is_named_and_not_told() -> None:
    """Whoever sends the export looks at it first."""
    office = met(Office())
    office.hubspot.contacts["501501"] = "ben@example.com;ana@example.com"
    office.klaviyo.profiles["01ANAKLAVIYO"] = {"email": "ben@example.com"}
    export = exported(office)
    assert "ben@example.com" not in json.dumps(export)
    assert [one["id"] for one in (*export["hubspot"], *export["klaviyo"])] == ["501501", "01ANAKLAVIYO"]


def test_an_export_without_time_says_what_it_left_out() -> None:
    """It ends, and never begins anew by itself."""
    office = met(Office())
    office.may_go_on = lambda: False
    asks(office, "access")
    assert office.work(CASE, rounds=20).state == "ready"
    export = json.loads(str(office.archive.objects[f"exports/{CASE}.json"]))
    assert (export["deliveries"], len(export["deliveries_left_out"])) == ([], 2)
