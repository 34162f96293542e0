"""Quarantine, records and subjects are read page by page, so that an erasure can stop anywhere and go on."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from commerce_sync.aws import quarantine, records, subjects
from commerce_sync.aws.identity_table import IdentityTable
from commerce_sync.aws.order_book_table import OrderBookTable
from commerce_sync.contracts import BookedOrder, Envelope, Plan
from commerce_sync.identity.facts import Observation
from commerce_sync.identity.keys import IdentifierKeys
from commerce_sync.identity.policy import Policy
from commerce_sync.identity.resolution import Resolver

from local.in_process import InProcessBundle, in_process_bundle

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def bundle() -> Iterator[InProcessBundle]:
    """Fresh tables."""
    with in_process_bundle() as fresh:
        yield fresh


def every(page: Callable[[str], tuple[Sequence[Any], str]]) -> tuple[list[Any], int]:
    """Everything on all pages, and how many pages there were."""
    found, cursor, pages = list[Any](), "", 0
    while pages == 0 or cursor:
        part, cursor = page(cursor)
        found += part
        pages += 1
    return found, pages


def test_the_quarantine_is_read_in_pages_and_a_delivery_goes_with_all_its_entries(bundle: InProcessBundle) -> None:
    """One delivery may have been refused at several places."""
    table = quarantine.Quarantine(bundle.names["QuarantineTable"])
    for number in range(150):
        envelope = Envelope(
            schema_version=1,
            envelope_id=f"e{number:03}",
            source="shopify",
            store="us",
            topic="orders/create",
            delivery_id="d",
            received_at=NOW,
            archive_key=f"archive/shopify/us/2026/11/21/000000{number:06}-e.json",
        )
        for path in ("a", "b"):
            table.keep(envelope, code="bad_money", path=path, expected="x", advice="y")
    entries, pages = every(table.page)
    assert (len(entries), pages >= 3) == (300, True)
    assert len({entry["envelope_id"] for entry in entries}) == 150
    assert (table.remove(["e000", "e001", "unknown"]), len(every(table.page)[0])) == (4, 296)


def test_records_of_a_store_are_read_in_pages(bundle: InProcessBundle) -> None:
    """Each once, and only those of the store; pages of pointers hold none."""
    name = bundle.names["IdentityTable"]
    keys = IdentifierKeys({"current": "1", "1": "a pepper for tests"})
    numbers = iter(range(10_000))
    resolver = Resolver(IdentityTable(name), keys, Policy(frozenset()), lambda: NOW, lambda: f"id{next(numbers)}")
    for number in range(120):
        centers = (("shopify:us", str(number)), ("own:wholesale", str(number)))
        for center in centers:
            fact = Observation(center, (("email", f"p{number}@example.com"),), NOW, center[0], "seen")
            resolver.learn([fact])
    found, pages = every(lambda cursor: records.Records(name).page("shopify:us", cursor))
    assert pages > 1
    assert sorted(found) == sorted(("shopify:us", str(number)) for number in range(120))


def test_subjects_of_a_store_are_read_in_pages(bundle: InProcessBundle) -> None:
    """Also where most of the table is another store's, and a page holds none."""
    name = bundle.names["OrderBookTable"]
    book = OrderBookTable(name)
    for number in range(300):
        for store in ("us", "eu"):
            book.record(f"shopify:{store}:{number}", lambda _: Plan(BookedOrder(erased=True), ()))
    found, pages = every(lambda cursor: subjects.Subjects(name).of_store("shopify:us", cursor))
    assert (len(set(found)), len(found), pages > 1) == (300, 300, True)
    assert all(one.startswith("shopify:us:") for one in found)
