"""Customers: what a store says about a person (Customers, V3). They carry no consent: the newsletter's list does."""

from datetime import datetime

from msgspec import Struct

from commerce_sync.intake.bigcommerce.people import person_of
from commerce_sync.intake.bigcommerce.shapes import subject_of
from commerce_sync.intake.bodies import Id
from commerce_sync.intake.delivery import Delivery, Translation, facts_of
from commerce_sync.intake.fields import event_id, identifier, moment_id, utc
from commerce_sync.intake.records import record_behind
from commerce_sync.intake.rejections import RejectedError, refuse


class Customer(Struct, gc=False):
    """A customer. Addresses are records of their own, and their webhooks are not used."""

    id: Id
    date_modified: datetime | None = None
    email: str | None = None
    phone: str | None = None
    first_name: str | None = None
    last_name: str | None = None


def translate(delivery: Delivery) -> Translation:
    """store/customer/created and updated: the person at one moment, so each moment is an event of its own."""
    subject_of(delivery.topic, delivery.body)
    customer = record_behind(delivery, "customer", Customer)
    try:
        customer_id = identifier(customer.id, "id")
        if customer.date_modified is None:
            raise refuse("missing_field", "date_modified", "a time")
        changed_at = utc(customer.date_modified, "date_modified")
    except RejectedError as error:
        raise error.inside("customer") from error
    return Translation.of(
        facts_of(
            delivery,
            event_id=event_id(
                delivery.source, delivery.store.id, customer_id, "profile_updated", moment_id(changed_at)
            ),
            name="profile_updated",
            occurred_at=changed_at,
            person=person_of(customer.email, customer.phone, customer_id, customer.first_name, customer.last_name),
        )
    )
