"""Shopify's web pixel: its customer events as its sandbox gives them, amounts as JSON numbers."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from commerce_sync.contracts import LineItem
from commerce_sync.intake.bodies import decode, decoder_of
from commerce_sync.intake.delivery import Delivery, Facts
from commerce_sync.intake.fields import identifier_if_any
from commerce_sync.intake.money import ZERO
from commerce_sync.intake.sums import read_each
from commerce_sync.intake.web.reading import amount, event_facts, imbalance_of, one_currency, pieces, plain_id
from commerce_sync.intake.web.shapes import Checkout, CheckoutLine, Money, PixelCart, PixelCheckout, PixelView, Variant
from commerce_sync.intake.web.visitors import named

_BY: Final = "shopify_pixel"
_VIEW: Final = decoder_of(PixelView)
_CART: Final = decoder_of(PixelCart)
_CHECKOUT: Final = decoder_of(PixelCheckout)


def viewed_product(delivery: Delivery, raw: bytes) -> Facts:
    """product_viewed: one variant at its price."""
    event = decode(_VIEW, raw)
    variant = event.data.product_variant
    path = "data.productVariant.price.currencyCode"
    code = one_currency([variant.price.currency_code], delivery.store.currency, path)
    line = _line(variant, 1, code, "data.productVariant.")
    return event_facts(
        delivery,
        event,
        "viewed_product",
        named(event.customer),
        by=_BY,
        value=line.unit_price,
        currency=code,
        line_items=(line,),
    )


def added_to_cart(delivery: Delivery, raw: bytes) -> Facts:
    """product_added_to_cart: what was added, not the whole cart."""
    event = decode(_CART, raw)
    said = event.data.cart_line
    price, total = said.merchandise.price, said.cost.total_amount if said.cost else None
    amounts = [one for one in (price, total) if one]
    code = one_currency((one.currency_code for one in amounts), delivery.store.currency, "data.cartLine")
    quantity = pieces(said.quantity, "data.cartLine.quantity")
    line = _line(said.merchandise, quantity, code, "data.cartLine.merchandise.")
    gross = line.unit_price * line.quantity
    value = amount(total.amount, "data.cartLine.cost.totalAmount.amount", code) if total else gross
    discount = max(gross - value, ZERO)
    return event_facts(
        delivery,
        event,
        "added_to_cart",
        named(event.customer),
        by=_BY,
        value=value,
        currency=code,
        discount=discount,
        line_items=(line.model_copy(update={"discount": discount}),),
        imbalance=imbalance_of(value, [line], -discount, ZERO, code),
    )


def started_checkout(delivery: Delivery, raw: bytes) -> Facts:
    """checkout_started: the event that checkouts/create makes of the same token."""
    event = decode(_CHECKOUT, raw)
    checkout = event.data.checkout
    person = named(event.customer, checkout.email)
    code = one_currency(_currencies(checkout), delivery.store.currency, "data.checkout.currencyCode")
    lines = read_each(checkout.line_items, lambda one: _checkout_line(one, code), "data.checkout.lineItems")
    value = amount(checkout.total_price.amount, "data.checkout.totalPrice.amount", code)
    tax = _charge(checkout.total_tax, "totalTax", code)
    shipping = _charge(_shipping(checkout), "shippingLine.price", code)
    allocated = sum((line.discount for line in lines), ZERO)
    discount = _charge(checkout.discounts_amount, "discountsAmount", code) if checkout.discounts_amount else allocated
    return event_facts(
        delivery,
        event,
        "started_checkout",
        person,
        by=_BY,
        checkout=checkout.token,
        value=value,
        currency=code,
        discount=discount,
        tax=tax,
        shipping=shipping,
        line_items=lines,
        imbalance=imbalance_of(value, lines, shipping - discount, tax, code),
    )


def _currencies(checkout: Checkout) -> Iterator[str | None]:
    yield checkout.currency_code
    amounts = (checkout.total_price, checkout.total_tax, checkout.discounts_amount)
    yield from (one.currency_code for one in (*amounts, _shipping(checkout)) if one)
    for line in checkout.line_items:
        yield line.variant.price.currency_code
        yield from (part.amount.currency_code for part in line.discount_allocations or ())


def _shipping(checkout: Checkout) -> Money | None:
    return checkout.shipping_line.price if checkout.shipping_line else None


def _charge(said: Money | None, name: str, code: str) -> Decimal:
    return amount(said.amount, f"data.checkout.{name}.amount", code) if said else ZERO


def _checkout_line(line: CheckoutLine, code: str) -> LineItem:
    parts = read_each(
        line.discount_allocations or (),
        lambda part: amount(part.amount.amount, "amount.amount", code),
        "discountAllocations",
    )
    found = _line(line.variant, pieces(line.quantity, "quantity"), code, "variant.")
    return found.model_copy(update={"line_id": identifier_if_any(line.id, "id"), "discount": sum(parts, ZERO)})


def _line(variant: Variant, quantity: int, code: str, place: str) -> LineItem:
    return LineItem(
        product_id=plain_id(variant.product.id if variant.product else None, f"{place}product.id"),
        variant_id=plain_id(variant.id, f"{place}id"),
        sku=plain_id(variant.sku, f"{place}sku"),
        quantity=quantity,
        unit_price=amount(variant.price.amount, f"{place}price.amount", code),
    )
