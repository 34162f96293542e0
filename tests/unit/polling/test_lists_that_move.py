"""Lists of stores that are read by place: whoever stands in one from the first page to the last is told.

Rows go one by one and by the hundred, come, change, and share a second, between any two pages.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from commerce_sync.errors import PermanentError
from commerce_sync.vendors.bigcommerce import BigCommerce, BigCommerceCustomers
from commerce_sync.vendors.changed import ChangedRecord
from commerce_sync.vendors.http import Answer
from commerce_sync.vendors.woocommerce import WooCommerce, WooCommerceCustomers, WooCommerceOrders
from hypothesis import given, settings
from hypothesis import strategies as st

BEGUN = datetime(2026, 11, 1, tzinfo=UTC)
MOST_CALLS = 200
Read = Callable[[datetime, str | None], tuple[list[ChangedRecord], str | None]]


@dataclass
class List:
    """A store's list: when each row was created, in seconds, by id. All of it changed lately.

    ``hidden`` rows are counted and not shown; an old store does not know ``date_created:min``.
    """

    rows: dict[int, int]
    happenings: list[tuple[Sequence[int], Mapping[int, int]]] = field(default_factory=list)
    hidden: range = range(0)
    is_old: bool = False
    stayed: set[int] = field(default_factory=set)
    calls: int = 0

    def __post_init__(self) -> None:
        """All of it stays so far."""
        self.stayed = set(self.rows)

    def call(self, _method: str, path: str, params: Mapping[str, str]) -> Answer:
        """A page as WooCommerce or BigCommerce gives it; behind it, something happens."""
        self.calls += 1
        assert self.calls <= MOST_CALLS, "it has no end"
        answer = self._customers(params) if path.startswith("/v3") else self._placed(params)
        if self.happenings:
            gone, come = self.happenings.pop()
            self.stayed -= set(gone)
            self.rows = {row: at for row, at in self.rows.items() if row not in gone} | dict(come)
        return answer

    def _placed(self, asked: Mapping[str, str]) -> Answer:
        """WooCommerce's: orders by id, customers the newest first."""
        ordered = sorted(self.rows, key=lambda row: row if asked["orderby"] == "id" else (-self.rows[row], row))
        size = int(asked["per_page"])
        begin = int(asked.get("offset", (int(asked.get("page", 1)) - 1) * size))
        page = [
            {"id": row, "date_created_gmt": _at(self.rows[row])[:19], "date_modified_gmt": _at(10**6)[:19]}
            for row in ordered[begin : begin + size]
            if row not in self.hidden
        ]
        pages = -(-len(ordered) // size)
        return Answer(200, page, {"X-WP-Total": str(len(ordered)), "X-WP-TotalPages": str(pages)})

    def _customers(self, asked: Mapping[str, str]) -> Answer:
        """BigCommerce's: the oldest first, from when they were created where that is asked for."""
        floor = "" if self.is_old else asked.get("date_created:min", "")
        found = [row for row, at in self.rows.items() if _at(at) >= floor.replace("Z", "+00:00")]
        ordered = sorted(found, key=lambda row: (self.rows[row], row))
        size, number = int(asked["limit"]), int(asked["page"])
        page = [
            {"id": row, "date_created": _at(self.rows[row]).replace("+00:00", "Z"), "date_modified": _at(10**6)}
            for row in ordered[(number - 1) * size : number * size]
        ]
        return Answer(200, {"data": page, "meta": {"pagination": {"total": len(ordered)}}})


def _at(seconds: int) -> str:
    return (BEGUN + timedelta(seconds=seconds)).isoformat()


def orders(moving: List, page: int) -> Read:
    """WooCommerce's orders."""
    return WooCommerceOrders(cast("WooCommerce", moving), page).modified_since


def newest(moving: List, page: int) -> Read:
    """WooCommerce's customers."""
    return WooCommerceCustomers(cast("WooCommerce", moving), page).registered_since


def customers(moving: List, page: int) -> Read:
    """BigCommerce's customers."""
    return BigCommerceCustomers(cast("BigCommerce", moving), page).modified_since


def told(read: Read) -> set[int]:
    """Every row that one reading tells."""
    found, cursor = read(BEGUN, None)
    ids = {int(one.record_id) for one in found}
    while cursor is not None:
        found, cursor = read(BEGUN, cursor)
        ids |= {int(one.record_id) for one in found}
    return ids


READERS = [orders, newest, customers]
ROWS = st.dictionaries(st.integers(1, 40), st.integers(0, 20), max_size=30)
HAPPENINGS = st.lists(
    st.tuples(
        st.one_of(st.lists(st.integers(1, 40), max_size=30), st.just(list(range(1, 41)))),
        st.dictionaries(st.integers(41, 60), st.integers(0, 25), max_size=6),
    ),
    max_size=6,
)


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=400, deadline=None)
@given(ROWS, HAPPENINGS, st.integers(2, 5))
def test_whoever_stays_is_told(
    reader: Callable[[List, int], Read],
    rows: dict[int, int],
    happenings: list[tuple[list[int], dict[int, int]]],
    page: int,
) -> None:
    """And the reading comes to its end, also where the list shrinks to nothing."""
    at = {row: second if reader is orders else 3 * second + row for row, second in rows.items()}
    moving = List(at, list(happenings))
    assert moving.stayed - told(reader(moving, page)) == set()


