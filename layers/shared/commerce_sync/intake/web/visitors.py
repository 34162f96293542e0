"""Whom a browser names: one person by one name.

An email address, else the shop's customer id. Never both: a body that anybody can write would join whoever it names.
A ``clientId`` names a browser, nobody looks for it later, and it is not read: nothing is kept of who is not known.
"""

from collections.abc import Iterator
from typing import Final

from commerce_sync.contracts import Person
from commerce_sync.intake.people import address_in, anything_in, id_in, place_in
from commerce_sync.intake.rejections import refuse

_GLOBAL_ID: Final = "gid://shopify/Customer/"


def named(customer: object, typed: object = None) -> Person:
    """The person of an event: by the address that was ``typed``, else by what the shop says of who is logged in.

    :raises RejectedError: ``nobody_named``.
    """
    place = place_in(customer)
    if email := _email(typed) or _email(place.get("email")):
        return Person(email=email)
    if customer_id := _customer_id(place.get("id")):
        return Person(customer_id=customer_id)
    raise refuse("nobody_named", "customer", "an email address, or the id of a customer who is logged in")


def mentioned(raw: bytes) -> tuple[Person, ...]:
    """Everybody whom an event names in any place, each alone, so that an erasure finds it in the archive."""
    return tuple(dict.fromkeys(_all_in(raw)))


def _all_in(raw: bytes) -> Iterator[Person]:
    said = place_in(anything_in(raw))
    customer = place_in(said.get("customer"))
    checkout = place_in(place_in(said.get("data")).get("checkout"))
    yield from (Person(email=email) for place in (customer, checkout) if (email := _email(place.get("email"))))
    if customer_id := _customer_id(customer.get("id")):
        yield Person(customer_id=customer_id)


def _email(value: object) -> str | None:
    said = address_in(value)
    return said if said and "@" in said else None


def _customer_id(value: object) -> str | None:
    said = id_in(value)
    return said.removeprefix(_GLOBAL_ID) or None if said else None
