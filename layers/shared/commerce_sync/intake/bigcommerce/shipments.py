"""Fulfilled: a parcel left, or an order without parcels did. No status of BigCommerce's says that one arrived."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import ROUND_HALF_EVEN

from commerce_sync.contracts import LineItem
from commerce_sync.contracts.currencies import MINOR_UNITS
from commerce_sync.intake.bigcommerce.order_body import OrderBody, Shipment
from commerce_sync.intake.bigcommerce.shapes import moment
from commerce_sync.intake.delivery import Facts
from commerce_sync.intake.fields import event_id, identifier, text
from commerce_sync.intake.properties import properties_of


def shipment_facts(shipment: Shipment, order: Facts, lines: Sequence[LineItem]) -> Facts:
    """The fulfilled_order of one parcel, with what lies in it at the order's prices.

    :param order: the facts that the order's events share.
    """
    parcel_id = identifier(shipment.id, "id")
    return order | {
        "event_id": event_id(order["source"], order["store"], order["order_id"], "fulfilled_order", parcel_id),
        "name": "fulfilled_order",
        "occurred_at": moment(shipment.date_created, "date_created"),
        "line_items": tuple(_contents(shipment, lines, order["currency"])),
        "properties": properties_of(tracking_number=shipment.tracking_number),
    }


def order_facts(body: OrderBody, order: Facts, lines: Sequence[LineItem], version: datetime) -> Facts:
    """The fulfilled_order of an order without parcels: when it was shipped, else when its body was changed."""
    shipped = text(body.date_shipped)
    return order | {
        "event_id": event_id(order["source"], order["store"], order["order_id"], "fulfilled_order"),
        "name": "fulfilled_order",
        "occurred_at": moment(shipped, "order.date_shipped") if shipped else version,
        "line_items": tuple(lines),
        "properties": {},
    }


def _contents(shipment: Shipment, lines: Sequence[LineItem], code: str) -> Iterator[LineItem]:
    """What lies in a parcel. A part of a line takes its share of the line's discount, in whole minor units.

    A line that is no longer the order's has no price, and is left out. No parcel holds more of one than was ordered.
    """
    by_id = {line.line_id: line for line in lines}
    for item in shipment.items or ():
        line = by_id.get(identifier(item.order_product_id, "items.order_product_id"))
        if line is None:
            continue
        if item.quantity < line.quantity:
            share = (line.discount * item.quantity / line.quantity).quantize(MINOR_UNITS[code], ROUND_HALF_EVEN)
            line = line.model_copy(update={"quantity": item.quantity, "discount": share})
        yield line
