"""What the own order system may say. Amounts are text (or exact JSON numbers) in ``currency``."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from msgspec import Struct

from commerce_sync.intake.bodies import Id, decoder_of
from commerce_sync.intake.delivery import Delivery, Facts


class Product(Struct, gc=False):
    """One line. ``price`` is of one piece before discounts; ``discount`` is the whole line's."""

    price: object
    quantity: int
    line_id: Id | None = None
    product_id: Id | None = None
    variant_id: Id | None = None
    sku: str | None = None
    name: str | None = None
    discount: object = None


class Buyer(Struct, gc=False):
    """Who it is about: in ``data`` itself, or in ``data.customer``."""

    id: Id | None = None
    customer_id: Id | None = None
    email: str | None = None
    phone: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    country: str | None = None


class Data(Buyer, gc=False):
    """``total`` is what the buyer owes as placed, ``current_total`` after an edit.

    ``revenue`` (less tax and shipping) and ``subtotal`` are not read: neither is what the buyer owes.
    ``accepts_marketing`` and ``accepts_sms`` are boxes: ticked is ``true``, everything else says nothing.
    """

    order_id: Id | None = None
    order_name: str | None = None
    checkout_id: Id | None = None
    subscription_id: Id | None = None
    refund_id: Id | None = None
    fulfillment_id: Id | None = None
    total: object = None
    current_total: object = None
    amount: object = None
    discount: object = None
    tax: object = None
    shipping: object = None
    taxes_included: bool | None = None
    currency: str | None = None
    products: list[Product] | None = None
    placed_at: datetime | None = None
    updated_at: datetime | None = None
    cancelled_at: datetime | None = None
    payment_status: str | None = None
    fulfillment_status: str | None = None
    reason: str | None = None
    coupon: str | None = None
    tracking_number: str | None = None
    landing_site: str | None = None
    test: bool | None = None
    accepts_marketing: object = None
    accepts_sms: object = None
    customer: Buyer | None = None


class Typed(Struct, gc=False):
    """What kind of event it is, whatever else of it can be read."""

    type: object = None


class CloudEvent(Struct, gc=False):
    """The structured form: context attributes beside ``data`` (CloudEvents 1.0, JSON event format)."""

    id: Id
    type: str
    data: Data
    time: datetime | None = None


TYPE: Final = decoder_of(Typed)
EVENT: Final = decoder_of(CloudEvent)

#: Makes the facts of one type's events.
Teller = Callable[[Delivery, CloudEvent], list[Facts]]
