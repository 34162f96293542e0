"""What nobody could tell Klaviyo of is not called missing: sales at the till, and people who were erased since."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from commerce_sync.composing.comparing import Comparing, Pair
from commerce_sync.config.natives import native_apps
from commerce_sync.contracts import BookedOrder, CanonicalEvent, Promise
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

    def between(self, _to: str, _store: str, since: datetime, until: datetime) -> Iterator[Promise]:
        """Those of a time."""
        for event in self.events:
            if since <= event.occurred_at < until:
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
    _, first = comparing.compare(Pair("klaviyo", "shopify:us", "Shopify", event.name), NOON + timedelta(hours=20))
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
