"""A body that gives no event is still about somebody, and an erasure must find it."""

import json

import pytest
from commerce_sync.contracts import Person
from commerce_sync.intake import people_in, translate

from tests.unit.intake.bodies import (
    OWN,
    SHOP,
    Body,
    assert_holds_contracts,
    encoded,
    fulfillment,
    order,
    refund,
    refused,
    shopify,
)

ADA = Person(email="ada@example.com", customer_id="77")


def email_consent() -> Body:
    """An opt-out of email."""
    return {"customer_id": 77, "email_address": "ada@example.com", "email_marketing_consent": {"state": "unsubscribed"}}


def phone_consent() -> Body:
    """An opt-out of SMS, which calls the customer's id just ``id``."""
    return {"id": 77, "phone": "+15550101", "sms_marketing_consent": {"state": "unsubscribed"}}


@pytest.mark.parametrize(
    ("topic", "body", "person"),
    [
        ("customers/delete", {"id": 77, "tax_exemptions": []}, Person(customer_id="77")),
        ("customers/disable", {"id": 77, "email": "ada@example.com"}, ADA),
        ("customers/update", {"id": 77, "email": "ada@example.com"}, ADA),
    ],
)
def test_what_waits_or_is_settled_is_about_its_customer(topic: str, body: Body, person: Person) -> None:
    """Deleted customers, topics that are not used, bodies that lack a field."""
    translation = shopify(topic, body)
    refused(translation)
    assert translation.people == (person,)
    assert_holds_contracts(translation)


@pytest.mark.parametrize(
    ("topic", "body", "person"),
    [
        ("customers_email_marketing_consent/update", email_consent(), ADA),
        ("customers_marketing_consent/update", phone_consent(), Person(phone="+15550101", customer_id="77")),
    ],
)
def test_consent_is_about_its_customer(topic: str, body: Body, person: Person) -> None:
    """A statement is no event, and an erasure must find it all the same."""
    translation = shopify(topic, body)
    assert (translation.events, translation.rejections, translation.people) == ((), (), (person,))
    assert_holds_contracts(translation)


def test_a_refused_order_is_about_its_buyer_at_every_place_that_names_one() -> None:
    """Each place is a person of its own, with the country in which its phone is read."""
    body = order(
        total_price="?",
        phone="555-0101",
        contact_email="work@example.com",
        customer={"id": 77, "email": "home@example.com", "default_address": {"country_code": "CA"}},
    )
    translation = shopify("orders/create", body)
    refused(translation)
    assert translation.people == (
        Person(email="ada@example.com", phone="555-0101", country="CA"),
        Person(email="work@example.com", phone="555-0101", country="CA"),
        Person(email="home@example.com", customer_id="77", country="CA"),
        Person(phone="030 1234", country="DE"),
    )


def test_an_orders_own_id_is_nobodys() -> None:
    """Only topics about customers have a customer's id at the top."""
    assert people_in("orders/create", encoded({"id": 1})) == ()
    assert people_in("orders/create", encoded({"customer_id": 1})) == (Person(customer_id="1"),)


def test_a_refused_event_of_the_own_system_is_about_its_customer() -> None:
    """Who stands in ``data``, or in ``data.customer``."""
    data = {"customer_id": "c7", "email": "ada@example.com", "customer": {"id": "c7", "phone": "555-0101"}}
    body = encoded({"id": "e", "type": "com.example.subscription.started", "data": data})
    assert translate("own", "", OWN, body).people == (
        Person(email="ada@example.com", customer_id="c7"),
        Person(phone="555-0101", customer_id="c7"),
    )


def test_a_body_of_an_unknown_source_is_about_somebody_too() -> None:
    """It is archived like any other."""
    assert translate("nobody", "", SHOP, b'{"email":"ada@example.com"}').people == (Person(email="ada@example.com"),)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"NaN",
        b"[" * 5000,
        b"null",
        b"[1]",
        b'{"email":5,"phone":{},"customer":[],"billing_address":"x","customer_id":true,"data":[]}',
        encoded({"email": " ", "phone": "", "customer": {"id": None, "email": "a" * 321}}),
    ],
)
def test_nobody_is_found_where_nobody_is_named(body: bytes) -> None:
    """And nothing raises."""
    assert people_in("customers/update", body) == ()


def test_a_body_that_screening_refused_can_be_looked_at_as_well() -> None:
    """A field that stands twice is no reason not to find the person."""
    assert people_in("orders/create", b'{"email":"ada@example.com","id":1,"id":2}') == (
        Person(email="ada@example.com"),
    )


def test_an_order_that_gives_events_leaves_its_people_to_them() -> None:
    """Looking twice would cost every order."""
    assert shopify("orders/create", order()).people == ()
    assert shopify("refunds/create", refund()).people == ()


def test_a_parcels_email_says_whom_its_body_is_about() -> None:
    """Its event names nobody."""
    translation = shopify("fulfillments/create", fulfillment(email=" ada@example.com "))
    assert [event.person for event in translation.events] == [None]
    assert translation.people == (Person(email="ada@example.com"),)


def test_rejections_stay_free_of_the_people_that_were_found() -> None:
    """They are logged."""
    translation = shopify("orders/create", order(total_price="?"))
    assert "ada" not in json.dumps([rejection.path + rejection.expected for rejection in translation.rejections])


def test_everybody_whom_a_list_names_is_found() -> None:
    """A batch of CloudEvents is set aside whole, and is archived all the same."""
    batch = [{"type": "order.completed", "data": {"email": email}} for email in ("ada@example.com", "bo@example.com")]
    translation = translate("own", "", OWN, encoded([*batch, 7, batch[0]]))

    assert [rejection.code for rejection in translation.rejections] == ["wrong_type"]
    assert translation.people == (Person(email="ada@example.com"), Person(email="bo@example.com"))
