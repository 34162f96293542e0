"""The boxes at the checkout, as plugins note them in an order's fields.

A subscription's renewal carries the fields of the order that it renews, so nothing in it was ticked anew: read as an
opt-in of its own day it would outdo every opt-out since.
"""

from typing import Final

from commerce_sync.contracts import Person
from commerce_sync.contracts.consent import Channel, ConsentStatement
from commerce_sync.intake.consents import moment_in_utc
from commerce_sync.intake.delivery import Delivery
from commerce_sync.intake.fields import identifier
from commerce_sync.intake.opt_ins import checkout_opt_in, mirrored_opt_in
from commerce_sync.intake.people import address_in
from commerce_sync.intake.rejections import Rejection, reject
from commerce_sync.intake.woocommerce.meta import not_understood, said_of
from commerce_sync.intake.woocommerce.properties import is_renewal
from commerce_sync.intake.woocommerce.shapes import Order
from commerce_sync.intake.woocommerce.statuses import BY_THE_BUYER, DRAFTS, named_status

_CHANNELS: Final[tuple[Channel, ...]] = ("email", "sms")


def ticked(
    delivery: Delivery, order: Order, person: Person | None
) -> tuple[tuple[ConsentStatement, ...], tuple[Rejection, ...]]:
    """What an order says of each channel, and why a field gave nothing. A draft is still being typed: it says none."""
    if named_status(order) in DRAFTS:
        return (), ()
    said = [_said(delivery, order, person, channel) for channel in _CHANNELS]
    return (
        tuple(one for one in said if isinstance(one, ConsentStatement)),
        tuple(one for one in said if isinstance(one, Rejection)),
    )


def _said(
    delivery: Delivery, order: Order, person: Person | None, channel: Channel
) -> ConsentStatement | Rejection | None:
    """What an order says of one channel, or why it cannot be taken."""
    said = said_of(channel, delivery.store.opt_in_meta, order.meta_data)
    if said == "nothing" or is_renewal(order):
        return None
    if said != "yes":
        return not_understood(channel)
    address = (person.email if channel == "email" else person.phone) if person else None
    if not address or person is None:
        return reject("opt_in_without_address", f"billing.{'email' if channel == 'email' else 'phone'}", "an address")
    order_id, at = identifier(order.id, "id"), moment_in_utc(order.date_created_gmt)
    if address_in(order.created_via) not in BY_THE_BUYER or at is None:
        return mirrored_opt_in(delivery, f"order:{order_id}:{channel}", channel, address, "api", person.country)
    return checkout_opt_in(delivery, order_id, channel, address, at, country=person.country)
