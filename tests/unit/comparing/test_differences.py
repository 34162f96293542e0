"""What differs between a store and an app: the same whatever the order of the pages, and every kind is seen."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from commerce_sync.comparing.differences import KINDS, Difference, Told, Window, compare
from hypothesis import given
from hypothesis import strategies as st

DAY = datetime(2026, 11, 21, tzinfo=UTC)
WINDOW = Window(DAY, DAY + timedelta(days=1))
AMOUNTS = st.integers(0, 3).map(lambda units: Decimal(units) * 10)


def told(key: str, record: str, value: str | None = "10.00", currency: str | None = "USD", hour: float = 12) -> Told:
    """One event."""
    return Told(key, record, DAY + timedelta(hours=hour), None if value is None else Decimal(value), currency)


def unnamed(key: str, record: str) -> Told:
    """One event about nobody who has an address."""
    return replace(told(key, record), is_expected=False)


def kinds(differences: tuple[Difference, ...]) -> list[str]:
    """The kinds alone."""
    return [one.kind for one in differences]


OURS = [told("1", "a")]
CASES = {
    "the same": (OURS, [told("1", "x")], []),
    "a cent less than the smallest unit": (OURS, [told("1", "x", "10.004")], []),
    "an app that tells no currency": (OURS, [told("1", "x", currency=None)], []),
    "a currency in small letters": (OURS, [told("1", "x", currency="usd")], []),
    "an app that tells no value": (OURS, [told("1", "x", value=None)], []),
    "nothing": (OURS, [], ["missing"]),
    "something that the store did not tell": ([], [told("2", "x")], ["extra"]),
    "something without an order": ([], [told("", "x"), told("", "y")], ["extra", "extra"]),
    "twice": (OURS, [told("1", "x"), told("1", "y")], ["duplicated"]),
    "one of two refunds": ([told("1", "a"), told("1", "b")], [told("1", "x", "20.00")], ["missing"]),
    "two refunds": ([told("1", "a", "5"), told("1", "b", "15")], [told("1", "x", "15"), told("1", "y", "5")], []),
    "another value": (OURS, [told("1", "x", "10.01")], ["other_value"]),
    "another currency, whose value says nothing": (OURS, [told("1", "x", "9.00", "EUR")], ["other_currency"]),
    "yen, which have no cents": ([told("1", "a", "100", "JPY")], [told("1", "x", "100.4", "JPY")], []),
    "clocks that differ at midnight": ([told("1", "a", hour=23.9)], [told("1", "x", hour=24.1)], []),
    "a second refund that the day before could not see": (
        [told("1", "a", hour=-4), told("1", "b", hour=10)],
        [told("1", "x", hour=-4)],
        ["missing"],
    ),
    "a second refund, after one that was missed the day before": (
        [told("1", "a", hour=-4), told("1", "b", hour=10)],
        [told("1", "y", hour=10)],
        [],
    ),
    "a second refund that the day before has compared": (
        [told("1", "a", hour=-4), told("1", "b", hour=5)],
        [told("1", "x", hour=-4)],
        [],
    ),
    "a second refund of another value": (
        [told("1", "a", hour=-4), told("1", "b", hour=10)],
        [told("1", "x", hour=-4), told("1", "y", "9.00", hour=10)],
        ["other_value"],
    ),
    "somebody whom no address names": ([unnamed("1", "a")], [], []),
    "somebody whom the app could name": ([unnamed("1", "a")], [told("1", "x")], []),
    "somebody whom no address names, twice": ([unnamed("1", "a")], [told("1", "x"), told("1", "y")], ["duplicated"]),
    "the day after": ([told("1", "a", hour=24)], [], []),
    "the day before": ([], [told("1", "x", hour=-1)], []),
}


@pytest.mark.parametrize("case", CASES)
def test_a_difference_is_named(case: str) -> None:
    """What the store says, what the app told, and what differs."""
    ours, theirs, expected = CASES[case]
    assert kinds(compare(ours, theirs, WINDOW)) == expected


def test_a_difference_says_what_was_expected_and_what_was_found() -> None:
    """Counts and sums, and the vendor's own records."""
    (difference,) = compare([told("1", "a"), told("1", "b")], [told("1", "x")], WINDOW)
    assert difference == Difference("missing", "1", "2, 20.00 USD", "1, 10.00 USD", ("x",))


def test_what_was_missing_at_first_and_is_there_now_was_late() -> None:
    """What is still missing is missing, however often it was looked for."""
    theirs = [told("1", "x")]
    assert kinds(compare(OURS, theirs, WINDOW, {"1"})) == ["late"]
    assert kinds(compare(OURS, theirs, WINDOW, {"2"})) == []
    assert kinds(compare(OURS, [], WINDOW, {"1"})) == ["missing"]


SIDE = st.lists(
    st.builds(
        Told,
        key=st.sampled_from(["1", "2", "3", ""]),
        record=st.sampled_from("abcdefgh"),
        at=st.integers(-3, 27).map(lambda hour: DAY + timedelta(hours=hour)),
        value=st.none() | AMOUNTS,
        currency=st.sampled_from(["USD", "EUR", None]),
    ),
    max_size=8,
    unique_by=lambda one: one.record,
)


@given(ours=SIDE, theirs=SIDE, data=st.data())
def test_the_order_of_pages_and_repeated_rows_change_nothing(
    ours: list[Told], theirs: list[Told], data: st.DataObject
) -> None:
    """Pages overlap, and vendors sort as they like."""
    expected = compare(ours, theirs, WINDOW)
    repeated = [
        [*side, *data.draw(st.lists(st.sampled_from(side)) if side else st.just([]))] for side in (ours, theirs)
    ]
    mine, found = (data.draw(st.permutations(side)) for side in repeated)
    assert compare(mine, found, WINDOW) == expected


@given(side=SIDE)
def test_a_side_does_not_differ_from_itself_where_every_record_has_an_order(side: list[Told]) -> None:
    """Whatever it holds."""
    keyed = [one for one in side if one.key]
    assert compare(keyed, [Told(o.key, f"v{o.record}", o.at, o.value, o.currency) for o in keyed], WINDOW) == ()


@given(ours=SIDE, theirs=SIDE)
def test_every_order_of_the_day_is_told_as_often_or_named(ours: list[Told], theirs: list[Told]) -> None:
    """No key of the day that only one side has, or has more often, goes without a difference."""
    named = {one.key for one in compare(ours, theirs, WINDOW)}
    mine, found = Counter(one.key for one in ours if one.key), Counter(one.key for one in theirs if one.key)
    for key in mine.keys() | found.keys():
        side = ours if key in mine else theirs
        first = min(one.at for one in side if one.key == key)
        if mine[key] != found[key] and WINDOW.since <= first < WINDOW.until:
            assert key in named


def test_every_kind_has_a_case() -> None:
    """The table above sees them all."""
    assert {kind for _, _, expected in CASES.values() for kind in expected} | {"late"} == set(KINDS)
