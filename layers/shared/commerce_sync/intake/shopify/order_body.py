"""The body of every orders/* topic but edited and delete, as far as it is used."""

from datetime import datetime

from msgspec import Struct

from commerce_sync.intake.bodies import Id
from commerce_sync.intake.shopify.part_bodies import FulfillmentBody, RefundBody
from commerce_sync.intake.shopify.shapes import Customer, MaybeAddress, MoneySet, OrderLine, ShippingLine


class OrderBody(Struct, gc=False):
    """An order. Plain amounts are in ``currency``, the one the shop is paid in."""

    id: Id
    name: str
    created_at: datetime
    updated_at: datetime
    currency: str
    total_price: object
    line_items: list[OrderLine]
    test: bool | None = None
    processed_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancel_reason: str | None = None
    presentment_currency: str | None = None
    total_price_set: MoneySet | None = None
    current_total_price: object = None
    total_discounts: object = None
    total_tax: object = None
    taxes_included: bool | None = None
    total_tip_received: object = None
    duties_included: bool | None = None
    original_total_duties_set: MoneySet | None = None
    original_total_additional_fees_set: MoneySet | None = None
    total_shipping_price_set: MoneySet | None = None
    shipping_lines: list[ShippingLine] | None = None
    financial_status: str | None = None
    fulfillment_status: str | None = None
    email: str | None = None
    contact_email: str | None = None
    phone: str | None = None
    customer: Customer | None = None
    billing_address: MaybeAddress = None
    shipping_address: MaybeAddress = None
    source_name: str | None = None
    landing_site: str | None = None
    cart_token: str | None = None
    checkout_token: str | None = None
    refunds: list[RefundBody] | None = None
    fulfillments: list[FulfillmentBody] | None = None
    buyer_accepts_marketing: object = None
