"""The body of checkouts/create and update, as far as it is used."""

from datetime import datetime

from msgspec import Struct

from commerce_sync.intake.bodies import Id
from commerce_sync.intake.shopify.shapes import Allocation, Customer, MaybeAddress, ShippingLine


class CheckoutLine(Struct, gc=False):
    """One line of a checkout. Newer bodies write ``discount_allocations``, older ones ``applied_discounts``."""

    quantity: int
    price: object
    key: str | None = None
    product_id: Id | None = None
    variant_id: Id | None = None
    sku: str | None = None
    title: str | None = None
    discount_allocations: list[Allocation] | None = None
    applied_discounts: list[Allocation] | None = None


class CheckoutBody(Struct, gc=False):
    """The body of checkouts/create and update. It has no ``*_set`` fields; plain amounts are shop money."""

    token: Id
    created_at: datetime
    currency: str
    total_price: object
    line_items: list[CheckoutLine]
    total_discounts: object = None
    total_tax: object = None
    total_duties: object = None
    taxes_included: bool | None = None
    shipping_lines: list[ShippingLine] | None = None
    email: str | None = None
    phone: str | None = None
    customer: Customer | None = None
    billing_address: MaybeAddress = None
    shipping_address: MaybeAddress = None
    cart_token: str | None = None
    source_name: str | None = None
    landing_site: str | None = None
    abandoned_checkout_url: str | None = None
    buyer_accepts_marketing: object = None
    buyer_accepts_sms_marketing: object = None
    sms_marketing_phone: object = None
    completed_at: object = None
