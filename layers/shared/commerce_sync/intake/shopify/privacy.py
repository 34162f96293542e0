"""What a store passes on because the law says so: requests to be forgotten or told, and the end of a store.

https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance (customers/redact, customers/data_request,
shop/redact).
"""

from typing import Final

from msgspec import Struct

from commerce_sync.contracts import Person
from commerce_sync.intake.bodies import Id, decode, decoder_of
from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.fields import identifier, text
from commerce_sync.intake.privacy import orders_digest, privacy_request
from commerce_sync.intake.shopify.arrival import said_at
from commerce_sync.intake.sums import read_each


class Subject(Struct, gc=False):
    """Whom it is about. The id is always there; email and phone where the store knows them."""

    id: Id
    email: str | None = None
    phone: str | None = None


class Request(Struct, gc=False):
    """A data request's own id."""

    id: Id


class ErasureBody(Struct, gc=False):
    """The body of customers/redact."""

    customer: Subject
    orders_to_redact: list[Id] | None = None


class AccessBody(Struct, gc=False):
    """The body of customers/data_request."""

    customer: Subject
    orders_requested: list[Id] | None = None
    data_request: Request | None = None


class StoreBody(Struct, gc=False):
    """The body of shop/redact. Which store it is about is known by its signature alone."""


_ERASURE: Final = decoder_of(ErasureBody)
_ACCESS: Final = decoder_of(AccessBody)
_STORE: Final = decoder_of(StoreBody)


def erase(delivery: Delivery) -> Translation:
    """customers/redact: forget this person, and these orders. Other orders later are another request."""
    body = decode(_ERASURE, delivery.body)
    person, orders = _person(body.customer), _orders(body.orders_to_redact, "orders_to_redact")
    subject = (person.customer_id or "", orders_digest(orders))
    request = privacy_request(delivery, "erase", subject, said_at(delivery), person, orders)
    return Translation(privacy=(request,), people=(person,))


def access(delivery: Delivery) -> Translation:
    """customers/data_request: tell this person what is known. Named by the store's own id of the request."""
    body = decode(_ACCESS, delivery.body)
    person, orders = _person(body.customer), _orders(body.orders_requested, "orders_requested")
    subject = (
        (identifier(body.data_request.id, "data_request.id"),)
        if body.data_request
        else (person.customer_id or "", orders_digest(orders))
    )
    request = privacy_request(delivery, "access", subject, said_at(delivery), person, orders)
    return Translation(privacy=(request,), people=(person,))


def erase_store(delivery: Delivery) -> Translation:
    """shop/redact: the store has removed the app, two days ago."""
    decode(_STORE, delivery.body)
    return Translation(privacy=(privacy_request(delivery, "erase_store", (), said_at(delivery)),))


def _person(customer: Subject) -> Person:
    return Person(
        email=text(customer.email), phone=text(customer.phone), customer_id=identifier(customer.id, "customer.id")
    )


def _orders(said: list[Id] | None, name: str) -> tuple[str, ...]:
    """Each order once, as the store gives them."""
    return tuple(dict.fromkeys(read_each(said or (), lambda order: identifier(order, ""), name)))
