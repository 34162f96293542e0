"""Carts: one added_to_cart each, once it is known whose it is.

A cart names its owner by an id, or by an email address that was typed at the checkout; most name nobody. Two topics are
not used: a cart that was converted is an order by now, whose own webhooks tell more; and one that was abandoned has not
been touched for an hour, which is no act of the buyer: whoever waits for an order after the event finds out without it.
"""

from decimal import Decimal
from typing import Final

from commerce_sync.contracts import LineItem, Person
from commerce_sync.intake.assembly import line_of
from commerce_sync.intake.bigcommerce.cart_body import CartBody, CartLine, GiftCertificate
from commerce_sync.intake.bigcommerce.customers import Customer
from commerce_sync.intake.bigcommerce.people import id_but_zero, person_of
from commerce_sync.intake.bigcommerce.shapes import subject_of
from commerce_sync.intake.bodies import shaped
from commerce_sync.intake.delivery import Delivery, Facts, Translation, facts_of
from commerce_sync.intake.fields import event_id, first, identifier, identifier_if_any, text, utc
from commerce_sync.intake.money import ZERO, currency, in_units, money
from commerce_sync.intake.properties import properties_of
from commerce_sync.intake.records import record_behind
from commerce_sync.intake.rejections import RejectedError, reject
from commerce_sync.intake.sums import line_total, read_each

_UNKNOWN: Final = Customer(id="")


def translate(delivery: Delivery) -> Translation:
    """store/cart/created, updated and lineItem: the first body with something in it and somebody behind it."""
    subject_of(delivery.topic, delivery.body)
    cart = record_behind(delivery, "cart", CartBody)
    person = _owner(delivery, cart)
    if person is None:
        return Translation.refused(reject("cart_without_person", "cart.customer_id", "a customer or an email address"))
    try:
        code = currency(cart.currency.code, "currency.code")
        lines = _lines(cart, code)
        if lines:
            return Translation.of(_facts(delivery, cart) | {"person": person, "currency": code} | _worth(lines))
    except RejectedError as error:
        return Translation(rejections=(error.inside("cart").rejection,), people=(person,))
    return Translation(rejections=(reject("empty_cart", "cart.line_items", "at least one line"),), people=(person,))


def _facts(delivery: Delivery, cart: CartBody) -> Facts:
    """The cart's first moment, so that all its bodies give one event at one time."""
    cart_id = identifier(cart.id, "id")
    return facts_of(
        delivery,
        event_id=event_id(delivery.source, delivery.store.id, cart_id, "added_to_cart"),
        name="added_to_cart",
        occurred_at=utc(cart.created_time, "created_time"),
        properties=properties_of(cart_token=cart_id),
    )


def _worth(lines: tuple[LineItem, ...]) -> Facts:
    return {"line_items": lines, "value": sum(map(line_total, lines), ZERO)}


def _owner(delivery: Delivery, cart: CartBody) -> Person | None:
    """Who can be told: by the address that was typed, else the customer's own."""
    customer_id = id_but_zero(cart.customer_id, "cart.customer_id")
    record = (delivery.hydrated or {}).get("customer")
    customer = _UNKNOWN if record is None else shaped(Customer, record, "customer")
    email = first(cart.email, customer.email)
    return person_of(email, customer.phone, customer_id, customer.first_name, customer.last_name) if email else None


def _lines(cart: CartBody, code: str) -> tuple[LineItem, ...]:
    kinds = cart.line_items
    items = [*kinds.physical_items, *kinds.digital_items, *kinds.custom_items]
    return (
        *read_each(items, lambda line: _line(line, code), "line_items"),
        *read_each(kinds.gift_certificates, lambda gift: _gift(gift, code), "line_items.gift_certificates"),
    )


def _line(line: CartLine, code: str) -> LineItem:
    """The price before discounts, and what the line's own total leaves of it."""
    unit_price = in_units(money(line.list_price, "list_price"), code)
    paid = unit_price * line.quantity
    if line.extended_sale_price is not None:
        paid = money(line.extended_sale_price, "extended_sale_price")
    return _line_item(line, line.quantity, unit_price, in_units(unit_price * line.quantity - paid, code)).model_copy(
        update={
            "product_id": id_but_zero(line.product_id, "product_id"),
            "variant_id": id_but_zero(line.variant_id, "variant_id"),
            "sku": text(line.sku),
        }
    )


def _gift(gift: GiftCertificate, code: str) -> LineItem:
    return _line_item(gift, 1, in_units(money(gift.amount, "amount"), code), ZERO)


def _line_item(line: CartLine | GiftCertificate, quantity: int, unit_price: Decimal, discount: Decimal) -> LineItem:
    return line_of(
        {
            "line_id": identifier_if_any(line.id, "id"),
            "product_id": None,
            "variant_id": None,
            "sku": None,
            "title": text(line.name),
            "quantity": quantity,
            "unit_price": unit_price,
            "discount": discount,
        }
    )
