"""What is observed, on DynamoDB: the newest whatever the order, writes that overtake each other, every pepper."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from commerce_sync.aws.observed import ObservedTable
from commerce_sync.contracts.advanced import Said
from commerce_sync.contracts.observed import Told
from commerce_sync.identity.keys import IdentifierKeys
from commerce_sync.profiles.observed import newest, news

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


def test_writes_that_overtake_each_other_are_written_again(bundle: InProcessBundle) -> None:
    """Two workers begin; whoever ends first cannot know which write came last, and the other one says so."""
    book = table(bundle)
    first = book.told("klaviyo", ["ada@example.com"])["ada@example.com"]
    assert first == Told({})
    assert book.begin("klaviyo", "ada@example.com", Told({"tier": "silver"}, 1, is_unsure=True))
    assert not book.begin("klaviyo", "ada@example.com", Told({"tier": "gold"}, 1, is_unsure=True))
    second = book.told("klaviyo", ["ada@example.com"])["ada@example.com"]
    assert book.begin("klaviyo", "ada@example.com", Told({"tier": "gold"}, second.revision + 1, is_unsure=True))
    assert book.confirm("klaviyo", "ada@example.com", Told({"tier": "gold"}, second.revision + 1))
    assert not book.confirm("klaviyo", "ada@example.com", Told({"tier": "silver"}, 1))
    known = book.told("klaviyo", ["ada@example.com"])["ada@example.com"]
    assert known.is_unsure
    assert news({"tier": "gold"}, known) == {"tier": "gold"}


def test_a_write_that_ends_after_an_erasure_leaves_nothing(bundle: InProcessBundle) -> None:
    """Neither a value nor a note."""
    book = table(bundle)
    book.keep(ADA, "tier", Said("gold", NOW))
    assert book.begin("hubspot", "ada@example.com", Told({"tier": "gold"}, 1, is_unsure=True))
    assert book.forget([ADA, CUSTOMER]) == len(("said", "told"))
    assert not book.confirm("hubspot", "ada@example.com", Told({"tier": "gold"}, 1))
    assert b.items(bundle, "IdentityTable") == []


def test_all_is_found_under_every_pepper(bundle: InProcessBundle) -> None:
    """What was said and told under the old one counts; what was told is told again, once."""
    table(bundle).keep(ADA, "tier", Said("silver", NOW - timedelta(days=1)))
    table(bundle).begin("klaviyo", "ada@example.com", Told({"tier": "silver"}, 1, is_unsure=True))
    table(bundle).confirm("klaviyo", "ada@example.com", Told({"tier": "silver"}, 1))
    book = table(bundle, NEW)
    book.keep(ADA, "tier", Said("gold", NOW))
    assert newest(book.sayings([ADA])) == {"tier": Said("gold", NOW)}
    known = book.told("klaviyo", ["ada@example.com"])["ada@example.com"]
    assert (known.values, known.revision, known.is_unsure) == ({"tier": "silver"}, 0, True)
    assert len(book.known([ADA])) == len(("said before", "said", "told before"))
    assert book.forget([ADA]) == len(("said before", "said", "told before"))
