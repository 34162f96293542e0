"""The parts of WooCommerce's records that are used (REST API v3); everything else is skipped.

Plugins write into these records whatever they like, and PHP writes an empty list where an object would be empty, so
most fields may be anything and are looked up one by one. Times that end in ``_gmt`` are UTC and do not say so; their
namesakes are the shop's own time. Amounts are text with a point, in the currency's main unit and without tax,
whatever ``prices_include_tax`` says of how prices were typed.
"""

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from commerce_sync.contracts import Person
from commerce_sync.intake.assembly import person_from
from commerce_sync.intake.bodies import Id
from commerce_sync.intake.people import address_in, id_in, place_in

_PLACE: Final = re.compile("[0-9]{1,9}").fullmatch
"""A place in a list."""


class Sale(Struct, gc=False):
    """What an order and a subscription share. ``discount_total`` and ``shipping_total`` are without tax."""

    id: Id
    status: object = None
    currency: object = None
    total: object = None
    discount_total: object = None
    shipping_total: object = None
    total_tax: object = None
    line_items: object = None
    fee_lines: object = None
    coupon_lines: object = None
    gift_cards: object = None
    number: object = None
    created_via: object = None
    payment_method: object = None
    date_created: object = None
    date_created_gmt: object = None
    date_modified: object = None
    date_modified_gmt: object = None
    date_paid: object = None
    date_paid_gmt: object = None
    date_completed: object = None
    date_completed_gmt: object = None
    customer_id: object = None
    billing: object = None
    meta_data: object = None


class Order(Sale, gc=False):
    """An order."""

    transaction_id: object = None
    refunds: object = None


class Subscription(Sale, gc=False):
    """A subscription (WooCommerce Subscriptions). Its amounts are those of one period; it has no local dates."""

    parent_id: object = None
    billing_period: object = None
    billing_interval: object = None
    start_date_gmt: object = None
    trial_end_date_gmt: object = None
    next_payment_date_gmt: object = None
    last_payment_date_gmt: object = None
    cancelled_date_gmt: object = None
    end_date_gmt: object = None
    resubscribed_from: object = None


class Customer(Struct, gc=False):
    """A customer. One that was never changed has no ``date_modified``."""

    id: Id
    email: object = None
    first_name: object = None
    last_name: object = None
    date_created: object = None
    date_created_gmt: object = None
    date_modified: object = None
    date_modified_gmt: object = None
    billing: object = None
    meta_data: object = None


def fields_in(meta_data: object) -> Iterator[tuple[object, object]]:
    """The fields of plugins: names and values, which are text, numbers, lists or objects."""
    for one in map(place_in, list_in(meta_data)):
        yield one.get("key"), one.get("value")


def list_in(value: object) -> list[object]:
    """The value's items, none where it is no list.

    PHP writes a list that a plugin took something out of as an object: ``{"0": ..., "2": ...}``.
    """
    if isinstance(value, dict) and all(isinstance(key, str) and _PLACE(key) for key in value):
        return list(value.values())
    return value if isinstance(value, list) else []


def person_of(customer_id: object, email: object, billing: object, named: object = None) -> Person | None:
    """Who an order or a customer is about; nobody where nothing says. Customer 0 is a guest.

    Values stay raw: identity normalises emails, phones and countries. The shipping address is the recipient's, who may
    be somebody else.

    :param named: the record whose own name comes before the payer's.
    """
    payer, known_as = place_in(billing), id_in(customer_id)
    known_as = None if known_as == "0" else known_as
    mailing, phone = address_in(email) or address_in(payer.get("email")), address_in(payer.get("phone"))
    if not (mailing or phone or known_as):
        return None
    first_name, last_name = _name(getattr(named, "first_name", None), getattr(named, "last_name", None))
    if not (first_name or last_name):
        first_name, last_name = _name(payer.get("first_name"), payer.get("last_name"))
    return person_from(
        {
            "email": mailing,
            "phone": phone,
            "customer_id": known_as,
            "customer_of": None,
            "hubspot_contact_id": None,
            "first_name": first_name,
            "last_name": last_name,
            "country": address_in(payer.get("country")),
            "unusable": (),
        }
    )


def _name(first: object, last: object) -> tuple[str | None, str | None]:
    """First and last name from one place: two halves of two people are nobody's name."""
    return address_in(first), address_in(last)
