"""What is wrong with one event, and on which of its store's days it stands. Pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from commerce_sync.contracts import CanonicalEvent
from commerce_sync.contracts.event_checks import Sighting
from commerce_sync.contracts.events import EventName
from commerce_sync.validation.catalogue import Finding

AHEAD: Final = timedelta(minutes=5)
"""How far a sender's clock may be ahead of ours: what is granted to browsers, and to signed timestamps."""
BEHIND: Final = timedelta(days=3)
"""No store tries a webhook again for longer than BigCommerce and Recharge, two days: older is no late delivery."""
VISITS: Final[frozenset[EventName]] = frozenset({"viewed_product", "added_to_cart"})
"""Told when they happen or not at all: there is no history of them. Orders and checkouts are told for weeks."""
WITH_PRODUCTS: Final[frozenset[EventName]] = VISITS | {"started_checkout", "placed_order", "ordered_product"}
WITH_VALUE: Final[frozenset[EventName]] = WITH_PRODUCTS | {"refunded_order"}
WITH_PERSON: Final[frozenset[EventName]] = frozenset({"started_checkout", "placed_order"})


def sighting_of(event: CanonicalEvent, received_at: datetime, zone: ZoneInfo) -> Sighting:
    """The event, judged as it was told by a delivery received then."""
    return Sighting(
        store=f"{event.source}:{event.store}",
        day=day_of(event, received_at, zone),
        name=event.name,
        event_id=event.event_id,
        version=_version_of(event),
        occurred_at=event.occurred_at,
        received_at=received_at,
        findings=frozenset(findings(event, received_at)),
    )


def day_of(event: CanonicalEvent, received_at: datetime, zone: ZoneInfo) -> date:
    """The store's day on which it happened. One with an impossible time stands where it was received."""
    is_possible = "time_long_ago" not in set(_about_time(event, received_at))
    try:
        return (min(event.occurred_at, received_at) if is_possible else received_at).astimezone(zone).date()
    except OverflowError:
        return received_at.astimezone(zone).date()


def findings(event: CanonicalEvent, received_at: datetime) -> Iterator[Finding]:
    """Everything that is wrong with it. Nothing is asked of an event that its kind does not have."""
    yield from _about_time(event, received_at)
    if event.name in WITH_PRODUCTS:
        yield from _about_products(event)
    if event.name in WITH_VALUE:
        yield from _about_value(event)
    if event.name in WITH_PERSON | VISITS and not _names_somebody(event):
        yield "nobody_to_tell" if event.name in WITH_PERSON else "unknown_visitor"


def _about_time(event: CanonicalEvent, received_at: datetime) -> Iterator[Finding]:
    if event.occurred_at > received_at + AHEAD:
        yield "time_in_future"
    elif event.name in VISITS and event.occurred_at < received_at - BEHIND:
        yield "time_long_ago"


def _about_products(event: CanonicalEvent) -> Iterator[Finding]:
    if not event.line_items:
        yield "no_products"
    elif not all(line.product_id for line in event.line_items):
        yield "missing_product_id"


def _about_value(event: CanonicalEvent) -> Iterator[Finding]:
    if event.value is None:
        yield "missing_value"
        return
    if event.currency is None:
        yield "missing_currency"
    if event.value < 0:
        yield "negative_value"
    elif event.value == 0 and not event.discount and not any(line.discount for line in event.line_items):
        yield "zero_value"
    if event.imbalance:
        yield "value_imbalance"


def _names_somebody(event: CanonicalEvent) -> bool:
    person = event.person
    return person is not None and (person.is_reachable() or person.customer_id is not None)


def _version_of(event: CanonicalEvent) -> str:
    """Text that sorts as the order's own versions do."""
    if event.order is None:
        return ""
    return f"{event.order.version.astimezone(UTC).isoformat(timespec='microseconds')}#{event.order.digest}"
