"""An order and its parts, as the store shows them now, are a statement of everything that happened to it.

So every topic of an order, its refunds and its shipments yields every event that is proved, whichever it was that told;
the ids make repeats harmless, and an event that one delivery lost comes back with the next. An archived order is one
that staff put away: nothing happened to it. Status 0 is a checkout that was begun, which webhooks tell of as well: an
order is placed by its first move out of it, and in every other status it was placed, whenever that was heard of.
"""

from datetime import datetime

from commerce_sync.contracts import LineItem, Person
from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.intake.assembly import event_of
from commerce_sync.intake.bigcommerce.opt_in import opt_in_of
from commerce_sync.intake.bigcommerce.order_amounts import amounts_of
from commerce_sync.intake.bigcommerce.order_body import Order, OrderBody, Product
from commerce_sync.intake.bigcommerce.order_parts import missing_part, part_events
from commerce_sync.intake.bigcommerce.order_state import order_state
from commerce_sync.intake.bigcommerce.people import buyer_of
from commerce_sync.intake.bigcommerce.properties import order_properties
from commerce_sync.intake.bigcommerce.shapes import moment, subject_of
from commerce_sync.intake.bigcommerce.statuses import DECLINED, ENDED, INCOMPLETE
from commerce_sync.intake.delivery import Delivery, Facts, Translation, facts_of
from commerce_sync.intake.fields import escape, event_id, identifier
from commerce_sync.intake.money import currency
from commerce_sync.intake.properties import properties_of
from commerce_sync.intake.records import record_behind
from commerce_sync.intake.rejections import RejectedError, Rejection, reject
from commerce_sync.intake.sums import line_total


def translate(delivery: Delivery) -> Translation:
    """Placed, its lines, ended, refunds, parcels; and the box at the checkout, which holds whatever else is wrong."""
    subject_of(delivery.topic, delivery.body)
    order = record_behind(delivery, "order", Order)
    person = buyer_of(order)
    people = (person,) if person else ()
    if order.status_id == INCOMPLETE:
        return Translation(rejections=(reject("incomplete_order", "order.status_id", "a placed order"),), people=people)
    said = opt_in_of(delivery, order)
    told = _told(delivery, person)
    return told._replace(
        rejections=(*told.rejections, said) if isinstance(said, Rejection) else told.rejections,
        people=() if told.events else people,
        consent=(said,) if isinstance(said, ConsentStatement) else (),
    )


def _told(delivery: Delivery, person: Person | None) -> Translation:
    """The events of an order, or why there are none."""
    try:
        order = record_behind(delivery, "order", OrderBody)
        products = record_behind(delivery, "products", list[Product])
        facts, amounts, version = _known(delivery, order, products, person)
    except RejectedError as error:
        return Translation.refused(error.rejection)
    lines = amounts["line_items"]
    ids = event_id(facts["source"], facts["store"], facts["order_id"])
    placed: Facts = {"order": order_state(order, products, amounts["value"], version)}
    placed |= {"event_id": f"{ids}:placed_order", "name": "placed_order"}
    events = [facts | amounts | placed, *(_product(line, facts, ids) for line in lines)]
    if order.status_id in ENDED:
        events.append(facts | {"value": amounts["value"], "line_items": lines} | _ending(order, facts, ids, version))
    parts, rejections = part_events(delivery, order, facts, lines, version)
    return Translation(tuple(map(event_of, [*events, *parts])), (*rejections, *missing_part(delivery)))


def _known(
    delivery: Delivery, order: OrderBody, products: list[Product], person: Person | None
) -> tuple[Facts, Facts, datetime]:
    """What all events of an order share, its amounts, and its version."""
    code = currency(order.default_currency_code, "order.default_currency_code")
    facts = facts_of(
        delivery,
        order_id=identifier(order.id, "order.id"),
        occurred_at=moment(order.date_created, "order.date_created"),
        currency=code,
        person=person,
        properties=order_properties(order, code),
    )
    return facts, amounts_of(order, products, code), moment(order.date_modified, "order.date_modified")


def _product(line: LineItem, facts: Facts, ids: str) -> Facts:
    """One line, worth its total after its discounts."""
    return facts | {
        "event_id": f"{ids}:ordered_product:{escape(line.line_id or '')}",
        "name": "ordered_product",
        "value": line_total(line),
        "line_items": (line,),
        "properties": {},
    }


def _ending(order: OrderBody, facts: Facts, ids: str, at: datetime) -> Facts:
    reason = properties_of(cancel_reason="declined" if order.status_id == DECLINED else None)
    return {
        "event_id": f"{ids}:cancelled_order",
        "name": "cancelled_order",
        "occurred_at": at,
        "properties": facts["properties"] | reason,
    }
