"""The box at the checkout, as an order notes it."""

from typing import Final

from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.intake.bigcommerce.order_body import Order
from commerce_sync.intake.bigcommerce.people import payer_of
from commerce_sync.intake.bigcommerce.shapes import moment
from commerce_sync.intake.delivery import Delivery
from commerce_sync.intake.fields import identifier, text
from commerce_sync.intake.opt_ins import checkout_opt_in, mirrored_opt_in
from commerce_sync.intake.rejections import Rejection, reject

_BY_THE_BUYER: Final = frozenset({"www", "mobile", "iphone", "ipad", "android"})
"""Sources of orders that a buyer placed in the shop; others were placed by staff, an API or a marketplace."""


def opt_in_of(delivery: Delivery, order: Order) -> ConsentStatement | Rejection | None:
    """The ticked box, or why nothing can come of it. A box that was not ticked says nothing."""
    if not order.is_email_opt_in:
        return None
    payer = payer_of(order)
    email, country = text(payer.email), text(payer.country_iso2)
    if email is None:
        return reject("opt_in_without_address", "order.billing_address.email", "an email address")
    order_id = identifier(order.id, "order.id")
    if order.order_source not in _BY_THE_BUYER:
        return mirrored_opt_in(delivery, f"order:{order_id}:email", "email", email, "api", country)
    at = moment(order.date_created, "order.date_created")
    return checkout_opt_in(delivery, order_id, "email", email, at, country=country)
