"""Before and after the order: checkouts, parcels that left, parcels that arrived."""

from commerce_sync.intake.delivery import Delivery, Facts, facts_of
from commerce_sync.intake.fields import event_id, identifier, identifier_if_any
from commerce_sync.intake.money import currency
from commerce_sync.intake.own.amounts import amounts_of, lines_of
from commerce_sync.intake.own.facts import order_facts
from commerce_sync.intake.own.people import person_of
from commerce_sync.intake.own.shapes import CloudEvent
from commerce_sync.intake.own.times import moment_of
from commerce_sync.intake.properties import properties_of
from commerce_sync.intake.rejections import refuse


def fulfilled(delivery: Delivery, event: CloudEvent) -> list[Facts]:
    """order.fulfilled: one parcel, or the whole order where no ``fulfillment_id`` is given."""
    return [_parcel(delivery, event, "fulfilled_order")]


def delivered(delivery: Delivery, event: CloudEvent) -> list[Facts]:
    """order.delivered: the same for the arrival."""
    return [_parcel(delivery, event, "delivered_order")]


def _parcel(delivery: Delivery, event: CloudEvent, name: str) -> Facts:
    """A parcel's lines are told where the event repeats them; their prices are in the store's currency then."""
    data = event.data
    parcel = identifier_if_any(data.fulfillment_id, "data.fulfillment_id")
    facts = order_facts(delivery, event, name, moment_of(event, None, ""), *([parcel] if parcel else []))
    if data.products:
        facts["line_items"] = lines_of(data)
        facts["currency"] = currency(data.currency or delivery.store.currency, "data.currency")
    return facts


def started_checkout(delivery: Delivery, event: CloudEvent) -> list[Facts]:
    """checkout.started: one event for each ``checkout_id``."""
    data = event.data
    if data.checkout_id is None:
        raise refuse("missing_field", "data.checkout_id", "an id")
    checkout_id = identifier(data.checkout_id, "data.checkout_id")
    lines = lines_of(data)
    own = {
        "event_id": event_id(delivery.source, delivery.store.id, checkout_id, "started_checkout"),
        "name": "started_checkout",
        "occurred_at": moment_of(event, None, ""),
        "line_items": lines,
        "person": person_of(data),
        "properties": properties_of(data.landing_site, checkout_token=checkout_id),
    }
    return [facts_of(delivery, **own, **amounts_of(data, lines))]
