"""The parts of Recharge's records that are used, in both of its API's versions (2021-01 and 2021-11).

The older one writes numbers as text and text as numbers, 0 and 1 for no and yes, states in capitals and times without
an offset, so most fields may be anything and are looked up one by one.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from msgspec import Struct

from commerce_sync.intake.bodies import Id, decode, decoder_of
from commerce_sync.intake.fields import identifier, utc
from commerce_sync.intake.people import address_in, id_in, place_in
from commerce_sync.intake.records import Behind, Questions
from commerce_sync.intake.rejections import RejectedError, refuse

_NAIVE: Final = UTC
"""What a time without an offset is in: the newer version writes +00:00 in the same places. No page that says so was
seen."""
_SUBSCRIPTION: Final = "subscription/"


class Subscription(Struct, gc=False):
    """One product, for one person, again and again. ``price`` is one unit's. No address is in it, only a customer."""

    id: Id
    customer_id: object = None
    email: object = None
    status: object = None
    created_at: object = None
    updated_at: object = None
    cancelled_at: object = None
    cancellation_reason: object = None
    next_charge_scheduled_at: object = None
    order_interval_frequency: object = None
    order_interval_unit: object = None
    price: object = None
    quantity: object = None
    presentment_currency: object = None
    external_product_id: object = None
    external_variant_id: object = None
    shopify_product_id: object = None
    shopify_variant_id: object = None
    sku: object = None
    product_title: object = None


class Customer(Struct, gc=False):
    """Recharge's person, and the shop's customer who it is."""

    id: Id
    updated_at: object = None
    email: object = None
    phone: object = None
    first_name: object = None
    last_name: object = None
    external_customer_id: object = None
    shopify_customer_id: object = None


class SubscriptionBody(Struct, gc=False):
    """The body of ``subscription/*``."""

    subscription: Subscription


class CustomerBody(Struct, gc=False):
    """The body of ``customer/*``."""

    customer: Customer


class _Named(Struct, gc=False):
    customer_id: Id


class _Naming(Struct, gc=False):
    subscription: _Named


_NAMING: Final = decoder_of(_Naming)


def behind(topic: str, body: bytes) -> Questions:
    """The customer to fetch for a subscription; nothing where nobody is named."""
    if not topic.startswith(_SUBSCRIPTION):
        return
    try:
        customer_id = identifier(decode(_NAMING, body).subscription.customer_id, "subscription.customer_id")
    except RejectedError:
        return
    if customer_id.isdecimal() and customer_id.isascii():
        yield Behind("customer", customer_id)


def moment(value: object, path: str) -> datetime:
    """A time, in UTC."""
    said = address_in(value)
    if said is None:
        raise refuse("missing_field", path, "a time like 2026-11-01T09:30:00+00:00")
    try:
        at = datetime.fromisoformat(said)
    except ValueError as error:
        raise refuse("bad_time", path, "a time like 2026-11-01T09:30:00+00:00") from error
    return utc(at.replace(tzinfo=_NAIVE) if at.tzinfo is None else at, path)


def whole(value: object, path: str) -> int:
    """A count, written as a number or as text."""
    if type(value) is int:
        return value
    said = str(value) if isinstance(value, str | Decimal) else ""
    if said.isascii() and said.isdecimal() and len(said) <= len("1000000000"):
        return int(said)
    raise refuse("wrong_type", path, "a whole number")


def shop_id(*values: object) -> str | None:
    """The shop's own id of a thing: ``{"ecommerce": "123"}`` in the newer version, the plain id in the older."""
    ids = (id_in(place_in(value).get("ecommerce")) or id_in(value) for value in values)
    return next(filter(None, ids), None)
