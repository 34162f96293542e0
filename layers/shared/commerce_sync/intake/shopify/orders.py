"""An order body is a statement of everything that happened to that order, whichever topic brought it.

So every order topic yields every event that its body proves. The ids make repeats harmless, and an event that
one delivery lost comes back with the next.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Final

from commerce_sync.contracts import CanonicalEvent, LineItem
from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.intake.assembly import event_of
from commerce_sync.intake.bodies import decode, decoder_of
from commerce_sync.intake.delivery import Delivery, Facts, Translation, facts_of
from commerce_sync.intake.fields import escape, event_id, first, identifier, utc
from commerce_sync.intake.money import ZERO, currency, money
from commerce_sync.intake.opt_ins import mirrored_opt_in
from commerce_sync.intake.people import address_in
from commerce_sync.intake.properties import properties_of
from commerce_sync.intake.records import record_behind
from commerce_sync.intake.rejections import RejectedError, Rejection, refuse, reject
from commerce_sync.intake.shopify.consents import at_checkout
from commerce_sync.intake.shopify.fulfillments import parcel_facts
from commerce_sync.intake.shopify.lines import order_lines
from commerce_sync.intake.shopify.order_amounts import charges_of
from commerce_sync.intake.shopify.order_body import OrderBody
from commerce_sync.intake.shopify.order_state import order_state, placed_at
from commerce_sync.intake.shopify.part_bodies import RefundBody
from commerce_sync.intake.shopify.people import person_of
from commerce_sync.intake.shopify.refund_amounts import Currencies
from commerce_sync.intake.shopify.refunds import refund_facts
from commerce_sync.intake.shopify.thin import EDIT
from commerce_sync.intake.sums import price_of

ONLINE_CHECKOUT: Final = "web"
"""Where an order came from whose buyer saw the checkout's boxes (``source_name``)."""
_ORDER: Final = decoder_of(OrderBody)


def translate(delivery: Delivery) -> Translation:
    """Placed, its lines, cancelled, refunds and fulfillments: whatever this body proves."""
    return _translated(delivery, decode(_ORDER, delivery.body))


def edited(delivery: Delivery) -> Translation:
    """orders/edited names the order alone, so its newest body is fetched and proves what it proves.

    orders/updated tells the same where it is sent; that it is sent for every edit is written nowhere.
    """
    order_id = identifier(decode(EDIT, delivery.body).order_edit.order_id, "order_edit.order_id")
    order = record_behind(delivery, "order", OrderBody, "order_edit.order_id")
    if identifier(order.id, "order.id") != order_id:
        raise refuse("record_unknown", "order_edit.order_id", "the order that was edited")
    try:
        return _translated(delivery, order)
    except RejectedError as error:
        raise error.inside("order") from error


def whole_order(delivery: Delivery, order: OrderBody) -> Iterator[CanonicalEvent]:
    """What happened to an order as a whole: placed, and cancelled where it was."""
    events = _order_events(order, _facts(delivery, order))
    return (event for event in events if event.name != "ordered_product")


def _translated(delivery: Delivery, order: OrderBody) -> Translation:
    if order.test:
        return Translation.refused(reject("test_order", "test", "false"))
    order_facts = _facts(delivery, order)
    events = _order_events(order, order_facts)
    ticked = _ticked(order, order_facts, delivery, events[0].occurred_at)
    if not (order.refunds or order.fulfillments):
        return Translation(tuple(events), consent=ticked)
    parts, rejections = _part_events(order, order_facts)
    return Translation((*events, *parts), tuple(rejections), consent=ticked)


def _facts(delivery: Delivery, order: OrderBody) -> Facts:
    """What all events of an order share."""
    return facts_of(
        delivery,
        order_id=identifier(order.id, "id"),
        currency=currency(order.currency, "currency"),
        person=person_of(
            first(order.email, order.contact_email),
            order.phone,
            order.customer,
            order.billing_address,
            order.shipping_address,
        ),
        properties=_properties(order),
    )


