"""Orders, as far as consent needs them: the box at the checkout. Their events are not translated yet."""

from typing import Final

from commerce_sync.contracts import Person
from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.intake.bigcommerce.shapes import Address, Order, moment
from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.fields import identifier, identifier_if_any, text
from commerce_sync.intake.opt_ins import checkout_opt_in, mirrored_opt_in
from commerce_sync.intake.records import record_behind
from commerce_sync.intake.rejections import Rejection, reject

_INCOMPLETE: Final = 0
_BY_THE_BUYER: Final = frozenset({"www", "mobile", "iphone", "ipad", "android"})
"""Sources of orders that a buyer placed in the shop; others were placed by staff, an API or a marketplace."""
_NOBODY: Final = Address()
_WAITS: Final = reject("not_yet_translated", expected="consent alone is read of orders so far")


def translate(delivery: Delivery) -> Translation:
    """store/order/created, updated and statusUpdated: the whole order as it stands now."""
    order = record_behind(delivery, "order", Order)
    person = _person(order)
    people = (person,) if person else ()
    if order.status_id == _INCOMPLETE:
        return Translation(rejections=(reject("incomplete_order", "order.status_id", "a placed order"),), people=people)
    said = _opt_in(delivery, order, person.email if person else None)
    rejections = (_WAITS, said) if isinstance(said, Rejection) else (_WAITS,)
    return Translation(
        rejections=rejections, people=people, consent=(said,) if isinstance(said, ConsentStatement) else ()
    )


def _opt_in(delivery: Delivery, order: Order, email: str | None) -> ConsentStatement | Rejection | None:
    """The ticked box. A box that was not ticked says nothing."""
    if not order.is_email_opt_in:
        return None
    if email is None:
        return reject("opt_in_without_address", "order.billing_address.email", "an email address")
    order_id, country = identifier(order.id, "order.id"), text((order.billing_address or _NOBODY).country_iso2)
    if order.order_source not in _BY_THE_BUYER:
        return mirrored_opt_in(delivery, f"order:{order_id}:email", "email", email, "api", country)
    at = moment(order.date_created, "order.date_created")
    return checkout_opt_in(delivery, order_id, "email", email, at, country=country)


def _person(order: Order) -> Person | None:
    """Who pays. Customer 0 is a guest."""
    payer = order.billing_address or _NOBODY
    customer_id = identifier_if_any(order.customer_id, "order.customer_id")
    customer_id = None if customer_id == "0" else customer_id
    email, phone = text(payer.email), text(payer.phone)
    if not (email or phone or customer_id):
        return None
    return Person(email=email, phone=phone, customer_id=customer_id, country=text(payer.country_iso2))
