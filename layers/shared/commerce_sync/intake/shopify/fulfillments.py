"""Fulfilled: a parcel left. Delivered: it arrived. Parcels say which order they belong to, and not who bought it."""

from datetime import datetime
from typing import Final

from msgspec import Struct

from commerce_sync.contracts import Person
from commerce_sync.intake.bodies import Id, decode, decoder_of
from commerce_sync.intake.delivery import Delivery, Facts, Translation, facts_of
from commerce_sync.intake.fields import event_id, identifier, text, utc
from commerce_sync.intake.money import currency
from commerce_sync.intake.properties import properties_of
from commerce_sync.intake.rejections import refuse, reject
from commerce_sync.intake.shopify.lines import order_lines
from commerce_sync.intake.shopify.part_bodies import FulfillmentBody


class FulfillmentStep(Struct, gc=False):
    """A fulfillment event: one step on a parcel's way."""

    fulfillment_id: Id
    order_id: Id
    status: str
    happened_at: datetime


_PARCEL: Final = decoder_of(FulfillmentBody)
_STEP: Final = decoder_of(FulfillmentStep)


def translate(delivery: Delivery) -> Translation:
    """fulfillments/create and update: one parcel.

    Its email is left to the order, which names the same person; it only says whom the body is about.
    """
    parcel = decode(_PARCEL, delivery.body)
    if parcel.order_id is None:
        raise refuse("missing_field", "order_id", "an id")
    order_id = identifier(parcel.order_id, "order_id")
    facts = facts_of(delivery, order_id=order_id, currency=_currency(parcel, delivery))
    email = text(parcel.email)
    return Translation.of(*parcel_facts(parcel, facts))._replace(people=(Person(email=email),) if email else ())


def parcel_facts(parcel: FulfillmentBody, order: Facts) -> list[Facts]:
    """The fulfilled_order of a parcel that left, and its delivered_order once it arrived.

    Only ``status`` success has left: pending and open ones wait, and cancelled, error and failure ones never will
    (Admin API, Fulfillment). ``created_at`` is its time, because ``updated_at`` differs from body to body.

    :param order: the facts that the order's events share.
    """
    parcel_id = identifier(parcel.id, "id")
    if parcel.status != "success":
        raise refuse("fulfillment_not_shipped", "status", "success")
    created_at = utc(parcel.created_at, "created_at")
    sent = order | {
        "event_id": event_id(order["source"], order["store"], order["order_id"], "fulfilled_order", parcel_id),
        "name": "fulfilled_order",
        "occurred_at": created_at,
        "line_items": order_lines(parcel.line_items or ()),
        "properties": properties_of(tracking_number=parcel.tracking_number),
    }
    if parcel.shipment_status != "delivered":
        return [sent]
    arrived_at = utc(parcel.updated_at, "updated_at") if parcel.updated_at else created_at
    return [sent, sent | _arrival(order, parcel_id, arrived_at)]


def _arrival(order: Facts, parcel_id: str, arrived_at: datetime) -> Facts:
    return {
        "event_id": event_id(order["source"], order["store"], order["order_id"], "delivered_order", parcel_id),
        "name": "delivered_order",
        "occurred_at": arrived_at,
    }


def translate_step(delivery: Delivery) -> Translation:
    """fulfillment_events/create: of a parcel's steps only the arrival is an event of ours."""
    step = decode(_STEP, delivery.body)
    if step.status != "delivered":
        return Translation.refused(reject("shipment_not_delivered", "status", "delivered"))
    order = facts_of(delivery, order_id=identifier(step.order_id, "order_id"))
    parcel_id = identifier(step.fulfillment_id, "fulfillment_id")
    return Translation.of(order | _arrival(order, parcel_id, utc(step.happened_at, "happened_at")))


def _currency(parcel: FulfillmentBody, delivery: Delivery) -> str:
    """The currency of the lines' prices; the store's configured one where the body names none."""
    for at, line in enumerate(parcel.line_items or ()):
        prices = line.price_set and line.price_set.shop_money
        if prices and prices.currency_code:
            return currency(prices.currency_code, f"line_items[{at}].price_set.shop_money.currency_code")
    return currency(delivery.store.currency, "line_items")
