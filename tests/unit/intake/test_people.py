"""Who an order is about, as far as its body says."""

import pytest
from commerce_sync.contracts import Person

from tests.unit.intake.bodies import order, shopify


def person_of(**changes: object) -> Person | None:
    """The person of an order with these changes."""
    return shopify("orders/create", order(**changes)).events[0].person


def test_the_orders_own_email_comes_before_the_customers() -> None:
    """It is what the buyer typed for this order."""
    person = person_of(email=" own@example.com ", customer={"id": 1, "email": "other@example.com"})
    assert person is not None
    assert (person.email, person.customer_id) == ("own@example.com", "1")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"email": None, "contact_email": "c@example.com", "customer": None}, "c@example.com"),
        ({"email": "", "contact_email": " ", "customer": {"email": "k@example.com"}}, "k@example.com"),
        ({"email": None, "customer": None}, None),
    ],
)
def test_the_email_falls_back_to_contact_email_and_customer(changes: dict[str, object], expected: str | None) -> None:
    """Point-of-sale and draft orders have no email of their own."""
    person = person_of(**changes)
    assert person is not None
    assert person.email == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"phone": "+49301"}, "+49301"),
        ({"customer": {"phone": "+49302"}}, "+49302"),
        ({"customer": None}, "030 1234"),
        ({"customer": None, "billing_address": None, "shipping_address": {"phone": "555-SHIP"}}, None),
        ({"customer": None, "billing_address": []}, None),
    ],
)
def test_the_phone_falls_back_to_customer_and_billing_never_to_the_recipients(
    changes: dict[str, object], expected: str | None
) -> None:
    """Raw as it stands: whether it is a phone number is for identity to say."""
    person = person_of(**changes)
    assert person is not None
    assert person.phone == expected


def test_nobody_is_invented_where_nothing_identifies() -> None:
    """A name is not an identifier."""
    nameless = person_of(
        email=None, customer={"first_name": "Ada"}, billing_address={"first_name": "Ada", "country_code": "DE"}
    )
    assert nameless is None


def test_a_customer_id_alone_identifies() -> None:
    """The store knows who it is."""
    person = person_of(email=None, customer={"id": 9007199254740993}, billing_address=None)
    assert person == Person(customer_id="9007199254740993")


def test_first_and_last_name_come_from_one_place() -> None:
    """Two halves of two people are nobody's name."""
    person = person_of(
        customer={"id": 1, "default_address": {"last_name": "Home"}},
        billing_address={"first_name": "Bill", "last_name": "Payer"},
    )
    assert person is not None
    assert (person.first_name, person.last_name) == (None, "Home")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"customer": {"id": 1, "default_address": {"country_code": "CA"}}, "phone": "+1"}, "CA"),
        ({"customer": {"id": 1, "default_address": {"country_code": "CA"}}}, "DE"),
        ({"customer": None, "billing_address": {"country": " Canada "}}, "Canada"),
        ({"customer": None, "billing_address": None, "shipping_address": {"country_code": "AT"}}, "AT"),
        ({"customer": None, "billing_address": None}, None),
    ],
)
def test_the_country_is_the_one_the_phones_digits_are_read_in(changes: dict[str, object], expected: str | None) -> None:
    """A phone from the billing address belongs to the billing country; else the default address comes first."""
    person = person_of(**changes)
    assert person is not None
    assert person.country == expected
