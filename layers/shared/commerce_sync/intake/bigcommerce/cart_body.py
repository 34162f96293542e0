"""A cart as the API shows it (Carts, V3): amounts are JSON numbers, and say nothing of tax."""

from datetime import datetime

from msgspec import Struct

from commerce_sync.intake.bigcommerce.order_body import Quantity
from commerce_sync.intake.bodies import Id


class CartLine(Struct, gc=False):
    """A line of a cart. ``extended_sale_price`` is what the whole line costs after discounts."""

    quantity: Quantity
    list_price: object
    id: Id | None = None
    product_id: Id | None = None
    variant_id: Id | None = None
    sku: str | None = None
    name: str | None = None
    extended_sale_price: object = None


class GiftCertificate(Struct, gc=False):
    """One gift certificate."""

    amount: object
    id: Id | None = None
    name: str | None = None


class CartLines(Struct, gc=False):
    """The lines by their kinds."""

    physical_items: list[CartLine] = []
    digital_items: list[CartLine] = []
    custom_items: list[CartLine] = []
    gift_certificates: list[GiftCertificate] = []


class CartCurrency(Struct, gc=False):
    """What a cart's amounts are in."""

    code: str | None = None


class CartBody(Struct, gc=False):
    """A cart. ``customer_id`` is 0 until somebody signs in, ``email`` is there once it was typed."""

    id: Id
    created_time: datetime
    currency: CartCurrency
    line_items: CartLines
    customer_id: Id | None = None
    email: str | None = None
