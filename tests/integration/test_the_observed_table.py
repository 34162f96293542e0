"""What is observed, on DynamoDB: the newest whatever the order, under every pepper."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from commerce_sync.aws.observed import ObservedTable
from commerce_sync.contracts.advanced import Said
from commerce_sync.identity.keys import IdentifierKeys
from commerce_sync.profiles.observed import newest

from local.in_process import InProcessBundle, in_process_bundle
from tests.fakes import bundle as b

ADA, CUSTOMER = ("email", "ada@example.com"), ("shopify:us", "42")
OLD = IdentifierKeys({"current": "1", "1": "the-first-pepper-of-tests"})
NEW = IdentifierKeys({"current": "2", "1": "the-first-pepper-of-tests", "2": "the-second-pepper-of-tests"})
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def bundle() -> Iterator[InProcessBundle]:
    """A fresh table."""
    with in_process_bundle() as fresh:
        yield fresh


def table(bundle: InProcessBundle, keys: IdentifierKeys = OLD) -> ObservedTable:
    """Over it."""
    return ObservedTable(bundle.names["IdentityTable"], keys)


def test_the_newest_stays_whatever_the_order(bundle: InProcessBundle) -> None:
    """Also of one moment, and where it is taken back."""
    ends = NOW + timedelta(days=1)
    said = [Said("gold", NOW), Said("silver", NOW), Said("bronze", NOW, ends), Said("x", NOW - timedelta(days=1))]
    for number, order in enumerate(permutations(said)):
        whose = ("email", f"person.{number}@example.com")
        for one in (*order, order[0]):
            table(bundle).keep(whose, "tier", one)
        assert list(table(bundle).sayings([whose])) == [{"tier": Said("silver", NOW)}]
    table(bundle).keep(ADA, "tier", Said(None, NOW))
    table(bundle).keep(ADA, "tier", Said("gold", NOW))
    assert list(table(bundle).sayings([ADA])) == [{"tier": Said(None, NOW)}]


def test_a_key_names_its_person_to_us_alone(bundle: InProcessBundle) -> None:
    """It stands in due rows; after an erasure it names nobody."""
    key = table(bundle).keep(ADA, "tier", Said("gold", NOW))
    assert "ada" not in key
    assert table(bundle).whose(key) == ADA
    assert table(bundle).forget([ADA]) == 1
    assert table(bundle).whose(key) is None


def test_all_is_found_under_every_pepper(bundle: InProcessBundle) -> None:
    """What was said under the old one counts."""
    table(bundle).keep(ADA, "tier", Said("silver", NOW - timedelta(days=1)))
    book = table(bundle, NEW)
    book.keep(ADA, "tier", Said("gold", NOW))
    assert newest(book.sayings([ADA])) == {"tier": Said("gold", NOW)}
    assert len(book.known([ADA])) == len(("said before", "said"))
    assert book.forget([ADA, CUSTOMER]) == len(("said before", "said"))
    assert b.items(bundle, "IdentityTable") == []
