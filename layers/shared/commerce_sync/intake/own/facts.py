"""What all events of one of the own system's orders share."""

from datetime import datetime

from commerce_sync.intake.delivery import Delivery, Facts, facts_of
from commerce_sync.intake.fields import event_id, identifier
from commerce_sync.intake.own.people import person_of
from commerce_sync.intake.own.shapes import CloudEvent, Data
from commerce_sync.intake.properties import properties_of
from commerce_sync.intake.rejections import refuse


def order_facts(delivery: Delivery, event: CloudEvent, name: str, occurred_at: datetime, *sub_id: str) -> Facts:
    """What all events of an order share."""
    data = event.data
    if data.order_id is None:
        raise refuse("missing_field", "data.order_id", "an id")
    order_id = identifier(data.order_id, "data.order_id")
    return facts_of(
        delivery,
        event_id=event_id(delivery.source, delivery.store.id, order_id, name, *sub_id),
        name=name,
        occurred_at=occurred_at,
        order_id=order_id,
        person=person_of(data),
        properties=_properties(data, name),
    )


def _properties(data: Data, name: str) -> dict[str, str]:
    """The reason is a property of a cancellation only: a refund's stands in the refund."""
    return properties_of(
        data.landing_site,
        order_name=data.order_name,
        coupon=data.coupon,
        tracking_number=data.tracking_number,
        cancel_reason=data.reason if name == "cancelled_order" else None,
    )
