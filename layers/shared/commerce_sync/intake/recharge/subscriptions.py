"""Subscriptions: started, paused, skipped, reactivated, cancelled.

A body says what stands now, and its address what became of it. So an end, which the body dates itself, is told by
whichever topic brings it first; the rest is told by its own topic alone. A pause's end has no topic and no field: the
body of ``subscription/updated`` is that of any other change.

No body of a pause or a skip was ever seen by us. They are read as the others are; one that holds something else is set
aside with the place that is missing, and can be replayed.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple

from commerce_sync.contracts import EventName, LineItem
from commerce_sync.intake.bodies import decode, decoder_of
from commerce_sync.intake.delivery import Delivery, Facts, Translation, facts_of
from commerce_sync.intake.fields import EPOCH, event_id, identifier, utc
from commerce_sync.intake.money import currency, money
from commerce_sync.intake.people import address_in, id_in
from commerce_sync.intake.properties import properties_of
from commerce_sync.intake.recharge.people import subscriber_of
from commerce_sync.intake.recharge.shapes import Subscription, SubscriptionBody, moment, shop_id, whole
from commerce_sync.intake.rejections import refuse, reject
from commerce_sync.intake.sums import line_total

_BODY: Final = decoder_of(SubscriptionBody)
_CHANGES: Final[Mapping[str, EventName]] = MappingProxyType(
    {
        "subscription/activated": "subscription_reactivated",
        "subscription/paused": "subscription_paused",
        "subscription/skipped": "subscription_skipped",
    }
)
_ENDS: Final = frozenset({"subscription/cancelled", "subscription/deleted"})
_GOES_ON: Final = frozenset({"subscription/updated", "subscription/swapped", "subscription/unskipped"})
TOPICS: Final = frozenset({"subscription/created", *_CHANGES, *_ENDS, *_GOES_ON})
_ENDED: Final = frozenset({"cancelled", "expired"})
_ENDED_UNDATED: Final = "ended"


class _Step(NamedTuple):
    """What became of a subscription, when, and what tells it from another step of the same name."""

    name: EventName
    at: datetime
    key: str | None = None


def translate(delivery: Delivery) -> Translation:
    """``subscription/*``: what its topic says, and its end where the body dates one."""
    body = decode(_BODY, delivery.body).subscription
    steps = _steps(delivery, body)
    person, same = subscriber_of(delivery, body)
    if not steps:
        goes_on = reject("subscription_goes_on", "subscription", "a start, a pause, a skip or an end")
        return Translation(rejections=(goes_on,), people=(person,) if person else (), same=same)
    subscription = _facts(delivery, body) | {"person": person}
    return Translation(Translation.of(*(_told(subscription, body, step) for step in steps)).events, same=same)


def _steps(delivery: Delivery, body: Subscription) -> list[_Step]:
    topic, status = delivery.topic, (address_in(body.status) or "").lower()
    steps: list[_Step] = []
    if topic == "subscription/created":
        steps.append(_Step("subscription_started", moment(body.created_at, "subscription.created_at")))
    elif name := _CHANGES.get(topic):
        if status in _ENDED:
            raise refuse("wrong_type", "subscription.status", "a subscription that goes on")
        at = moment(body.updated_at, "subscription.updated_at")
        steps.append(_Step(name, at, _key(at)))
    elif topic == "subscription/cancelled" and status and status not in _ENDED:
        raise refuse("wrong_type", "subscription.status", " or ".join(sorted(_ENDED)))
    if topic in _ENDS or status in _ENDED:
        steps.append(_end(delivery, body))
    return steps


def _end(delivery: Delivery, body: Subscription) -> _Step:
    """The end, by its own date. One that has none is the only one of its subscription, as late as the body."""
    if body.cancelled_at:
        at = moment(body.cancelled_at, "subscription.cancelled_at")
        return _Step("subscription_cancelled", at, _key(at))
    if body.updated_at or delivery.received_at is None:
        at = moment(body.updated_at, "subscription.cancelled_at")
    else:
        at = utc(delivery.received_at, "received_at")
    return _Step("subscription_cancelled", at, _ENDED_UNDATED)


def _key(at: datetime) -> str:
    """A moment in an event's id, to the second: the API's two versions differ in what stands behind it."""
    return str((at - EPOCH) // timedelta(seconds=1))


def _facts(delivery: Delivery, body: Subscription) -> Facts:
    """What all steps of a subscription share."""
    lines = _lines(body)
    said = address_in(body.presentment_currency) or delivery.store.currency
    code = currency(said, "subscription.presentment_currency") if lines else None
    return facts_of(
        delivery,
        value=line_total(lines[0]) if lines else None,
        currency=code,
        line_items=lines,
        properties=_properties(body),
    )


def _told(subscription: Facts, body: Subscription, step: _Step) -> Facts:
    ids = (subscription["source"], subscription["store"], identifier(body.id, "subscription.id"), step.name)
    return subscription | {
        "event_id": event_id(*ids, step.key) if step.key else event_id(*ids),
        "name": step.name,
        "occurred_at": step.at,
    }


def _lines(body: Subscription) -> tuple[LineItem, ...]:
    """What is delivered each time, with one unit's price; nothing where a body does not say."""
    if body.price is None or body.quantity is None:
        return ()
    line = LineItem(
        product_id=shop_id(body.external_product_id, body.shopify_product_id),
        variant_id=shop_id(body.external_variant_id, body.shopify_variant_id),
        sku=address_in(body.sku),
        title=address_in(body.product_title),
        quantity=whole(body.quantity, "subscription.quantity"),
        unit_price=money(body.price, "subscription.price"),
    )
    return (line,)


def _properties(body: Subscription) -> dict[str, str]:
    every = (id_in(body.order_interval_frequency), address_in(body.order_interval_unit))
    return properties_of(
        subscription_id=identifier(body.id, "subscription.id"),
        interval=" ".join(filter(None, every)),
        next_charge_on=(address_in(body.next_charge_scheduled_at) or "")[: len("2026-11-01")],
        cancel_reason=address_in(body.cancellation_reason),
    )
