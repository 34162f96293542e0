"""The parts of WooCommerce's records that are used (REST API v3); everything else is skipped.

Plugins write into these records whatever they like, and PHP writes an empty list where an object would be empty, so
most fields may be anything and are looked up one by one.
"""

from collections.abc import Iterator

from msgspec import Struct

from commerce_sync.contracts import Person
from commerce_sync.intake.bodies import Id
from commerce_sync.intake.people import address_in, id_in, place_in


class Order(Struct, gc=False):
    """What consent needs of an order. Times that end in ``_gmt`` are UTC and do not say so."""

    id: Id
    status: object = None
    date_created_gmt: object = None
    created_via: object = None
    customer_id: object = None
    billing: object = None
    meta_data: object = None


class Customer(Struct, gc=False):
    """What consent needs of a customer."""

    id: Id
    email: object = None
    date_modified_gmt: object = None
    billing: object = None
    meta_data: object = None


def fields_in(meta_data: object) -> Iterator[tuple[object, object]]:
    """The fields of plugins: names and values, which are text, numbers, lists or objects."""
    if isinstance(meta_data, list):
        for one in map(place_in, meta_data):
            yield one.get("key"), one.get("value")


def person_of(customer_id: object, email: object, billing: object) -> Person | None:
    """Who an order or a customer is about; nobody where nothing says. Customer 0 is a guest.

    Values stay raw: identity normalises emails, phones and countries.
    """
    payer, known_as = place_in(billing), id_in(customer_id)
    known_as = None if known_as == "0" else known_as
    mailing, phone = address_in(email) or address_in(payer.get("email")), address_in(payer.get("phone"))
    if not (mailing or phone or known_as):
        return None
    return Person(email=mailing, phone=phone, customer_id=known_as, country=address_in(payer.get("country")))
