"""The order book on DynamoDB behaves as the one in memory: same conditions, same ends, nothing written in vain."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from commerce_sync.aws.due_rows import DueRows
from commerce_sync.aws.order_book_table import OrderBookTable
from commerce_sync.aws.subjects import row_pages
from commerce_sync.contracts import BookedOrder, DueRow, Promise
from commerce_sync.delivery.order_book import fingerprint, fold

from local.in_process import in_process_bundle
from tests.fakes.day import LEASE, DeliveryDay
from tests.fakes.facts import facts, placed, refunded, started_checkout
from tests.fakes.order_book import CrashedError

FACTS = (placed(version=0), placed(version=5, value="49.90"), refunded(), refunded(refund_id="2"), started_checkout())


@dataclass
class TableInTheDay:
    """The real table, with the dispatcher's claim beside it."""

    table: OrderBookTable
    due: DueRows

    def claim_due(self, now: object, claim: str, lease: float) -> list[DueRow]:
        """As the dispatcher does."""
        return [row for row, _ in self.due.claim(now, lease, claim, 1000)]  # type: ignore[arg-type] # a datetime

    def promises(self) -> list[Promise]:
        """Every promise of the subjects in these tests."""
        subjects = ("shopify:us:1001", "shopify:us:c1:started_checkout")
        return [promise for subject in subjects for promise in self.table.page(subject).promises.values()]

    def __getattr__(self, name: str) -> object:
        """The rest is the table's own."""
        return getattr(self.table, name)


@pytest.fixture
def day() -> Iterator[DeliveryDay]:
    """A day whose order book is the table."""
    with in_process_bundle() as bundle:
        name = bundle.names["OrderBookTable"]
        day = DeliveryDay()
        day.book = TableInTheDay(OrderBookTable(name, sleep=lambda _: None), DueRows(name))  # type: ignore[assignment] # it fits
        yield day


def assert_all_is_told(day: DeliveryDay) -> None:
    """As in memory."""
    final = fold(BookedOrder(), FACTS)
    assert set(day.klaviyo.events) == {event.event_id for event in FACTS}
    assert day.hubspot.shown == {"shopify:us:1001": fingerprint(final)}
    assert {promise.status for promise in day.book.promises()} == {"delivered"}


@pytest.mark.parametrize("arrival", [(0, 1, 2, 3, 4), (3, 1, 4, 0, 2), (2, 3, 1, 0, 4), (4, 2, 3, 0, 1)])
def test_any_order_of_arrival_ends_the_same(day: DeliveryDay, arrival: tuple[int, ...]) -> None:
    """Reordered, and then all again."""
    for index in arrival:
        day.deliver(facts(FACTS[index]))
    for index in arrival:
        day.deliver(facts(FACTS[index]))
    day.go_round(2)
    assert_all_is_told(day)
    assert day.klaviyo.repeats == 0


@pytest.mark.parametrize("boundary", ["before klaviyo takes", "after klaviyo took", "after hubspot took"])
def test_a_death_between_a_call_and_its_settlement_is_made_good(day: DeliveryDay, boundary: str) -> None:
    """The lease runs out, the dispatcher hands the promise on, the vendor knows the repeat."""
    died: list[str] = []

    def die_once(name: str) -> None:
        if name.startswith(boundary) and not died:
            died.append(name)
            raise CrashedError(name)

    day.klaviyo.crash = day.hubspot.crash = die_once
    assert not day.deliver(*(facts(event) for event in FACTS))
    day.deliver(*(facts(event) for event in FACTS))
    day.go_round(4)
    assert_all_is_told(day)


def test_the_anchor_is_read_before_the_promises(day: DeliveryDay) -> None:
    """A row added while a subject is read moves the revision that was read first, so it is never overlooked."""
    day.deliver(facts(placed(), refunded()))
    table = day.book.table._table  # type: ignore[attr-defined] # the table in the day
    rows = [item["row"]["S"] for page in row_pages(table, "shopify:us:1001") for item in page["Items"]]
    assert rows[0] == "order"
    assert len(rows) == 4


def test_two_dispatchers_never_claim_one_row(day: DeliveryDay) -> None:
    """The claim is a conditional write."""
    day.deliver(facts(refunded()))
    day.go_round(0)
    day.now = day.now.replace(hour=23)
    due = day.book.due  # type: ignore[attr-defined] # the table in the day
    assert len(list(due.claim(day.now, LEASE, "one", 100))) == 1
    assert list(due.claim(day.now, LEASE, "two", 100)) == []


def test_an_order_of_250_lines_is_promised_whole(day: DeliveryDay) -> None:
    """More items than one transaction holds: promises first, the order with the last ones."""
    lines = [
        placed().model_copy(
            update={"event_id": f"shopify:us:1001:ordered_product:{n}", "name": "ordered_product", "order": None}
        )
        for n in range(250)
    ]
    day.deliver(facts(placed(), *lines))
    assert len(day.klaviyo.events) == 251
    day.deliver(facts(placed(), *lines))
    assert (day.klaviyo.repeats, day.klaviyo.singles) == (0, 251)
