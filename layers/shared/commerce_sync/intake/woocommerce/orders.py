"""Orders, as far as consent needs them: the boxes at the checkout. Their events are not translated yet.

A subscription's renewal carries the fields of the order that it renews, so nothing in it was ticked anew: read as an
opt-in of its own day it would outdo every opt-out since.
"""

from typing import Final

from commerce_sync.contracts import Person
from commerce_sync.contracts.consent import Channel, ConsentStatement
from commerce_sync.intake.bodies import decode, decoder_of
from commerce_sync.intake.consents import moment_in_utc
from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.fields import identifier
from commerce_sync.intake.opt_ins import checkout_opt_in, mirrored_opt_in
from commerce_sync.intake.rejections import Rejection, reject
from commerce_sync.intake.woocommerce.meta import not_understood, said_of
from commerce_sync.intake.woocommerce.shapes import Order, fields_in, person_of

_BY_THE_BUYER: Final = frozenset({"checkout", "store-api"})
"""How an order comes about that a buyer placed; others are placed by staff, an API or an import."""
_RENEWAL: Final = "_subscription_renewal"
_DRAFT: Final = "checkout-draft"
_ORDER: Final = decoder_of(Order)
_WAITS: Final = reject("not_yet_translated", expected="consent alone is read of orders so far")
_CHANNELS: Final[tuple[Channel, ...]] = ("email", "sms")


def translate(delivery: Delivery) -> Translation:
    """order.created and order.updated: the whole order as it stands now."""
    order = decode(_ORDER, delivery.body)
    person = person_of(order.customer_id, None, order.billing)
    people = (person,) if person else ()
    if order.status == _DRAFT:
        return Translation(rejections=(reject("incomplete_order", "status", "a placed order"),), people=people)
    said = [_said(delivery, order, person, channel) for channel in _CHANNELS]
    return Translation(
        rejections=(_WAITS, *(one for one in said if isinstance(one, Rejection))),
        people=people,
        consent=tuple(one for one in said if isinstance(one, ConsentStatement)),
    )


def _said(
    delivery: Delivery, order: Order, person: Person | None, channel: Channel
) -> ConsentStatement | Rejection | None:
    """What an order says of one channel, or why it cannot be taken."""
    said = said_of(channel, delivery.store.opt_in_meta, order.meta_data)
    if said == "nothing" or _is_renewal(order):
        return None
    if said != "yes":
        return not_understood(channel)
    address = (person.email if channel == "email" else person.phone) if person else None
    if not address or person is None:
        return reject("opt_in_without_address", f"billing.{'email' if channel == 'email' else 'phone'}", "an address")
    order_id, at = identifier(order.id, "id"), moment_in_utc(order.date_created_gmt)
    if order.created_via not in _BY_THE_BUYER or at is None:
        return mirrored_opt_in(delivery, f"order:{order_id}:{channel}", channel, address, "api", person.country)
    return checkout_opt_in(delivery, order_id, channel, address, at, country=person.country)


def _is_renewal(order: Order) -> bool:
    return order.created_via == "subscription" or any(name == _RENEWAL for name, _ in fields_in(order.meta_data))
