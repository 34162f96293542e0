"""What destinations were told, on DynamoDB: writes that overtake each other, items of before, every pepper."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from commerce_sync.aws.told import ToldTable
from commerce_sync.contracts.told import TOLD_AT, Told
from commerce_sync.identity.keys import IdentifierKeys
from commerce_sync.profiles.differences import begun, confirmed, news, refused

from local.in_process import InProcessBundle, in_process_bundle
from tests.fakes import bundle as b

ADA = "ada@example.com"
OLD = IdentifierKeys({"current": "1", "1": "the-first-pepper-of-tests"})
NEW = IdentifierKeys({"current": "2", "1": "the-first-pepper-of-tests", "2": "the-second-pepper-of-tests"})
GOLD = {"tier": "gold", "ends": None, "dash": "-"}


@pytest.fixture
def bundle() -> Iterator[InProcessBundle]:
    """A fresh table."""
    with in_process_bundle() as fresh:
        yield fresh


def table(bundle: InProcessBundle, keys: IdentifierKeys = OLD) -> ToldTable:
    """Over it."""
    return ToldTable(bundle.names["IdentityTable"], keys)


def at_klaviyo(book: ToldTable) -> Told:
    """What Klaviyo is known to have of Ada."""
    return book.told("klaviyo", [ADA])[ADA]


def test_what_is_confirmed_is_read_back_as_it_was(bundle: InProcessBundle) -> None:
    """Also no value, and a text that once stood for none; a write in between is in doubt, and so is one refused."""
    book = table(bundle)
    key = book.key_of("klaviyo", ADA)
    assert "ada" not in key
    note = begun(at_klaviyo(book), GOLD, {"contact": "5"})
    assert book.begin(key, note)
    assert at_klaviyo(book) == Told({}, GOLD, versions={"contact": "5"}, revision=1)
    assert book.end(key, confirmed(note, GOLD))
    assert at_klaviyo(book) == Told(GOLD, {}, versions={"contact": "5"}, revision=1)
    assert book.told("hubspot", [ADA])[ADA] == Told()
    again = begun(at_klaviyo(book), {"tier": "x"})
    assert book.begin(key, again)
    assert book.end(key, refused(again, "klaviyo 400 invalid"))
    assert book.told_under([key, "nobody"]) == {key: at_klaviyo(book)}
    assert at_klaviyo(book).refused == "klaviyo 400 invalid"


def test_writes_that_overtake_each_other_are_written_again(bundle: InProcessBundle) -> None:
    """Two workers begin; whoever ends first cannot know which write came last, and the other one says so."""
    book = table(bundle)
    key = book.key_of("klaviyo", ADA)
    first = begun(at_klaviyo(book), {"tier": "silver"})
    assert book.begin(key, first)
    assert not book.begin(key, begun(Told(), {"tier": "gold"}))
    second = begun(at_klaviyo(book), {"tier": "gold"})
    assert book.begin(key, second)
    assert book.end(key, confirmed(second, {"tier": "gold"}))
    assert not book.end(key, confirmed(first, {"tier": "silver"}))
    assert news({"tier": "gold"}, at_klaviyo(book)) == {"tier": "gold"}


def test_a_write_that_ends_after_an_erasure_leaves_nothing(bundle: InProcessBundle) -> None:
    """Neither a value nor a note; nor does an import."""
    book = table(bundle)
    key = book.key_of("hubspot", ADA)
    note = begun(Told(), GOLD)
    assert book.begin(key, note)
    assert [one["pending"] for one in book.known([ADA])] == [GOLD]
    assert not book.is_underway([ADA])
    assert book.begin(book.key_of("klaviyo", ADA), begun(Told(), GOLD, is_imported=True))
    assert book.is_underway(["bo@example.com", ADA])
    assert at_klaviyo(book).is_imported
    assert book.forget([ADA]) == len(("hubspot", "klaviyo"))
    assert not book.end(key, confirmed(note, GOLD))
    book.doubt(key, over=1)
    assert b.items(bundle, "IdentityTable") == []


def test_an_import_that_was_overtaken_holds_nobody_once_it_is_over(bundle: InProcessBundle) -> None:
    """Two may hold an address, each until its own end; whoever read before that writes neither back."""
    book = table(bundle)
    key = book.key_of("klaviyo", ADA)
    imported = begun(Told(), GOLD, is_imported=True)
    assert book.begin(key, imported)
    again = begun(at_klaviyo(book), GOLD, is_imported=True)
    assert book.begin(key, again)
    read_before = at_klaviyo(book)
    book.doubt(key, over=imported.revision)
    assert list(at_klaviyo(book).imports) == ["2"]
    assert not book.begin(key, begun(read_before, GOLD))
    book.doubt(key, over=again.revision)
    assert (at_klaviyo(book).is_imported, book.is_underway([ADA])) == (False, False)


def test_an_import_of_which_nobody_saw_the_end_holds_nobody_for_ever(bundle: InProcessBundle) -> None:
    """Its worker died, or Klaviyo asked to wait: there is no promise about it. Writes in between change nothing."""
    at = datetime(2026, 11, 2, 9, tzinfo=UTC)
    book = ToldTable(bundle.names["IdentityTable"], OLD, lambda: at)
    key = book.key_of("klaviyo", ADA)
    assert book.begin(key, begun(Told(), GOLD, is_imported=True))
    at += timedelta(hours=24)
    assert book.begin(key, begun(at_klaviyo(book), GOLD))
    assert (at_klaviyo(book).is_imported, book.is_underway([ADA])) == (True, True)
    at += timedelta(hours=1)
    assert (at_klaviyo(book).is_imported, book.is_underway([ADA])) == (False, False)
    book.doubt(key, over=7)
    assert at_klaviyo(book).revision == len(("imported", "told since", "in doubt"))


def test_what_was_told_of_lists_stands_apart_and_is_forgotten_with_the_rest(bundle: InProcessBundle) -> None:
    """A list that refuses parks no field, and nothing of either is left behind."""
    book = table(bundle)
    for at in TOLD_AT:
        assert book.begin(book.key_of(at, ADA), begun(Told(), GOLD))
    assert len(b.items(bundle, "IdentityTable")) == len(TOLD_AT)
    assert (len(book.known([ADA])), book.forget([ADA])) == (len(TOLD_AT), len(TOLD_AT))
    assert b.items(bundle, "IdentityTable") == []


def test_what_was_told_under_an_older_pepper_is_told_again_once(bundle: InProcessBundle) -> None:
    """It may stand at the vendor still, and nobody is sure."""
    older = table(bundle)
    note = begun(Told(), GOLD)
    assert older.begin(older.key_of("klaviyo", ADA), note)
    assert older.end(older.key_of("klaviyo", ADA), confirmed(note, GOLD))
    book = table(bundle, NEW)
    assert at_klaviyo(book) == Told({}, GOLD)
    moved = begun(at_klaviyo(book), GOLD)
    assert book.begin(book.key_of("klaviyo", ADA), moved)
    assert book.end(book.key_of("klaviyo", ADA), confirmed(moved, GOLD))
    known = at_klaviyo(book)
    assert known == Told(GOLD, revision=1)
    assert book.forget([ADA]) == len(("under the old one", "under the new one"))


def test_items_of_before_are_lifted_and_forgotten(bundle: InProcessBundle) -> None:
    """Values as a map, a dash for none, a doubt about all of it; and digests, which go with their person."""
    book = table(bundle)
    key = book.key_of("klaviyo", ADA)
    item = {
        "key": {"S": key},
        "values": {"M": {"tier": {"S": "gold"}, "ends": {"S": "-"}}},
        "revision": {"N": "4"},
        "is_unsure": {"BOOL": False},
    }
    put = b.aws_client("dynamodb").put_item
    put(TableName=bundle.names["IdentityTable"], Item=item)
    assert at_klaviyo(book) == Told({"tier": "gold", "ends": None}, revision=4)
    put(TableName=bundle.names["IdentityTable"], Item={**item, "is_unsure": {"BOOL": True}})
    assert at_klaviyo(book).pending == {"tier": "gold", "ends": None}
    put(
        TableName=bundle.names["IdentityTable"],
        Item={"key": {"S": f"klaviyo-confirmed#{OLD.keys(('email', ADA))[0]}"}, "digest": {"S": "d"}},
    )
    assert book.forget([ADA]) == len(("what was told", "a digest"))
    assert b.items(bundle, "IdentityTable") == []