def _ticked(order: OrderBody, facts: Facts, delivery: Delivery, at: datetime) -> tuple[ConsentStatement, ...]:
    """The ticked box beside the email address that was typed. One that was not ticked says nothing.

    Orders that came about otherwise (a renewal, the till, staff, an app) had no box: their flag repeats what the
    customer once said, and read as an opt-in of its own day it would outdo every opt-out since.
    """
    if order.buyer_accepts_marketing is not True:
        return ()
    person, address = facts["person"], address_in(first(order.email, order.contact_email))
    country = person.country if person else None
    subject = f"order:{facts['order_id']}"
    if order.source_name == ONLINE_CHECKOUT:
        said = at_checkout(delivery, subject, "email", address, at, country)
    else:
        said = mirrored_opt_in(delivery, f"{subject}:email", "email", address, "api", country) if address else None
    return (said,) if said else ()


def _order_events(order: OrderBody, facts: Facts) -> list[CanonicalEvent]:
    """placed_order, an ordered_product for each line, and cancelled_order where the order was cancelled."""
    happened_at = placed_at(order.created_at, order.processed_at)
    cancelled_at = utc(order.cancelled_at, "cancelled_at") if order.cancelled_at else None
    value = money(order.total_price, "total_price")
    lines = order_lines(order.line_items)
    ids = event_id(facts["source"], facts["store"], facts["order_id"])
    facts = {**facts, "occurred_at": happened_at, "value": value, "line_items": lines}
    prices = [price_of(line) for line in lines]
    placed = facts | charges_of(order, value, sum(prices, ZERO), facts["currency"])
    placed["event_id"] = f"{ids}:placed_order"
    placed["name"] = "placed_order"
    placed["order"] = order_state(order, value, cancelled_at)
    events = [event_of(placed)]
    events += _product_events(lines, prices, facts, ids)
    if cancelled_at:
        cancelled = {"event_id": f"{ids}:cancelled_order", "name": "cancelled_order", "occurred_at": cancelled_at}
        reason = properties_of(cancel_reason=order.cancel_reason)
        events.append(event_of(facts | cancelled | {"properties": facts["properties"] | reason}))
    return events


def _product_events(
    lines: Iterable[LineItem], prices: Iterable[Decimal], facts: Facts, ids: str
) -> Iterator[CanonicalEvent]:
    """Each line with its own total after its discounts as the value. The order's own properties stay with the order: a
    page's address of four kilobytes, once a line, would make an order of 250 lines too large for a message.
    """
    for line, price in zip(lines, prices, strict=True):
        product = facts.copy()
        product["event_id"] = f"{ids}:ordered_product:{escape(line.line_id or '')}"
        product["name"] = "ordered_product"
        product["value"] = price - line.discount if line.discount else price
        product["line_items"] = (line,)
        product["properties"] = {}
        yield event_of(product)


def _properties(order: OrderBody) -> dict[str, str]:
    return properties_of(
        order.landing_site,
        order_name=order.name,
        source_name=order.source_name,
        cart_token=order.cart_token,
        checkout_token=order.checkout_token,
        **_seen_by_buyer(order),
    )


def _seen_by_buyer(order: OrderBody) -> dict[str, str]:
    """The total in the currency that the buyer saw, where it is another than the shop's. Nothing is counted in it."""
    seen = order.total_price_set.presentment_money if order.total_price_set else None
    if seen is None or seen.currency_code in {None, order.currency} or not isinstance(seen.amount, str):
        return {}
    return {"presentment_currency": seen.currency_code or "", "presentment_total": seen.amount}


def _part_events(order: OrderBody, facts: Facts) -> tuple[list[CanonicalEvent], list[Rejection]]:
    """The embedded refunds and fulfillments. One that is refused takes nothing else with it."""
    events: list[CanonicalEvent] = []
    rejections: list[Rejection] = []
    for place, part in _parts(order, facts):
        try:
            events += map(event_of, part())
        except RejectedError as error:
            rejections.append(error.inside(place).rejection)
    return events, rejections


def _parts(order: OrderBody, facts: Facts) -> Iterator[tuple[str, Callable[[], list[Facts]]]]:
    currencies = Currencies(facts["currency"], order.presentment_currency)
    for at, refund in enumerate(order.refunds or ()):
        yield f"refunds[{at}]", partial(_refund, refund, facts, currencies)
    for at, parcel in enumerate(order.fulfillments or ()):
        yield f"fulfillments[{at}]", partial(parcel_facts, parcel, facts)


def _refund(refund: RefundBody, facts: Facts, currencies: Currencies) -> list[Facts]:
    return [refund_facts(refund, facts, currencies)]
