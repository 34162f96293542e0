"""HubSpot's webhooks: arrays of changes, each told by itself."""

from datetime import UTC, datetime

import pytest
from commerce_sync.contracts import Person
from commerce_sync.intake import Translation, translate

from tests.unit.intake.bodies import PORTAL, assert_holds_contract, encoded, only, refused

CHANGE = {
    "eventId": 1,
    "subscriptionId": 2,
    "portalId": 4711,
    "appId": 3,
    "occurredAt": 1793491200123,
    "subscriptionType": "contact.propertyChange",
    "attemptNumber": 0,
    "objectId": 9007199254740993,
    "propertyName": "lifecyclestage",
    "propertyValue": "customer",
    "changeSource": "CRM_UI",
}


def hubspot(*changes: object) -> Translation:
    """The translation of one delivery of these changes."""
    return translate("hubspot", "", PORTAL, encoded(list(changes)))


def test_a_changed_property_updates_the_profile_of_its_contact() -> None:
    """At the moment HubSpot gives, with the property's own name and value."""
    event = only(hubspot(CHANGE))
    assert event.event_id == "hubspot:4711:9007199254740993:profile_updated:lifecyclestage:1793491200123"
    assert event.name == "profile_updated"
    assert event.person == Person(hubspot_contact_id="9007199254740993")
    assert event.properties == {"lifecyclestage": "customer"}
    assert event.occurred_at == datetime(2026, 11, 1, 0, 0, 0, 123000, tzinfo=UTC)
    assert_holds_contract(event)


@pytest.mark.parametrize(
    "change",
    [
        {"attemptNumber": 7},
        {"eventId": 99, "subscriptionId": 5},
        {"subscriptionType": "object.propertyChange", "objectTypeId": "0-1"},
        {"subscriptionType": None, "eventType": "contact.propertyChange"},
        {"objectId": "9007199254740993"},
    ],
)
def test_the_same_change_is_the_same_event_however_it_is_delivered(change: dict[str, object]) -> None:
    """Attempts, subscriptions and both names of a contact's topic do not matter."""
    assert hubspot(CHANGE | change) == hubspot(CHANGE)


@pytest.mark.parametrize(("value", "said"), [("", ""), (None, ""), (5, "5"), (0.10, "0.1"), (True, "true")])
def test_a_cleared_property_is_an_empty_value(value: object, said: str) -> None:
    """And a number is kept as written."""
    assert only(hubspot(CHANGE | {"propertyValue": value})).properties == {"lifecyclestage": said}


def test_a_new_contact_is_a_profile_without_properties() -> None:
    """Its values arrive as property changes, or by polling."""
    event = only(hubspot({"objectId": 5, "occurredAt": 0, "subscriptionType": "contact.creation"}))
    assert (event.event_id, event.properties) == ("hubspot:4711:5:profile_updated:creation:0", {})


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"subscriptionType": "company.merge"}, "not_yet_translated", "[1].subscriptionType"),
        ({"subscriptionType": "deal.deletion"}, "not_yet_translated", "[1].subscriptionType"),
        (
            {"subscriptionType": "object.merge", "objectTypeId": "0-2"},
            "not_yet_translated",
            "[1].subscriptionType",
        ),
        ({"subscriptionType": "contact.deletion"}, "record_deleted", "[1].subscriptionType"),
        ({"subscriptionType": "contact.restore"}, "record_restored", "[1].subscriptionType"),
        ({"subscriptionType": "contact.associationChange"}, "not_yet_translated", "[1].subscriptionType"),
        ({"subscriptionType": "deal.propertyChange"}, "topic_not_used", "[1].subscriptionType"),
        (
            {"subscriptionType": "object.propertyChange", "objectTypeId": "0-3"},
            "topic_not_used",
            "[1].subscriptionType",
        ),
        ({"subscriptionType": "planet.creation"}, "unknown_topic", "[1].subscriptionType"),
        ({"subscriptionType": None}, "unknown_topic", "[1].subscriptionType"),
        ({"propertyName": None}, "missing_field", "[1].propertyName"),
        ({"propertyValue": {"a": 1}}, "wrong_type", "[1].propertyValue"),
        ({"isSensitive": True}, "sensitive_value", "[1].propertyValue"),
        ({"objectId": None}, "missing_field", "[1].objectId"),
        ({"occurredAt": "2026"}, "wrong_type", "[1].occurredAt"),
        ({"occurredAt": 10**18}, "bad_time", "[1].occurredAt"),
        ({"occurredAt": -(10**18)}, "bad_time", "[1].occurredAt"),
        ({"occurredAt": 10**30}, "bad_time", "[1].occurredAt"),
    ],
)
def test_a_change_that_is_refused_takes_nothing_else_with_it(change: dict[str, object], code: str, path: str) -> None:
    """One of a hundred changes must not cost the other ninety-nine."""
    translation = hubspot(CHANGE, CHANGE | change, CHANGE | {"occurredAt": 1793491200999})
    assert len(translation.events) == 2
    (rejection,) = translation.rejections
    assert (rejection.code, rejection.path) == (code, path)


def test_what_waits_says_what_it_waits_for() -> None:
    """An operator reads the reason."""
    assert "merge" in refused(hubspot(CHANGE | {"subscriptionType": "company.merge"})).expected


def test_an_element_that_is_no_change_is_named_by_its_position() -> None:
    """Numbers, lists and nulls in the array."""
    assert [(r.code, r.path) for r in hubspot(5, [], None).rejections] == [
        ("wrong_type", "[0]"),
        ("wrong_type", "[1]"),
        ("missing_field", "[2]"),
    ]


def test_an_empty_array_proves_nothing() -> None:
    """And is not wrong."""
    assert hubspot() == Translation()
