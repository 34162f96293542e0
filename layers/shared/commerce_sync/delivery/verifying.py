"""Who tells a vendor of a store's events: we, or the vendor's own app of that store. Pure.

Two tellers double the revenue. What the app tells (``verify`` in events.toml, or what happened while it was still
telling) is noted without its people and compared once a day; it is never sent, whatever is decided later.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from commerce_sync.contracts import CanonicalEvent, Promise
from commerce_sync.contracts.event_rules import StoreEvents
from commerce_sync.contracts.natives import Destination
from commerce_sync.delivery.order_book import anonymous
from commerce_sync.delivery.promises import ORDER_ROW

Teller = Literal["us", "app", "undecided"]
StoreKey = tuple[str, str]
SILENT_AFTER: Final = timedelta(days=30)
ALIVE: Final = "native_metric_alive"
DELIVER: Final = StoreEvents()
NOBODY: Final = "nobody_to_tell"


@dataclass(frozen=True, slots=True)
class Ruling:
    """Who tells of an event. What is undecided waits until ``again_at``, for its ``reason``."""

    teller: Teller
    reason: str | None = None
    again_at: datetime | None = None


OURS: Final = Ruling("us")
THEIRS: Final = Ruling("app")
Guard = Callable[[Destination, CanonicalEvent], Ruling]
"""Rules on an event that is to be sent. Raises RetriableError where it is not known whether an app is alive."""


def unguarded(_destination: Destination, _event: CanonicalEvent) -> Ruling:
    """No vendor has an app of any store."""
    return OURS


@dataclass(frozen=True, slots=True)
class Tellers:
    """Who tells, as events.toml says, by source and store. A store that it does not name is told of by us."""

    stores: Mapping[StoreKey, StoreEvents] = field(default_factory=dict)

    def app_tells(self, destination: Destination, event: CanonicalEvent) -> bool:
        """Whether the vendor's own app tells of this event."""
        rules = self.stores.get((event.source, event.store), DELIVER)
        return (rules.to_klaviyo(event.name) if destination == "klaviyo" else rules.hubspot) == "verify"


def rule(
    happened: datetime,
    last: datetime | None,
    acknowledged: datetime | None,
    now: datetime,
    orders_last: datetime | None = None,
) -> Ruling:
    """Who tells of what happened then, where an app of the same meaning was last heard of at ``last``.

    What happened by then is the app's. What happened after it is ours once the app has been silent for 30 days, or
    an operator has said since that it is switched off. Until that is sure, it waits: it is the app's as soon as the
    app is heard of again.

    :param orders_last: when the app last told an order, for what follows orders: refunds may be rare, and an app that
        tells orders tells their next refund too.
    """
    if last is not None and happened <= last:
        return THEIRS
    heard = max(filter(None, (last, orders_last)), default=None)
    if heard is None or now - heard > SILENT_AFTER or (acknowledged is not None and acknowledged >= heard):
        return OURS
    return Ruling("undecided", ALIVE)


def verified(promise: Promise, event: CanonicalEvent) -> Promise:
    """A promise that the app keeps: what happened, without its people, to be compared.

    Of what belongs to no order it is noted that it names nobody, because no app can tell that either.
    """
    noted = None if promise.row == ORDER_ROW else anonymous(event)
    reason = None if event.order_id or names_somebody(event) else NOBODY
    return replace(
        promise, status="verified", due_at=event.occurred_at, claim=None, event=noted, reason=reason, attempts=0
    )


def names_somebody(event: CanonicalEvent) -> bool:
    """Whether it is about a person with an address."""
    return event.person is not None and event.person.is_reachable()
