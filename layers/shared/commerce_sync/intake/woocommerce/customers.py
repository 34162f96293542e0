"""Customers: the person at one moment, and what plugins have written at them about consent.

That is a state and no act: plugins write it from their own lists, and write it anew when they sync, so a yes is weak. A
no is nothing. That somebody left is taken at its latest time.
"""

from typing import Final

from commerce_sync.contracts import Person
from commerce_sync.contracts.consent import Channel, ConsentStatement
from commerce_sync.intake.bodies import decode, decoder_of
from commerce_sync.intake.consents import moment_in_utc, moment_part, received
from commerce_sync.intake.delivery import Delivery, Translation, facts_of
from commerce_sync.intake.fields import event_id, identifier, moment_id
from commerce_sync.intake.opt_ins import mirrored_opt_in, regions_of
from commerce_sync.intake.rejections import RejectedError, Rejection, refuse
from commerce_sync.intake.woocommerce.meta import not_understood, said_of
from commerce_sync.intake.woocommerce.shapes import Customer, person_of
from commerce_sync.intake.woocommerce.times import last_change

_CUSTOMER: Final = decoder_of(Customer)
_CHANNELS: Final[tuple[Channel, ...]] = ("email", "sms")


def translate(delivery: Delivery) -> Translation:
    """customer.created and customer.updated: the whole customer as it stands now.

    What it says of consent holds whatever becomes of the rest.
    """
    customer = decode(_CUSTOMER, delivery.body)
    person = person_of(customer.id, customer.email, customer.billing, customer)
    addresses = {"email": person.email, "sms": person.phone} if person else {}
    country = person.country if person else None
    said = [_said(delivery, customer, channel, addresses.get(channel), country) for channel in _CHANNELS]
    try:
        told = _profile(delivery, customer, person)
    except RejectedError as error:
        told = Translation(rejections=(error.rejection,), people=(person,) if person else ())
    return told._replace(
        rejections=(*told.rejections, *(one for one in said if isinstance(one, Rejection))),
        consent=tuple(one for one in said if isinstance(one, ConsentStatement)),
    )


def _profile(delivery: Delivery, customer: Customer, person: Person | None) -> Translation:
    """The person at one moment, so each moment is an event of its own."""
    if person is None:
        raise refuse("missing_field", "id", "a customer's id")
    at = last_change(customer, delivery.store)
    customer_id = identifier(customer.id, "id")
    return Translation.of(
        facts_of(
            delivery,
            event_id=event_id(delivery.source, delivery.store.id, customer_id, "profile_updated", moment_id(at)),
            name="profile_updated",
            occurred_at=at,
            person=person,
        )
    )


def _said(
    delivery: Delivery, customer: Customer, channel: Channel, address: str | None, country: str | None
) -> ConsentStatement | Rejection | None:
    said = said_of(channel, delivery.store.opt_in_meta, customer.meta_data)
    if said == "nothing" or not address:
        return None
    customer_id = identifier(customer.id, "id")
    if said == "yes":
        subject = f"customer:{customer_id}:{channel}:yes"
        return mirrored_opt_in(delivery, subject, channel, address, "profile_state", country)
    if said == "unknown":
        return not_understood(channel)
    return _left(delivery, customer, channel, address, country)


def _left(
    delivery: Delivery, customer: Customer, channel: Channel, address: str, country: str | None
) -> ConsentStatement:
    """An opt-out, as late as it can have been: when the customer was last changed, else when that was told."""
    at = moment_in_utc(customer.date_modified_gmt) or received(delivery)
    return ConsentStatement(
        statement_id=f"customer:{identifier(customer.id, 'id')}:{channel}:left:{moment_part(at)}",
        channel=channel,
        address=address,
        action="withdraw",
        strength="hard_out" if channel == "sms" else "pref_out",
        occurred_at=at,
        occurred_trust="derived",
        actor="system",
        method="profile_state",
        country=(country or delivery.store.country) if channel == "email" else None,
        regions=regions_of(delivery, country),
    )
