"""An order's refunds and parcels, each read by itself: one that is refused takes nothing else with it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from commerce_sync.contracts import LineItem
from commerce_sync.intake.bigcommerce.order_body import OrderBody, RefundBody, Shipment
from commerce_sync.intake.bigcommerce.refunds import refund_facts
from commerce_sync.intake.bigcommerce.shapes import part_of
from commerce_sync.intake.bigcommerce.shipments import order_facts, shipment_facts
from commerce_sync.intake.bigcommerce.statuses import FULFILLED
from commerce_sync.intake.bodies import shaped
from commerce_sync.intake.delivery import Delivery, Facts
from commerce_sync.intake.people import id_in, place_in
from commerce_sync.intake.rejections import RejectedError, Rejection, reject


def part_events(
    delivery: Delivery, order: OrderBody, facts: Facts, lines: Sequence[LineItem], version: datetime
) -> tuple[list[Facts], list[Rejection]]:
    """The refunded_order of each refund and the fulfilled_order of each parcel.

    An order that is shipped or completed without a parcel (files, a status that staff set) is fulfilled as a whole.
    """
    events: list[Facts] = []
    rejections: list[Rejection] = []
    for place, read in _readers(delivery, facts, lines):
        try:
            events.append(read())
        except RejectedError as error:
            rejections.append(error.inside(place).rejection)
    if order.status_id in FULFILLED and not _rows(delivery, "shipments"):
        try:
            events.append(order_facts(order, facts, lines, version))
        except RejectedError as error:
            rejections.append(error.rejection)
    return events, rejections


def missing_part(delivery: Delivery) -> Iterator[Rejection]:
    """The refund or parcel that a webhook is about, where the order has none of that id (any more)."""
    if part := part_of(delivery):
        kind, part_id, path = part
        if part_id not in {id_in(place_in(row).get("id")) for row in _rows(delivery, kind)}:
            yield reject("record_unknown", path, f"one of the order's {kind}")


def _readers(delivery: Delivery, facts: Facts, lines: Sequence[LineItem]) -> Iterable[tuple[str, Callable[[], Facts]]]:
    for at, row in enumerate(_rows(delivery, "refunds")):
        yield f"refunds[{at}]", partial(_refund, row, facts)
    for at, row in enumerate(_rows(delivery, "shipments")):
        yield f"shipments[{at}]", partial(_shipment, row, facts, lines)


def _refund(row: object, facts: Facts) -> Facts:
    return refund_facts(shaped(RefundBody, row), facts)


def _shipment(row: object, facts: Facts, lines: Sequence[LineItem]) -> Facts:
    return shipment_facts(shaped(Shipment, row), facts, lines)


def _rows(delivery: Delivery, kind: str) -> list[Any]:
    rows = (delivery.hydrated or {}).get(kind)
    return rows if isinstance(rows, list) else []
