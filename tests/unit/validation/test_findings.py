"""What is wrong with one event, and on which day of its store it stands."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from commerce_sync.contracts import CanonicalEvent, LineItem, Person
from commerce_sync.validation.catalogue import FINDINGS, NOTES
from commerce_sync.validation.findings import day_of, findings, sighting_of

from tests.fakes.facts import NOON, placed, refunded

NEW_YORK = ZoneInfo("America/New_York")
MUG = LineItem(product_id="501", quantity=2, unit_price=Decimal(25))
SOUND: dict[str, Any] = {
    "event_id": "shopify:us:1:placed_order",
    "name": "placed_order",
    "source": "shopify",
    "store": "us",
    "occurred_at": NOON,
    "order_id": "1",
    "value": Decimal(50),
    "currency": "USD",
    "line_items": (MUG,),
    "person": Person(email="ana@example.com"),
}


def event(**changes: Any) -> CanonicalEvent:
    """An order with nothing wrong, but for these changes."""
    return CanonicalEvent(**SOUND | changes)


def found(one: CanonicalEvent, received_at: datetime = NOON) -> set[str]:
    """The findings of an event that was received then."""
    return set(findings(one, received_at))


def test_a_sound_order_has_nothing_wrong() -> None:
    """Every finding below is by its change alone."""
    assert found(event()) == set()


FREE = LineItem(product_id="501", quantity=1, unit_price=Decimal(25), discount=Decimal(25))
BY_HAND = LineItem(title="Engraving", quantity=1, unit_price=Decimal(5))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"line_items": ()}, {"no_products"}),
        ({"line_items": (MUG, BY_HAND)}, {"missing_product_id"}),
        ({"value": None}, {"missing_value"}),
        ({"currency": None}, {"missing_currency"}),
        ({"value": Decimal(0)}, {"zero_value"}),
        ({"value": Decimal(0), "discount": Decimal(50)}, set()),
        ({"value": Decimal(0), "line_items": (FREE,)}, set()),
        ({"value": Decimal("-0.01")}, {"negative_value"}),
        ({"imbalance": "the total differs by 1.00 USD"}, {"value_imbalance"}),
        ({"person": None}, {"nobody_to_tell"}),
        ({"person": Person(first_name="Ana")}, {"nobody_to_tell"}),
        ({"person": Person(customer_id="77")}, set()),
        ({"occurred_at": NOON + timedelta(minutes=5)}, set()),
        ({"occurred_at": NOON + timedelta(minutes=5, seconds=1)}, {"time_in_future"}),
        ({"occurred_at": NOON - timedelta(days=400)}, set()),
        ({"value": None, "line_items": (), "person": None}, {"missing_value", "no_products", "nobody_to_tell"}),
    ],
)
def test_each_fault_of_an_order_has_its_name(changes: dict[str, Any], expected: set[str]) -> None:
    """An order may be old: it is told for as long as it changes. A free one is right where a discount says so."""
    assert found(event(**changes)) == expected
    assert expected <= FINDINGS.keys()


@pytest.mark.parametrize("name", ["viewed_product", "added_to_cart"])
def test_a_visit_is_told_at_once_or_its_clock_is_wrong(name: str) -> None:
    """No sender tries again for longer than two days."""
    old = event(name=name, occurred_at=NOON - timedelta(days=3))

    assert found(old) == set()
    assert found(old, NOON + timedelta(seconds=1)) == {"time_long_ago"}
    assert found(event(name="started_checkout", occurred_at=NOON - timedelta(days=30))) == set()


@pytest.mark.parametrize("name", ["viewed_product", "added_to_cart"])
def test_a_visit_of_nobody_known_is_right(name: str) -> None:
    """Most visitors never say who they are."""
    assert found(event(name=name, person=None)) == {"unknown_visitor"} == NOTES
    assert found(event(name=name, person=None, value=None)) == {"unknown_visitor", "missing_value"}


def test_nothing_is_asked_of_an_event_that_its_kind_does_not_have() -> None:
    """A refund's body names nobody and may name no line; a parcel has no value."""
    assert found(refunded(), NOON + timedelta(hours=1)) == set()
    assert found(event(name="fulfilled_order", value=None, currency=None, line_items=(), person=None)) == set()
    assert found(event(name="subscription_paused", value=None, currency=None, line_items=(), person=None)) == set()


def test_a_day_is_the_stores_own() -> None:
    """Half past one at night in UTC is the evening before in New York."""
    at = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
    assert sighting_of(event(occurred_at=at), at, NEW_YORK).day == date(2026, 11, 21)


def test_an_event_with_an_impossible_time_stands_where_it_was_received() -> None:
    """On its own day nobody would ever look."""
    tomorrow = event(occurred_at=NOON + timedelta(days=1))
    forgotten = event(name="viewed_product", occurred_at=datetime(1970, 1, 1, tzinfo=UTC))
    polled = event(occurred_at=NOON - timedelta(days=9))

    assert sighting_of(tomorrow, NOON, NEW_YORK).day == NOON.date()
    assert sighting_of(forgotten, NOON, NEW_YORK).day == NOON.date()
    assert sighting_of(polled, NOON, NEW_YORK).day == NOON.date() - timedelta(days=9)


def test_the_version_of_a_sighting_sorts_as_the_orders_do() -> None:
    """Whatever zone a body's own time is written in."""
    earlier, later = placed(version=1), placed(version=2)
    versions = [sighting_of(one, NOON, NEW_YORK).version for one in (earlier, later)]

    assert versions == sorted(versions)
    assert sighting_of(refunded(), NOON, NEW_YORK).version == ""


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "UTC"])
def test_a_day_before_all_days_is_no_fault_of_the_others(zone: str) -> None:
    """What the clock of no shop shows stands where it was received, or on its own day."""
    event = placed().model_copy(update={"occurred_at": datetime(1, 1, 1, tzinfo=UTC)})
    assert day_of(event, NOON, ZoneInfo(zone)) in {NOON.date(), date(1, 1, 1)}
