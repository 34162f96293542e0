"""The people of a body that gives no event, found where bodies usually name people.

What is set aside is archived all the same, and an erasure must find it. So this is a look and no translation: it
takes what reads as an address or as a customer's id, and leaves the rest.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from commerce_sync.contracts import Person
from commerce_sync.intake.bodies import decode, decoder_of
from commerce_sync.intake.rejections import RejectedError

_ANYTHING: Final = decoder_of(object)
_EMAILS: Final = ("email", "contact_email", "email_address")
_LONGEST: Final = 320
"""The longest email address (RFC 5321, 64 + 1 + 255); nothing longer points at anybody."""

_ABOUT_CUSTOMERS: Final = ("customers", "customer.", "customer/")
_OF_CUSTOMERS: Final = frozenset({"store/customer/created", "store/customer/updated", "store/customer/deleted"})
"""Topics by whose ``id`` a customer is meant: by how they begin, or whole (BigCommerce)."""

Place = Mapping[str, Any]


def people_in(topic: str, body: bytes) -> tuple[Person, ...]:
    """Everybody whom the body names at its top, in its ``data`` or its resource, its customer and its billing address.

    Of a list, whom each of its entries names.

    :param topic: of topics about customers the top-level ``id`` is a customer's; of others it is an order's or less.
    """
    said = anything_in(body)
    entries = map(place_in, said if isinstance(said, list) else [said])
    return tuple(dict.fromkeys(person for entry in entries for person in _named_in(topic, entry)))


def _named_in(topic: str, said: Place) -> Iterator[Person]:
    top = place_in(said.get("data")) or place_in(said.get(topic.partition("/")[0])) or said
    customer = place_in(top.get("customer"))
    billing = place_in(top.get("billing_address")) or place_in(top.get("billing"))
    homes = [place_in(customer.get("default_address")), place_in(top.get("default_address"))]
    country = _country(top, *homes, billing, place_in(top.get("shipping_address")))
    is_about_customer = topic.startswith(_ABOUT_CUSTOMERS) or topic in _OF_CUSTOMERS
    yield from _people(top, ("id", "customer_id") if is_about_customer else ("customer_id",), country)
    yield from _people(customer, ("id", "customer_id"), _country(customer) or country)
    yield from _people(billing, (), _country(billing) or country)


def anything_in(body: bytes) -> object:
    """The body as plain values, or None where it cannot be read."""
    try:
        return decode(_ANYTHING, body)
    except RejectedError:
        return None


def place_in(value: object) -> Place:
    """The value's fields, none where it has none."""
    return value if isinstance(value, dict) else {}


def address_in(value: object) -> str | None:
    """The text that could be an address or a name of a country, or None."""
    said = value.strip() if isinstance(value, str) else ""
    return said if 0 < len(said) <= _LONGEST else None


def id_in(value: object) -> str | None:
    """The value as an id, or None where it is none."""
    return str(value) if type(value) is int else address_in(value)


def _people(place: Place, ids: tuple[str, ...], country: str | None) -> Iterator[Person]:
    """The people of one place: one, unless it holds several email addresses."""
    emails = dict.fromkeys(email for name in _EMAILS if (email := address_in(place.get(name))))
    phone = address_in(place.get("phone"))
    customer_id = next((said for name in ids if (said := id_in(place.get(name)))), None)
    if not (emails or phone or customer_id):
        return
    for email in emails or (None,):
        yield Person(email=email, phone=phone, customer_id=customer_id, country=country)


def _country(*places: Place) -> str | None:
    """The first country there is: digits of a phone are read in one."""
    codes = (address_in(place.get(name)) for place in places for name in ("country_code", "country"))
    return next(filter(None, codes), None)
