"""Refunds: each entry of an order's ``refunds`` is money returned, written as a negative amount.

The order says neither when nor how, and a refund need not change its ``date_modified`` (in the documentation's sample
both refunds are later). ``GET orders/{id}/refunds`` says when, and how much; without it the order's own total is the
amount and its last change the time, and the event says that its time is derived. A refund's id is its own, so whichever
body tells of it first, it is one. The reason stands under ``reason``, in the documentation's sample under ``refund``.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from msgspec import Struct

from commerce_sync.contracts import CanonicalEvent, Refund, Store
from commerce_sync.intake.assembly import event_of
from commerce_sync.intake.bodies import Id, shaped
from commerce_sync.intake.consents import text_in
from commerce_sync.intake.delivery import Delivery, Facts
from commerce_sync.intake.fields import escape, identifier
from commerce_sync.intake.money import money
from commerce_sync.intake.people import place_in
from commerce_sync.intake.rejections import RejectedError, Rejection, refuse
from commerce_sync.intake.woocommerce.properties import DERIVED
from commerce_sync.intake.woocommerce.shapes import Order, list_in
from commerce_sync.intake.woocommerce.times import required_moment

FETCHED: Final = "refunds"
"""Under which what the REST API tells of an order's refunds is handed to a translator: a list of them."""
_LONGEST_REASON: Final = 1000


class RefundBody(Struct, gc=False):
    """A refund: as orders embed it (``total``), and as the REST API tells it (``amount``, with its time)."""

    id: Id
    total: object = None
    amount: object = None
    reason: object = None
    refund: object = None
    date_created: object = None
    date_created_gmt: object = None


class _Told(NamedTuple):
    """A refund by its own record: how much went back, and when."""

    amount: Decimal
    at: datetime


def refund_events(
    order: Order, facts: Facts, ids: str, changed_at: datetime, delivery: Delivery
) -> tuple[list[CanonicalEvent], list[Rejection]]:
    """A refunded_order for each entry. One that is refused takes nothing else with it.

    :param facts: the facts that the order's events share; ``changed_at`` is when the order was last changed.
    """
    events: list[CanonicalEvent] = []
    rejections: list[Rejection] = []
    fetched = _fetched(delivery.hydrated, delivery.store)
    for at, entry in enumerate(list_in(order.refunds)):
        try:
            refund = _refund(_shaped(entry), fetched, ids, changed_at)
        except RejectedError as error:
            rejections.append(error.inside(f"refunds[{at}]").rejection)
        else:
            events.append(event_of(facts | refund))
    return events, rejections


def _refund(refund: RefundBody, fetched: Mapping[str, _Told], ids: str, changed_at: datetime) -> Facts:
    refund_id = identifier(refund.id, "id")
    told = fetched.get(refund_id)
    amount = told.amount if told else abs(money(refund.total, "total"))
    if not amount:
        raise refuse("refund_not_paid", "total", "an amount that was returned")
    reason = text_in(refund.reason, _LONGEST_REASON) or text_in(refund.refund, _LONGEST_REASON)
    return {
        "event_id": f"{ids}:refunded_order:{escape(refund_id)}",
        "name": "refunded_order",
        "occurred_at": told.at if told else changed_at,
        "value": amount,
        "line_items": (),
        "refund": Refund(refund_id=refund_id, amount=amount, reason=reason),
        "properties": {} if told else {"occurred_trust": DERIVED},
    }


def _shaped(entry: object) -> RefundBody:
    """An entry of the list. What is none has no id."""
    fields = place_in(entry)
    if type(fields.get("id")) not in {int, str}:
        raise refuse("missing_field", "id", "a refund's id")
    return shaped(RefundBody, fields, "refunds")


def _fetched(hydrated: Mapping[str, Any] | None, store: Store) -> dict[str, _Told]:
    """What was fetched, by id. What cannot be read is as if it had not been: the order has its own word."""
    found: dict[str, _Told] = {}
    for one in list_in((hydrated or {}).get(FETCHED)):
        try:
            refund = _shaped(one)
            at = required_moment(refund, "date_created", store)
            found[identifier(refund.id, "id")] = _Told(abs(money(refund.amount, "amount")), at)
        except RejectedError:
            continue
    return found
