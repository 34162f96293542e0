"""Orders of the own system. Each type tells one thing, so a body proves no more than its type says."""

from datetime import datetime
from decimal import Decimal

from commerce_sync.contracts import LineItem, OrderState, Refund
from commerce_sync.intake.delivery import Delivery, Facts
from commerce_sync.intake.fields import event_id, identifier, text, utc
from commerce_sync.intake.money import currency, money
from commerce_sync.intake.own.amounts import amounts_of, lines_of, owed
from commerce_sync.intake.own.facts import order_facts
from commerce_sync.intake.own.shapes import CloudEvent
from commerce_sync.intake.own.times import moment_of
from commerce_sync.intake.rejections import refuse
from commerce_sync.intake.sums import checksum, line_total


def placed(delivery: Delivery, event: CloudEvent) -> list[Facts]:
    """order.completed: the order and its lines, at ``placed_at`` or just now."""
    return _order(delivery, event, moment_of(event, event.data.placed_at, "data.placed_at"))


def updated(delivery: Delivery, event: CloudEvent) -> list[Facts]:
    """order.updated: the whole order again. It must say when it was placed, or an edit would look like a sale."""
    if event.data.placed_at is None:
        raise refuse("missing_field", "data.placed_at", "when the order was placed")
    return _order(delivery, event, utc(event.data.placed_at, "data.placed_at"))


def _order(delivery: Delivery, event: CloudEvent, placed_at: datetime) -> list[Facts]:
    lines = lines_of(event.data)
    amounts = amounts_of(event.data, lines)
    facts = order_facts(delivery, event, "placed_order", placed_at) | amounts | {"line_items": lines}
    facts["order"] = _state(event, facts["value"], facts["currency"])
    return [facts, *(_product(facts, line, f"{at}") for at, line in enumerate(lines, start=1))]


def _product(order: Facts, line: LineItem, position: str) -> Facts:
    """One line. Its sub id is its ``line_id``, else its position, which the sender must keep."""
    name = "ordered_product"
    product = {
        "event_id": event_id(order["source"], order["store"], order["order_id"], name, line.line_id or position),
        "name": name,
        "value": line_total(line),
        "line_items": (line,),
    }
    return order | dict.fromkeys(("discount", "tax", "shipping", "order", "imbalance")) | product


def _state(event: CloudEvent, value: Decimal, code: str) -> OrderState:
    data = event.data
    part = (data.total, data.current_total, data.currency, data.products, data.payment_status, data.fulfillment_status)
    return OrderState(
        version=moment_of(event, data.updated_at, "data.updated_at"),
        digest=checksum(part),
        name=text(data.order_name) or identifier(data.order_id or "", "data.order_id"),
        current_value=value if data.current_total is None else owed(data.current_total, code, "data.current_total"),
        financial_status=text(data.payment_status),
        fulfillment_status=text(data.fulfillment_status),
        cancelled_at=utc(data.cancelled_at, "data.cancelled_at") if data.cancelled_at else None,
    )


def cancelled(delivery: Delivery, event: CloudEvent) -> list[Facts]:
    """order.cancelled: with the order's value where the event repeats it."""
    data = event.data
    facts = order_facts(delivery, event, "cancelled_order", moment_of(event, data.cancelled_at, "data.cancelled_at"))
    if data.total is not None:
        code = currency(data.currency, "data.currency")
        facts |= {"value": owed(data.total, code, "data.total"), "currency": code}
    return [facts]


def refunded(delivery: Delivery, event: CloudEvent) -> list[Facts]:
    """order.refunded: ``amount`` is money really returned. Without a ``refund_id`` the CloudEvent's id is one."""
    refund_id = identifier(event.data.refund_id or event.id, "data.refund_id")
    if not money(event.data.amount, "data.amount"):
        raise refuse("refund_not_paid", "data.amount", "an amount above zero")
    facts = order_facts(delivery, event, "refunded_order", moment_of(event, None, ""), refund_id)
    code = currency(event.data.currency, "data.currency")
    amount = abs(owed(event.data.amount, code, "data.amount"))
    money_back = Refund(refund_id=refund_id, amount=amount, reason=text(event.data.reason))
    return [facts | {"value": amount, "currency": code, "refund": money_back}]
