"""The daily comparison over the order book and the vendors: what is compared, and how both sides are read."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from commerce_sync.aws.comparisons import report_key
from commerce_sync.comparing.differences import Told
from commerce_sync.comparing.looking import Compared, Reports, Sides, look
from commerce_sync.comparing.sides import of_event, of_metric, of_order, of_record
from commerce_sync.contracts import BookedOrder, CanonicalEvent, EventName, Promise
from commerce_sync.contracts.event_rules import StoreEvents
from commerce_sync.contracts.natives import ORDER, AppEvents, Destination, Native
from commerce_sync.delivery.verifying import NOBODY
from commerce_sync.errors import CommerceSyncError
from commerce_sync.vendors.hubspot.natives import HubSpotNatives, happened_at
from commerce_sync.vendors.klaviyo.natives import KlaviyoNatives

StoreKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """What an app of a destination tells of one store; at HubSpot the event is ``order``.

    ``beside`` are other stores that Klaviyo's app is connected to: a metric is the account's, and has theirs too.
    """

    destination: Destination
    store: str
    app: str
    event: EventName | str
    beside: tuple[str, ...] = ()


def verified_pairs(rules: Mapping[StoreKey, StoreEvents], apps: Mapping[str, AppEvents]) -> Iterator[Pair]:
    """Everything that is verified and that can be compared: of what has no key, natives.toml says so."""
    for (source, store), one in sorted(rules.items()):
        name = f"{source}:{store}"
        if one.integration:
            of_app = [":".join(key) for key, other in sorted(rules.items()) if other.integration == one.integration]
            for event in apps[one.integration].keys:
                if one.to_klaviyo(event) == "verify":
                    yield Pair("klaviyo", name, one.integration, event, tuple(filter(name.__ne__, of_app)))
        if one.hubspot == "verify" and one.hubspot_app:
            yield Pair("hubspot", name, one.hubspot_app, ORDER)


class Verified(Protocol):
    """What was noted as told by vendors' own apps."""

    def between(self, destination: str, store: str, since: datetime, until: datetime) -> Iterator[Promise]:
        """The promises of a store that happened from a moment up to another."""

    def orders(self, promises: Iterable[Promise]) -> Iterable[tuple[str, BookedOrder]]:
        """The orders that promises are about, as they now stand."""


@dataclass(frozen=True)
class Comparing:
    """Compares one pair. ``klaviyo`` and ``hubspot`` make the clients, where they are needed.

    ``found`` are Klaviyo's metrics of the configured apps, read once a run.
    """

    rows: Verified
    reports: Reports
    apps: Mapping[str, AppEvents]
    klaviyo: Callable[[], KlaviyoNatives]
    hubspot: Callable[[], HubSpotNatives]
    found: Callable[[], Sequence[Native]]

    def compare(self, pair: Pair, now: datetime) -> tuple[Compared, ...]:
        """Second looks, at the day before yesterday and at days that have none yet, and the first one at yesterday.

        :raises RetriableError: a vendor does not answer, or asks to wait. Nothing that was kept is undone.
        """
        sides = self._at_klaviyo(pair) if pair.destination == "klaviyo" else self._at_hubspot(pair)
        return look(pair.destination, pair.store, str(pair.event), sides, reports=self.reports, now=now)

    def _at_klaviyo(self, pair: Pair) -> Sides:
        app = self.apps[pair.app]
        names = {name for event, metrics in app.metrics.items() if event == pair.event for name in metrics}
        metrics = [one.id for one in self.found() if one.app == pair.app and one.name in names]

        def read(since: datetime, until: datetime) -> tuple[Sequence[Told], Sequence[Told]]:
            noted = self._noted(pair.store, pair, since, until)
            orders = dict(self.rows.orders(one for one, event in noted if event.order_id))
            ours = [of_event(event, is_expected=_can_be_told(one, orders.get(one.subject))) for one, event in noted]
            beside = [event for store in pair.beside for _, event in self._noted(store, pair, since, until)]
            others = {of_event(event).key for event in beside} - {one.key for one in ours}
            rows = (row for metric in metrics for row in self.klaviyo().events(metric, since, until))
            theirs = (of_metric(row, str(pair.event), app) for row in rows)
            return ours, [one for one in theirs if one.key not in others]

        return read

    def _noted(
        self, store: str, pair: Pair, since: datetime, until: datetime
    ) -> Sequence[tuple[Promise, CanonicalEvent]]:
        """What a store told us of the pair's event."""
        promises = self.rows.between("klaviyo", store, since, until)
        return [(one, one.event) for one in promises if one.event and one.event.name == pair.event]

    def _at_hubspot(self, pair: Pair) -> Sides:
        def read(since: datetime, until: datetime) -> tuple[Sequence[Told], Sequence[Told]]:
            orders = self.rows.orders(self.rows.between("hubspot", pair.store, since, until))
            ours = [told for subject, order in orders for told in of_order(subject, order)]
            return ours, [of_record(row, happened_at(row)) for row in self.hubspot().orders(pair.app, since, until)]

        return read


def _can_be_told(promise: Promise, order: BookedOrder | None) -> bool:
    """Whether an app could tell Klaviyo of it: a sale at the till names nobody, and who was erased is nobody there."""
    return promise.reason != NOBODY and (order is None or order.placed is None or order.buyer is not None)


def figures(pair: Pair, compared: Compared) -> dict[str, object]:
    """What status says of a look, and where the whole lies."""
    day = compared.day.isoformat()
    shown = {name: value for name, value in compared.report().items() if name not in {"differences", "missed"}}
    where = report_key(pair.destination, pair.store, day, str(pair.event))
    return {"destination": pair.destination, "store": pair.store, **shown, "report": where}


def not_compared(pair: Pair, why: CommerceSyncError) -> dict[str, object]:
    """What status says where nobody could look: nothing found is not nothing wrong."""
    return {"destination": pair.destination, "store": pair.store, "event": str(pair.event), "not_compared": str(why)}
