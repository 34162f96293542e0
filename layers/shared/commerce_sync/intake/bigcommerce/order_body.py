"""An order and its parts as the APIs show them: V2 (Orders, Order Products, Order Shipments), V3 (Order Refunds).

V2 writes amounts as text of four decimals and times by RFC 2822, an empty text for none; V3 writes JSON numbers and
ISO 8601. Amounts are ``object``, and ``money`` reads all of them.
"""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from commerce_sync.intake.bodies import Id

Quantity = Annotated[int, Meta(ge=0, le=2**31 - 1)]
"""Pieces of a line."""


class Address(Struct, gc=False):
    """Who pays. ``country_iso2`` is the country's code."""

    email: str | None = None
    phone: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    country_iso2: str | None = None


class Order(Struct, gc=False):
    """What consent needs of an order, whatever else of it can be read. Status 0 is a checkout that was begun."""

    id: Id
    status_id: int
    date_created: str
    customer_id: Id | None = None
    is_email_opt_in: bool | None = None
    order_source: str | None = None
    billing_address: Address | None = None


class OrderBody(Order, gc=False):
    """The rest. ``default_currency_code`` is charged, ``currency_code`` is what the buyer saw.

    ``store_default_currency_code`` is the store's own (empty in some answers).
    """

    date_modified: str = ""
    date_shipped: str | None = None
    total_inc_tax: object = None
    total_tax: object = None
    discount_amount: object = None
    coupon_discount: object = None
    shipping_cost_inc_tax: object = None
    shipping_cost_ex_tax: object = None
    handling_cost_inc_tax: object = None
    handling_cost_ex_tax: object = None
    wrapping_cost_inc_tax: object = None
    wrapping_cost_ex_tax: object = None
    store_credit_amount: object = None
    gift_certificate_amount: object = None
    default_currency_code: str | None = None
    currency_code: str | None = None
    store_default_currency_code: str | None = None
    store_default_to_transactional_exchange_rate: object = None
    payment_status: str | None = None
    payment_method: str | None = None
    channel_id: Id | None = None
    cart_id: str | None = None


class AppliedDiscount(Struct, gc=False):
    """A part of a discount or coupon that falls on one line."""

    amount: object = None


class Product(Struct, gc=False):
    """One line. ``product_id`` is 0 on custom lines and gift certificates."""

    id: Id
    quantity: Quantity
    price_inc_tax: object = None
    price_ex_tax: object = None
    product_id: Id | None = None
    variant_id: Id | None = None
    sku: str | None = None
    name: str | None = None
    applied_discounts: list[AppliedDiscount] | None = None


class ShippedItem(Struct, gc=False):
    """How much of a line lies in a parcel."""

    order_product_id: Id
    quantity: Quantity


class Shipment(Struct, gc=False):
    """One parcel."""

    id: Id
    date_created: str
    tracking_number: str | None = None
    items: list[ShippedItem] | None = None


class Payment(Struct, gc=False):
    """One movement of a refund's money."""

    amount: object = None
    is_declined: bool | None = None


class RefundBody(Struct, gc=False):
    """One refund. Its ``total_amount`` was asked for, ``payments`` were made or declined."""

    id: Id
    created: datetime
    reason: str | None = None
    payments: list[Payment] | None = None
