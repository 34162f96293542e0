"""What nobody could tell Klaviyo of is not called missing: sales at the till, and people who were erased since."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from commerce_sync.composing.comparing import Comparing, Pair, verified_pairs
from commerce_sync.config.natives import native_apps
from commerce_sync.contracts import BookedOrder, CanonicalEvent, Promise
from commerce_sync.contracts.event_rules import StoreEvents
from commerce_sync.contracts.natives import Native
from commerce_sync.delivery.order_book import fold
from commerce_sync.delivery.promises import event_row
from commerce_sync.delivery.recording import subject_of
from commerce_sync.delivery.verifying import verified

from tests.fakes.facts import ANA, NOON, placed, refunded, started_checkout
from tests.unit.comparing.test_looks import ReportsInMemory

ORDER = "shopify:us:1001"


@dataclass
class Noted:
    """Verified promises, and the order as it stands."""

    events: Iterable[CanonicalEvent]
    order: BookedOrder

    def between(self, _to: str, store: str, since: datetime, until: datetime) -> Iterator[Promise]:
        """Those of a store and time."""
        for event in self.events:
            if store == f"{event.source}:{event.store}" and since <= event.occurred_at < until:
                yield verified(Promise(subject_of(event), event_row(event), "pending", NOON, event=event), event)

    def orders(self, promises: Iterable[Promise]) -> Iterable[tuple[str, BookedOrder]]:
        """The order, where a promise is about it."""
        return [(ORDER, self.order)] if ORDER in {one.subject for one in promises} else []


def missing(event: CanonicalEvent, order: BookedOrder) -> int:
    """How many the first look at the event's day misses, where the app told nothing."""
    comparing = Comparing(
        rows=Noted([event], order),
        reports=ReportsInMemory(),
        apps=native_apps(),
        klaviyo=lambda: pytest.fail("there is no metric to be read"),
        hubspot=lambda: pytest.fail("HubSpot is not asked"),
        found=list,
    )
    *_, first = comparing.compare(Pair("klaviyo", "shopify:us", "Shopify", event.name), NOON + timedelta(hours=20))
    return first.counts["missing"]


NAMED, NAMELESS = fold(BookedOrder(), [placed()]), fold(BookedOrder(), [placed(person=None)])
CASES = {
    "an order": (placed(), NAMED, 1),
    "its refund, whose body names nobody": (refunded(), NAMED, 1),
    "a sale at the till": (placed(person=None), NAMELESS, 0),
    "its refund": (refunded(), NAMELESS, 0),
    "an order whose later body names the buyer": (placed(person=None), NAMED, 1),
    "a refund whose order never came": (refunded(), BookedOrder(), 1),
    "a checkout": (started_checkout(person=ANA), BookedOrder(), 1),
    "a checkout that names nobody": (started_checkout(person=None), BookedOrder(), 0),
}


@pytest.mark.parametrize("case", CASES)
def test_only_what_an_app_could_tell_is_missed(case: str) -> None:
    """By the order's buyer as it is known now, and by what a checkout said itself."""
    event, order, expected = CASES[case]
    assert missing(event, order) == expected


class Metric:
    """Klaviyo's metric of an app: orders by their ids."""

    def __init__(self, *order_ids: str) -> None:
        self.order_ids = order_ids

    def events(self, _metric: str, since: datetime, until: datetime) -> Iterator[Mapping[str, Any]]:
        """All of them happened at noon."""
        for order_id in self.order_ids if since <= NOON < until else ():
            attributes = {"timestamp": int(NOON.timestamp()), "event_properties": {"OrderId": order_id}}
            yield {"id": f"of-{order_id}", "attributes": attributes}


def test_what_an_app_tells_of_another_store_is_not_called_extra() -> None:
    """One metric has the orders of every store that the app is connected to."""
    elsewhere = placed("2001").model_copy(update={"store": "eu", "event_id": "shopify:eu:2001:placed_order"})
    rules = {
        ("shopify", "us"): StoreEvents(klaviyo="verify", integration="Shopify"),
        ("shopify", "eu"): StoreEvents(klaviyo="verify", integration="Shopify"),
    }
    comparing = Comparing(
        rows=Noted([placed(), elsewhere], NAMED),
        reports=ReportsInMemory(),
        apps=native_apps(),
        klaviyo=lambda: Metric("1001", "2001", "3001"),  # type: ignore[arg-type,return-value] # as far as it is used
        hubspot=lambda: pytest.fail("HubSpot is not asked"),
        found=lambda: [Native(app="Shopify", name="Placed Order", id="UaBcDe")],
    )
    pairs = [pair for pair in verified_pairs(rules, native_apps()) if pair.event == "placed_order"]
    looks = {pair.store: comparing.compare(pair, NOON + timedelta(hours=20))[-1] for pair in pairs}
    found = {store: [(one.kind, one.key) for one in look.differences] for store, look in looks.items()}
    assert found == {"shopify:us": [("extra", "3001")], "shopify:eu": [("extra", "3001")]}
