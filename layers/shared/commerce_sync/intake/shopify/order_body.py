"""The body of every orders/* topic but edited and delete, as far as it is used."""

from datetime import datetime

from msgspec import Struct

from commerce_sync.intake.bodies import Id
from commerce_sync.intake.shopify.part_bodies import FulfillmentBody, RefundBody
from commerce_sync.intake.shopify.shapes import Customer, MaybeAddress, MoneySet, OrderLine, ShippingLine


class OrderBody(Struct, gc=False, kw_only=True):
    """An order. Plain amounts are in ``currency``, the one the shop is paid in.

    The fields stand in the body's own order, the alphabet's: msgspec then finds most at its first look.
    """

    id: Id
    billing_address: MaybeAddress = None
    buyer_accepts_marketing: object = None
    cancel_reason: str | None = None
    cancelled_at: datetime | None = None
    cart_token: str | None = None
    checkout_token: str | None = None
    contact_email: str | None = None
    created_at: datetime
    currency: str
    current_total_price: object = None
    customer: Customer | None = None
    duties_included: bool | None = None
    email: str | None = None
    financial_status: str | None = None
    fulfillment_status: str | None = None
    fulfillments: list[FulfillmentBody] | None = None
    landing_site: str | None = None
    line_items: list[OrderLine]
    name: str
    original_total_additional_fees_set: MoneySet | None = None
    original_total_duties_set: MoneySet | None = None
    phone: str | None = None
    presentment_currency: str | None = None
    processed_at: datetime | None = None
    refunds: list[RefundBody] | None = None
    shipping_address: MaybeAddress = None
    shipping_lines: list[ShippingLine] | None = None
    source_name: str | None = None
    taxes_included: bool | None = None
    test: bool | None = None
    total_discounts: object = None
    total_price: object
    total_price_set: MoneySet | None = None
    total_shipping_price_set: MoneySet | None = None
    total_tax: object = None
    total_tip_received: object = None
    updated_at: datetime
