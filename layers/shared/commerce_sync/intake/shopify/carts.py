"""Carts: one added_to_cart each. A cart's body never says whose it is (webhook topics carts/create, carts/update)."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from msgspec import Struct

from commerce_sync.contracts import LineItem, Store
from commerce_sync.intake.assembly import line_of
from commerce_sync.intake.bodies import Id, decode, decoder_of
from commerce_sync.intake.delivery import Delivery, Translation, facts_of
from commerce_sync.intake.fields import event_id, identifier, identifier_if_any, text, utc
from commerce_sync.intake.money import ZERO, currency, money
from commerce_sync.intake.properties import properties_of
from commerce_sync.intake.rejections import reject
from commerce_sync.intake.shopify.shapes import MoneySet
from commerce_sync.intake.sums import line_total, read_each


class CartLine(Struct, gc=False):
    """One line of a cart. ``line_price`` is what it costs after discounts; its ``id`` is the variant's."""

    quantity: int
    price: object
    id: Id | None = None
    key: str | None = None
    product_id: Id | None = None
    variant_id: Id | None = None
    sku: str | None = None
    title: str | None = None
    original_price: object = None
    line_price: object = None
    line_price_set: MoneySet | None = None


class CartBody(Struct, gc=False):
    """The body of carts/create and update. Old bodies have no ``created_at``."""

    token: Id
    updated_at: datetime
    line_items: list[CartLine]
    created_at: datetime | None = None


_CART: Final = decoder_of(CartBody)


def translate(delivery: Delivery) -> Translation:
    """carts/create and update: the first body with something in it gives the event."""
    cart = decode(_CART, delivery.body)
    if not cart.line_items:
        return Translation.refused(reject("empty_cart", "line_items", "at least one line"))
    token = identifier(cart.token, "token")
    lines = read_each(cart.line_items, _line, "line_items")
    return Translation.of(
        facts_of(
            delivery,
            event_id=event_id(delivery.source, delivery.store.id, token, "added_to_cart"),
            name="added_to_cart",
            occurred_at=_started_at(cart),
            value=sum(map(line_total, lines), ZERO),
            currency=_currency(cart.line_items, delivery.store),
            line_items=lines,
            properties=properties_of(cart_token=token),
        )
    )


def _started_at(cart: CartBody) -> datetime:
    """The cart's first moment where it is told, so that all bodies of a cart give one time."""
    return utc(cart.created_at, "created_at") if cart.created_at else utc(cart.updated_at, "updated_at")


def _line(line: CartLine) -> LineItem:
    return line_of(
        {
            "line_id": text(line.key) or identifier_if_any(line.id, "id"),
            "product_id": identifier_if_any(line.product_id, "product_id"),
            "variant_id": identifier_if_any(line.variant_id, "variant_id"),
            "sku": text(line.sku),
            "title": text(line.title),
            "quantity": line.quantity,
            **_prices(line),
        }
    )


def _prices(line: CartLine) -> dict[str, Decimal]:
    """The price before discounts, and what the line's own total leaves of it.

    ``total_discount`` is not used: in Shopify's own sample it contradicts the line's prices.
    """
    if line.original_price is None:
        unit_price = money(line.price, "price")
    else:
        unit_price = money(line.original_price, "original_price")
    if line.line_price is None:
        return {"unit_price": unit_price, "discount": ZERO}
    paid = money(line.line_price, "line_price")
    return {"unit_price": unit_price, "discount": unit_price * line.quantity - paid}


def _currency(lines: list[CartLine], store: Store) -> str:
    """The currency of the lines' prices; the store's configured one in old bodies, which name none at all."""
    for at, line in enumerate(lines):
        amount = line.line_price_set and line.line_price_set.shop_money
        if amount and amount.currency_code:
            return currency(amount.currency_code, f"line_items[{at}].line_price_set.shop_money.currency_code")
    return currency(store.currency, "line_items")
