"""Two looks at each day: what the first misses and the second finds was late. Repeats change nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from commerce_sync.comparing.differences import Told
from commerce_sync.comparing.looking import look
from commerce_sync.comparing.sides import of_event, of_metric, of_order, of_record
from commerce_sync.config.natives import native_apps
from commerce_sync.contracts import BookedOrder
from commerce_sync.delivery.order_book import fold
from commerce_sync.errors import RetriableError

from tests.fakes.facts import NOON, placed, refunded, started_checkout

MORNING = datetime(2026, 11, 22, 7, 23, tzinfo=UTC)


@dataclass
class ReportsInMemory:
    """Reports by where they lie."""

    kept: dict[tuple[str, ...], Mapping[str, Any]] = field(default_factory=dict)

    def report(self, *place: str) -> Mapping[str, Any] | None:
        """As it was kept last."""
        return self.kept.get(place)

    def keep(self, destination: str, store: str, day: str, event: str, report: Mapping[str, Any]) -> None:
        """Write it anew."""
        self.kept[destination, store, day, event] = report


@dataclass
class World:
    """What was told by when."""

    ours: list[Told] = field(default_factory=list)
    theirs: list[Told] = field(default_factory=list)
    reports: ReportsInMemory = field(default_factory=ReportsInMemory)

    def sides(self, since: datetime, until: datetime) -> tuple[Sequence[Told], Sequence[Told]]:
        """Both, of a time."""
        mine, found = ([one for one in side if since <= one.at < until] for side in (self.ours, self.theirs))
        return mine, found

    def look(self, day: int = 0) -> list[tuple[str, str, dict[str, int]]]:
        """A day's run; its differences by day and look."""
        compared = look(
            "klaviyo", "shopify:us", "placed_order", self.sides, reports=self.reports, now=MORNING + timedelta(days=day)
        )
        return [
            (one.day.isoformat(), one.report()["look"], {k: n for k, n in one.counts.items() if n}) for one in compared
        ]


def test_what_comes_between_the_looks_was_late() -> None:
    """And stays late when the second look is repeated."""
    world = World([of_event(placed())])
    assert world.look() == [("2026-11-20", "second", {}), ("2026-11-21", "first", {"missing": 1})]
    world.theirs.append(Told("1001", "x", NOON, Decimal("59.90"), "USD"))
    for _ in range(2):
        assert world.look(1) == [("2026-11-21", "second", {"late": 1}), ("2026-11-22", "first", {})]
    assert world.reports.kept["klaviyo", "shopify:us", "2026-11-21", "placed_order"]["percent"] == 100.0


def test_a_second_look_that_failed_is_made_up_for() -> None:
    """A vendor that was down for some mornings leaves no day without its end; nobody looks a third time.

    A day that both looks missed is looked at too. Before the first look at all there is nothing to make up for.
    """
    world = World([of_event(placed()), of_event(placed("1002", at=NOON + timedelta(days=1)))])
    world.look()
    assert world.look(3) == [
        ("2026-11-21", "second", {"missing": 1}),
        ("2026-11-22", "second", {"missing": 1}),
        ("2026-11-23", "second", {}),
        ("2026-11-24", "first", {}),
    ]
    assert [day for day, _, _ in world.look(4)] == ["2026-11-24", "2026-11-25"]
    assert [day for day, _, _ in world.look(30)] == ["2026-12-20", "2026-12-21"]


def test_what_both_looks_miss_is_missing() -> None:
    """It is named in the report, with what was expected."""
    world = World([of_event(placed())])
    world.look()
    assert world.look(1)[0] == ("2026-11-21", "second", {"missing": 1})
    (difference,) = world.reports.kept["klaviyo", "shopify:us", "2026-11-21", "placed_order"]["differences"]
    assert (difference["key"], difference["expected"]) == ("1001", "1, 59.90 USD")


def metric_row(properties: dict[str, Any]) -> dict[str, Any]:
    """An event as ``get_events`` shows it."""
    attributes = {"timestamp": int(NOON.timestamp()), "event_properties": properties}
    return {"type": "event", "id": "ev1", "attributes": attributes}


PROPERTIES: dict[str, tuple[dict[str, Any], str, Decimal | None, str | None]] = {
    "a number": ({"$event_id": 1001, "$value": 59.9, "$currency_code": "USD"}, "1001", Decimal("59.9"), "USD"),
    "a whole order": (
        {"$event_id": "n-1", "$extra": {"id": 1001, "currency": "USD"}, "$value": "59.90"},
        "1001",
        Decimal("59.90"),
        "USD",
    ),
    "a global id": ({"OrderId": "gid://shopify/Order/1001"}, "1001", None, None),
    "nothing at all": ({}, "", None, None),
    "no object": ({"$extra": "text", "$value": "much", "$event_id": ["1"]}, "", None, None),
    "an address for an id": ({"OrderId": "ana@example.com"}, "", None, None),
    "no number": ({"OrderId": True, "$value": float("nan")}, "", None, None),
}


@pytest.mark.parametrize("case", PROPERTIES)
def test_an_event_of_shopifys_app_is_read(case: str) -> None:
    """Whatever stands in it, it is read; what cannot be used names nothing."""
    properties, key, value, currency = PROPERTIES[case]
    assert of_metric(metric_row(properties), "placed_order", native_apps()["Shopify"]) == Told(
        key, "ev1", NOON, value, currency
    )


def test_an_event_without_its_own_number_for_its_time_is_read_by_its_time() -> None:
    """One without any says so, as the look at what is alive does: it keeps no other store from being compared."""
    shopify = native_apps()["Shopify"]
    row = {"id": "ev1", "attributes": {"datetime": NOON.isoformat(), "event_properties": {"$event_id": 1001}}}
    assert of_metric(row, "placed_order", shopify) == Told("1001", "ev1", NOON, None, None)
    for odd in ({"id": "ev1"}, {"id": "ev1", "attributes": {"timestamp": "noon", "datetime": None}}):
        with pytest.raises(RetriableError, match="without its time"):
            of_metric(odd, "placed_order", shopify)


def test_our_side_is_read_from_events_and_orders() -> None:
    """A checkout by its token; an order by its current total."""
    assert (of_event(started_checkout()).key, of_event(refunded()).key) == ("c1", "1001")
    order = fold(BookedOrder(), [placed(version=0), placed(version=5, value="49.90")])
    assert list(of_order("shopify:us:1001", order)) == [Told("1001", "shopify:us:1001", NOON, Decimal("49.90"), "USD")]
    assert list(of_order("shopify:us:1001", BookedOrder())) == []


def test_an_order_that_hubspots_app_wrote_is_read() -> None:
    """By its own number, as text."""
    row = {
        "id": "77",
        "properties": {"hs_external_order_id": "1001", "hs_total_price": "59.90", "hs_currency_code": "USD"},
    }
    assert of_record(row, NOON) == Told("1001", "77", NOON, Decimal("59.90"), "USD")
