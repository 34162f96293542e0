"""An order body is a statement of everything that happened to that order, whichever topic brought it.

``order.created``, ``order.updated`` and ``order.restored`` carry the whole order, may come several times, and in any
order (woocommerce issues 28329, 43019). So each yields every event that its body proves, and an order is placed by the
first body whose status says that it is one. The ids make repeats harmless.
"""

from datetime import datetime
from typing import Final

from commerce_sync.contracts import CanonicalEvent, LineItem, Person
from commerce_sync.intake.assembly import event_of, state_of
from commerce_sync.intake.bodies import decode, decoder_of
from commerce_sync.intake.delivery import Delivery, Facts, Translation, facts_of
from commerce_sync.intake.fields import escape, event_id, identifier
from commerce_sync.intake.people import id_in, place_in
from commerce_sync.intake.rejections import RejectedError
from commerce_sync.intake.sums import checksum
from commerce_sync.intake.woocommerce.amounts import amounts_of, extras_of
from commerce_sync.intake.woocommerce.lines import Row, rows_of
from commerce_sync.intake.woocommerce.properties import DERIVED, order_properties
from commerce_sync.intake.woocommerce.refunds import refund_events
from commerce_sync.intake.woocommerce.shapes import Order, list_in, person_of
from commerce_sync.intake.woocommerce.statuses import CANCELLED, COMPLETED, REFUNDED, rank_of, status_of
from commerce_sync.intake.woocommerce.ticks import ticked
from commerce_sync.intake.woocommerce.times import last_change, moment, required_moment

_ORDER: Final = decoder_of(Order)


def translate(delivery: Delivery) -> Translation:
    """The whole order as it stands now. What it says of consent holds whatever becomes of its events."""
    order = decode(_ORDER, delivery.body)
    person = person_of(order.customer_id, None, order.billing)
    consent, not_taken = ticked(delivery, order, person)
    try:
        told = _events(delivery, order, person)
    except RejectedError as error:
        told = Translation(rejections=(error.rejection,), people=(person,) if person else ())
    return told._replace(rejections=(*told.rejections, *not_taken), consent=consent)


def _events(delivery: Delivery, order: Order, person: Person | None) -> Translation:
    status = status_of(order, delivery.store)
    order_id, rows, extras = identifier(order.id, "id"), rows_of(order.line_items), extras_of(order)
    name, changed_at = id_in(order.number) or order_id, last_change(order, delivery.store)
    ids = event_id(delivery.source, delivery.store.id, order_id)
    amounts = amounts_of(order, rows, extras)
    shared = facts_of(
        delivery,
        order_id=order_id,
        currency=amounts["currency"],
        person=person,
        occurred_at=required_moment(order, "date_created", delivery.store),
        value=amounts["value"],
        line_items=amounts["line_items"],
        properties=order_properties(order, extras, name),
    )
    placed = shared | amounts | {"event_id": f"{ids}:placed_order", "name": "placed_order"}
    placed["order"] = state_of(
        {
            "version": changed_at,
            "digest": _digest(order, status, rows),
            "name": name,
            "current_value": amounts["value"],
            "financial_status": status,
            "fulfillment_status": "fulfilled" if status == COMPLETED else None,
            "cancelled_at": changed_at if status == CANCELLED else None,
        }
    )
    refunds, refused = refund_events(order, shared, ids, changed_at, delivery)
    ends = [event_of(end) for end in _ends(order, status, shared, ids, changed_at, delivery)]
    products = [_product(row, line, shared, ids) for row, line in zip(rows, amounts["line_items"], strict=True)]
    return Translation((event_of(placed), *products, *ends, *refunds), tuple(refused))


def _product(row: Row, line: LineItem, facts: Facts, ids: str) -> CanonicalEvent:
    """One line, with its own total as the value. The order's properties stay with the order."""
    return event_of(
        facts
        | {
            "event_id": f"{ids}:ordered_product:{escape(line.line_id or '')}",
            "name": "ordered_product",
            "value": row.total,
            "line_items": (line,),
            "properties": {"measured_quantity": row.measured} if row.measured else {},
        }
    )


def _ends(  # noqa: PLR0917 - both ends share all of it
    order: Order, status: str, facts: Facts, ids: str, changed_at: datetime, delivery: Delivery
) -> list[Facts]:
    """fulfilled_order where it was completed, also if its money was returned since; cancelled_order.

    No field says when an order was cancelled, so the time of a cancellation is derived: it was by the last change.
    """
    derived = {"properties": facts["properties"] | {"occurred_trust": DERIVED}}
    if status == CANCELLED:
        return [
            facts
            | derived
            | {"event_id": f"{ids}:cancelled_order", "name": "cancelled_order", "occurred_at": changed_at}
        ]
    completed_at = moment(order, "date_completed", delivery.store)
    if status == COMPLETED or (status == REFUNDED and completed_at):
        sent = {"event_id": f"{ids}:fulfilled_order", "name": "fulfilled_order"}
        return [facts | ({} if completed_at else derived) | sent | {"occurred_at": completed_at or changed_at}]
    return []


def _digest(order: Order, status: str, rows: tuple[Row, ...]) -> str:
    """Decides between two bodies of one second, in which an order is often placed and paid: the one further on.

    A refund need not move the time either. Only what an order is takes part, not who bought it: a digest is kept longer
    than personal data may be.
    """
    refunds = [(one.get("id"), one.get("total")) for one in map(place_in, list_in(order.refunds))]
    totals = (order.currency, order.total, order.discount_total, order.total_tax, order.shipping_total)
    lines = [(row.line.line_id, row.line.quantity, row.subtotal, row.total) for row in rows]
    return f"{rank_of(status)}{min(len(refunds), 999):03}{checksum((status, *totals, lines, refunds))}"
