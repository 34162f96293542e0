"""Subscriptions of the own system: started, paused, skipped, reactivated, cancelled. Each type tells one step.

A subscription starts once. Any other step may come again, so each is told by the CloudEvent's own id.
"""

from commerce_sync.contracts import EventName
from commerce_sync.intake.delivery import Delivery, Facts, facts_of
from commerce_sync.intake.fields import event_id, identifier, identifier_if_any
from commerce_sync.intake.money import ZERO, currency
from commerce_sync.intake.own.amounts import lines_of, owed
from commerce_sync.intake.own.people import person_of
from commerce_sync.intake.own.shapes import CloudEvent, Data, Teller
from commerce_sync.intake.own.times import moment_of
from commerce_sync.intake.properties import properties_of
from commerce_sync.intake.rejections import refuse
from commerce_sync.intake.sums import line_total


def step(name: EventName) -> Teller:
    """What tells a step of that name."""

    def told(delivery: Delivery, event: CloudEvent) -> list[Facts]:
        return [_facts(delivery, event, name)]

    return told


def _facts(delivery: Delivery, event: CloudEvent, name: EventName) -> Facts:
    data = event.data
    if data.subscription_id is None:
        raise refuse("missing_field", "data.subscription_id", "an id")
    subscription_id = identifier(data.subscription_id, "data.subscription_id")
    key = [] if name == "subscription_started" else [identifier(event.id, "id")]
    facts = facts_of(
        delivery,
        event_id=event_id(delivery.source, delivery.store.id, subscription_id, name, *key),
        name=name,
        occurred_at=moment_of(event, None, ""),
        order_id=identifier_if_any(data.order_id, "data.order_id"),
        person=person_of(data),
        properties=properties_of(
            subscription_id=subscription_id, cancel_reason=data.reason if name == "subscription_cancelled" else None
        ),
    )
    return facts | _worth(delivery, data)


def _worth(delivery: Delivery, data: Data) -> Facts:
    """What each delivery costs, as far as it is told: its total, else its lines."""
    if data.total is None and not data.products:
        return {}
    code = currency(data.currency or delivery.store.currency, "data.currency")
    lines = lines_of(data) if data.products else ()
    value = owed(data.total, code, "data.total") if data.total is not None else sum(map(line_total, lines), ZERO)
    return {"value": value, "currency": code, "line_items": lines}
