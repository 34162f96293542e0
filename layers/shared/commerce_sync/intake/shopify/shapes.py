"""The parts of Shopify's bodies that more than one topic carries. Only what is used; everything else is skipped.

Amounts are ``object``: Shopify writes text and JSON numbers in one body, and ``fields.money`` reads both.
"""

from msgspec import Struct

from commerce_sync.intake.bodies import Id


class Money(Struct, gc=False):
    """An amount with its currency."""

    amount: object = None
    currency_code: str | None = None


class MoneySet(Struct, gc=False):
    """One amount in the currency the shop is paid in, and in the one the buyer saw."""

    shop_money: Money | None = None
    presentment_money: Money | None = None


class Address(Struct, gc=False):
    """A postal address, of which names, phone and country are used."""

    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    country_code: str | None = None
    country: str | None = None


#: Some bodies write an empty list where there is no address.
MaybeAddress = Address | list[object] | None


class Customer(Struct, gc=False):
    """Shopify's person; absent on point-of-sale orders and after a customer was deleted."""

    id: Id | None = None
    email: str | None = None
    phone: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    default_address: MaybeAddress = None


class Allocation(Struct, gc=False):
    """A part of a discount that falls on one line."""

    amount: object = None


class OrderLine(Struct, gc=False):
    """One line of an order or of a fulfillment. ``product_id`` is null on custom lines and deleted products."""

    id: Id
    quantity: int
    price: object
    product_id: Id | None = None
    variant_id: Id | None = None
    sku: str | None = None
    title: str | None = None
    discount_allocations: list[Allocation] | None = None
    total_discount: object = None


class ShippingLine(Struct, gc=False):
    """A way of shipping and its price. Since 2024-04 removed ones stay in the body, flagged."""

    price: object = None
    is_removed: bool | None = None
