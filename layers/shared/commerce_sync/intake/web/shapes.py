"""What a browser may say, as far as it is read. Numbers keep the digits that they were written with.

Shopify's web pixel says it in the shape of its customer events (shopify.dev, Web Pixels API), to which our extension
adds the ``customer`` of the pixel's ``init``. The snippet's shape is ours (:mod:`commerce_sync.contracts.web_events`).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from msgspec import Struct

from commerce_sync.intake.bodies import Id, decoder_of
from commerce_sync.intake.delivery import Delivery, Facts


class Head(Struct, gc=False):
    """What every event begins with. ``id`` is the browser's own, so a repeat has it again."""

    id: str
    name: str
    timestamp: datetime
    customer: object = None


class Money(Struct, rename="camel", gc=False):
    """An amount in the currency that the buyer sees."""

    amount: object
    currency_code: str | None = None


class Product(Struct, gc=False):
    """The product of a variant."""

    id: Id | None = None


class Variant(Struct, gc=False):
    """One sort of a product."""

    price: Money
    id: Id | None = None
    sku: str | None = None
    product: Product | None = None


class Viewed(Struct, rename="camel", gc=False):
    """``data`` of product_viewed."""

    product_variant: Variant


class CartCost(Struct, rename="camel", gc=False):
    """What a line costs after discounts."""

    total_amount: Money | None = None


class CartLine(Struct, gc=False):
    """What was put into the cart."""

    merchandise: Variant
    quantity: int
    cost: CartCost | None = None


class Added(Struct, rename="camel", gc=False):
    """``data`` of product_added_to_cart."""

    cart_line: CartLine


class Allocation(Struct, gc=False):
    """A part of a discount that falls on one line."""

    amount: Money


class CheckoutLine(Struct, rename="camel", gc=False):
    """One line. ``variant`` is null where the product was deleted: then nothing names its price."""

    variant: Variant
    quantity: int
    id: Id | None = None
    discount_allocations: list[Allocation] | None = None


class ShippingLine(Struct, gc=False):
    """The chosen way of shipping."""

    price: Money | None = None


class Checkout(Struct, rename="camel", gc=False):
    """``checkout`` of checkout_started. Its boxes for marketing are not read: a browser gives no consent."""

    total_price: Money
    line_items: list[CheckoutLine]
    token: Id | None = None
    currency_code: str | None = None
    email: object = None
    total_tax: Money | None = None
    discounts_amount: Money | None = None
    shipping_line: ShippingLine | None = None


class Started(Struct, gc=False):
    """``data`` of checkout_started."""

    checkout: Checkout


class PixelView(Head, gc=False, kw_only=True):
    """product_viewed."""

    data: Viewed


class PixelCart(Head, gc=False, kw_only=True):
    """product_added_to_cart."""

    data: Added


class PixelCheckout(Head, gc=False, kw_only=True):
    """checkout_started."""

    data: Started


class Line(Struct, gc=False):
    """One product of the snippet's events. ``price`` is of one piece."""

    price: object
    product_id: Id | None = None
    variant_id: Id | None = None
    sku: str | None = None
    quantity: int = 1


class Visit(Head, gc=False, kw_only=True):
    """The snippet's event. ``total`` is what a checkout comes to, with tax and shipping and less its discount."""

    products: list[Line]
    currency: str | None = None
    checkout_id: Id | None = None
    total: object = None
    discount: object = None
    tax: object = None
    shipping: object = None


HEAD: Final = decoder_of(Head)

#: Makes the facts of one event.
Teller = Callable[[Delivery, bytes], Facts]