@pytest.mark.parametrize("reader", READERS)
def test_half_a_page_of_a_second_hides_nobody(reader: Callable[[List, int], Read]) -> None:
    """An import writes several at once; one of them goes, at a page's edge."""
    moving = List({row: row // 4 for row in range(1, 30)}, [([], {}), ([9, 10], {})])
    assert moving.stayed - told(reader(moving, 5)) == set()


@pytest.mark.parametrize("reader", READERS)
def test_as_many_come_as_go(reader: Callable[[List, int], Read]) -> None:
    """The total says nothing then."""
    moving = List({row: row for row in range(1, 301)}, [(range(1, 51), {row: row for row in range(400, 450)})])
    assert moving.stayed - told(reader(moving, 100)) == set()


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("gone", [range(1, 151), range(200, 350)])
def test_rows_that_go_by_the_hundred(reader: Callable[[List, int], Read], gone: range) -> None:
    """More than a page is gone between two pages, from either end."""
    moving = List({row: row for row in range(1, 501)}, [(gone, {}), ([], {})])
    assert moving.stayed - told(reader(moving, 100)) == set()


@pytest.mark.parametrize("reader", READERS)
def test_a_place_that_an_older_release_noted_is_begun_anew(reader: Callable[[List, int], Read]) -> None:
    """It says a page, and how many rows there were."""
    found, _ = reader(List({row: row for row in range(1, 11)}), 5)(BEGUN, "2.10")
    assert [one.record_id for one in found] == [
        one.record_id for one in reader(List({row: row for row in range(1, 11)}), 5)(BEGUN, None)[0]
    ]


@pytest.mark.parametrize("page", [2, 5])
@pytest.mark.parametrize("hidden", [range(1, 11), range(11, 21)])
def test_orders_that_are_counted_and_not_shown_end_the_reading(page: int, hidden: range) -> None:
    """A plugin keeps them from the key: half a page of them would be looked for, to and fro, for ever."""
    with pytest.raises(PermanentError, match="does not show"):
        told(orders(List({row: row for row in range(1, 31)}, hidden=hidden), page))


def test_an_order_that_is_counted_and_not_shown_hides_no_other() -> None:
    """Wherever it stands: at a page's edge too."""
    for hidden in range(1, 31):
        moving = List({row: row for row in range(1, 31)}, hidden=range(hidden, hidden + 1))
        assert moving.stayed - told(orders(moving, 5)) == {hidden}


def test_a_store_that_does_not_heed_when_customers_were_created_is_not_read_for_ever() -> None:
    """Its first page would come again and again."""
    with pytest.raises(PermanentError, match="date_created"):
        told(customers(List({row: 10 * row for row in range(1, 31)}, is_old=True), 5))
