"""Customers: what Recharge knows of a person. It says nothing of consent."""

from typing import Final

from commerce_sync.intake.bodies import decode, decoder_of
from commerce_sync.intake.delivery import Delivery, Translation, facts_of
from commerce_sync.intake.fields import event_id, identifier, moment_id
from commerce_sync.intake.recharge.people import person_of, same_in_shop
from commerce_sync.intake.recharge.shapes import CustomerBody, moment

_BODY: Final = decoder_of(CustomerBody)


def translate(delivery: Delivery) -> Translation:
    """customer/created and customer/updated: the person at one moment, so each moment is an event of its own."""
    customer = decode(_BODY, delivery.body).customer
    customer_id = identifier(customer.id, "customer.id")
    at = moment(customer.updated_at, "customer.updated_at")
    told = facts_of(
        delivery,
        event_id=event_id(delivery.source, delivery.store.id, customer_id, "profile_updated", moment_id(at)),
        name="profile_updated",
        occurred_at=at,
        person=person_of(customer),
    )
    return Translation(Translation.of(told).events, same=same_in_shop(delivery, customer))
