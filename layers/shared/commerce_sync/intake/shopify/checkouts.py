"""Checkouts: one started_checkout each, whichever of its bodies arrives first.

A checkout's key is its ``token``: ``id`` was removed in version 2026-04.
"""

from decimal import Decimal
from typing import Final

from commerce_sync.contracts import LineItem
from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.intake.assembly import line_of
from commerce_sync.intake.bodies import decode, decoder_of
from commerce_sync.intake.consents import people_of
from commerce_sync.intake.delivery import Delivery, Facts, Translation, facts_of
from commerce_sync.intake.fields import event_id, identifier, identifier_if_any, text, utc
from commerce_sync.intake.money import ZERO, currency, money, money_or_zero
from commerce_sync.intake.properties import properties_of
from commerce_sync.intake.shopify.checkout_body import CheckoutBody, CheckoutLine
from commerce_sync.intake.shopify.consents import at_checkout
from commerce_sync.intake.shopify.lines import allocated, shipping_price
from commerce_sync.intake.shopify.people import person_of
from commerce_sync.intake.sums import goods_of, imbalance, read_each

_CHECKOUT: Final = decoder_of(CheckoutBody)


def translate(delivery: Delivery) -> Translation:
    """checkouts/create and update. The person is None until the buyer has typed an address."""
    checkout = decode(_CHECKOUT, delivery.body)
    token = identifier(checkout.token, "token")
    facts = facts_of(
        delivery,
        event_id=event_id(delivery.source, delivery.store.id, token, "started_checkout"),
        name="started_checkout",
        occurred_at=utc(checkout.created_at, "created_at"),
        person=person_of(
            checkout.email, checkout.phone, checkout.customer, checkout.billing_address, checkout.shipping_address
        ),
        properties=properties_of(
            checkout.landing_site,
            checkout_token=token,
            cart_token=checkout.cart_token,
            source_name=checkout.source_name,
            abandoned_checkout_url=checkout.abandoned_checkout_url,
        ),
    )
    translation = Translation.of(facts | _amounts(checkout))
    ticked = _ticked(checkout, facts, delivery)
    if checkout.completed_at:
        return translation._replace(consent=ticked)
    return translation._replace(people=people_of(one for one in ticked if one.channel == "sms"))


def _ticked(checkout: CheckoutBody, facts: Facts, delivery: Delivery) -> tuple[ConsentStatement, ...]:
    """The ticked boxes, each with the address beside it. One that was not ticked says nothing.

    They are statements once the checkout is completed: until then a box may be unticked, which nothing would tell.
    """
    boxes = (
        (checkout.buyer_accepts_marketing, "email", checkout.email),
        (checkout.buyer_accepts_sms_marketing, "sms", checkout.sms_marketing_phone),
    )
    country = facts["person"].country if facts["person"] else None
    subject = f"checkout:{facts['properties']['checkout_token']}"
    said = (
        at_checkout(delivery, subject, channel, address, facts["occurred_at"], country)  # type: ignore[arg-type]
        for ticked, channel, address in boxes
        if ticked is True
    )
    return tuple(filter(None, said))


def _amounts(checkout: CheckoutBody) -> Facts:
    code = currency(checkout.currency, "currency")
    value = money(checkout.total_price, "total_price")
    discount = money_or_zero(checkout.total_discounts, "total_discounts")
    tax = money_or_zero(checkout.total_tax, "total_tax")
    shipping = shipping_price(checkout.shipping_lines)
    duties = money_or_zero(checkout.total_duties, "total_duties")
    charges = shipping - discount + (ZERO if checkout.taxes_included else tax) + duties
    lines = read_each(checkout.line_items, _line, "line_items")
    return {
        "value": value,
        "currency": code,
        "discount": discount,
        "tax": tax,
        "shipping": shipping,
        "line_items": lines,
        "imbalance": imbalance(value, goods_of(lines), charges, ZERO, code),
    }


def _line(line: CheckoutLine) -> LineItem:
    return line_of(
        {
            "line_id": text(line.key),
            "product_id": identifier_if_any(line.product_id, "product_id"),
            "variant_id": identifier_if_any(line.variant_id, "variant_id"),
            "sku": text(line.sku),
            "title": text(line.title),
            "quantity": line.quantity,
            "unit_price": money(line.price, "price"),
            "discount": _discount(line),
        }
    )


def _discount(line: CheckoutLine) -> Decimal:
    if line.discount_allocations is not None:
        return allocated(line.discount_allocations, "discount_allocations")
    return allocated(line.applied_discounts or (), "applied_discounts")
