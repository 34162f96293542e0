"""The parts of WooCommerce's records that are used (REST API v3); everything else is skipped."""

from msgspec import Struct

from commerce_sync.contracts import Person
from commerce_sync.intake.bodies import Id
from commerce_sync.intake.fields import identifier_if_any, text


class Address(Struct, gc=False):
    """Who pays. Values stay raw: identity normalises emails, phones and countries."""

    email: str | None = None
    phone: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    country: str | None = None


class Meta(Struct, gc=False):
    """A field of a plugin. Its value is anything: text, a number, a list, an object."""

    key: object = None
    value: object = None


class Order(Struct, gc=False):
    """What consent needs of an order. Times that end in ``_gmt`` are UTC and do not say so."""

    id: Id
    status: str
    date_created_gmt: str | None = None
    created_via: str | None = None
    customer_id: Id | None = None
    billing: Address | None = None
    meta_data: list[Meta] | None = None


class Customer(Struct, gc=False):
    """What consent needs of a customer."""

    id: Id
    email: str | None = None
    date_modified_gmt: str | None = None
    billing: Address | None = None
    meta_data: list[Meta] | None = None


def person_of(customer_id: Id | None, email: str | None, payer: Address | None) -> Person | None:
    """Who an order or a customer is about; nobody where nothing says. Customer 0 is a guest."""
    payer = payer or Address()
    known_as = identifier_if_any(customer_id, "customer_id")
    known_as = None if known_as == "0" else known_as
    mailing, phone = text(email) or text(payer.email), text(payer.phone)
    if not (mailing or phone or known_as):
        return None
    return Person(email=mailing, phone=phone, customer_id=known_as, country=text(payer.country))
