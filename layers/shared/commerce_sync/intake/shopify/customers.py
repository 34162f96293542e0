"""Customers: what a store says about a person. Since 2025-01 these bodies carry no consent; older ones mirror it."""

from datetime import datetime
from typing import Final

from msgspec import Struct

from commerce_sync.intake.bodies import Id, decode, decoder_of
from commerce_sync.intake.delivery import Delivery, Translation, facts_of
from commerce_sync.intake.fields import event_id, identifier, moment_id, utc
from commerce_sync.intake.rejections import RejectedError
from commerce_sync.intake.shopify.consents import of_customer
from commerce_sync.intake.shopify.people import person_of
from commerce_sync.intake.shopify.shapes import Customer, MaybeAddress


class CustomerBody(Struct, gc=False):
    """The body of customers/create and update."""

    id: Id
    updated_at: datetime
    email: str | None = None
    phone: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    default_address: MaybeAddress = None


_CUSTOMER: Final = decoder_of(CustomerBody)


def translate(delivery: Delivery) -> Translation:
    """customers/create and update: the person at one moment, and the consent that old bodies mirror.

    An opt-out holds even where the rest of the body cannot be read.
    """
    consent = of_customer(delivery)
    try:
        return _profile(delivery)._replace(consent=consent)
    except RejectedError as error:
        return Translation(rejections=(error.rejection,), consent=consent)


def _profile(delivery: Delivery) -> Translation:
    """The person at one moment, so each moment is an event of its own."""
    body = decode(_CUSTOMER, delivery.body)
    customer_id = identifier(body.id, "id")
    updated_at = utc(body.updated_at, "updated_at")
    customer = Customer(
        id=customer_id, first_name=body.first_name, last_name=body.last_name, default_address=body.default_address
    )
    return Translation.of(
        facts_of(
            delivery,
            event_id=event_id(
                delivery.source, delivery.store.id, customer_id, "profile_updated", moment_id(updated_at)
            ),
            name="profile_updated",
            occurred_at=updated_at,
            person=person_of(body.email, body.phone, customer),
        )
    )
