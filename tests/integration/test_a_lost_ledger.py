"""Where a part of the consent ledger was lost, changed or cut short, nothing is read and nothing written."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from commerce_sync.aws.clients import client
from commerce_sync.errors import LedgerLostError

from tests.fakes.ledger_table import ANA, BOB, LedgerDay, ledger_day, promising, record, written

WRITES = frozenset({"TransactWriteItems", "GenerateDataKey", "PutItem", "UpdateItem", "DeleteItem"})
NOTHING = promising()


@pytest.fixture
def day() -> Iterator[LedgerDay]:
    """A ledger that nobody has written to."""
    with ledger_day() as fresh:
        yield fresh


def empty(day: LedgerDay, table: str) -> None:
    """As if somebody had made the table anew."""
    keys = client("dynamodb").describe_table(TableName=table)["Table"]["KeySchema"]
    for item in day.items(table):
        key = {one["AttributeName"]: item[one["AttributeName"]] for one in keys}
        client("dynamodb").delete_item(TableName=table, Key=key)


@pytest.mark.parametrize("lost", ["ledger", "heads", "control", "subject_keys"])
def test_where_a_table_was_lost_nothing_is_read_or_written(day: LedgerDay, lost: str) -> None:
    """An empty ledger never looks like permission: whichever of them is gone, the others know better."""
    day.fill(ANA, 2)
    empty(day, getattr(day.places, lost))
    before = {table: day.items(table) for table in (day.places.ledger, day.places.heads, day.places.outbox)}

    for address in (ANA, BOB):
        with pytest.raises(LedgerLostError, match="lost or recreated"):
            day.ledger().read([address])
        with pytest.raises(LedgerLostError, match="no consent is written"):
            day.ledger().append(address, record(7, channel=address[0]), NOTHING)
    assert {table: day.items(table) for table in before} == before


def test_a_process_that_runs_on_finds_out_within_minutes(day: LedgerDay) -> None:
    """What was sound once is looked at again."""
    ledger = day.ledger()
    ledger.append(ANA, record(1), NOTHING)
    empty(day, day.places.ledger)
    day.now += timedelta(minutes=6)

    with pytest.raises(LedgerLostError):
        ledger.append(BOB, record(2, channel="sms"), NOTHING)


def test_a_lost_table_of_keys_is_not_everybody_erased(day: LedgerDay) -> None:
    """Not even to a process that found all well a moment ago: a row of somebody unknown would be settled for good."""
    key = day.fill(ANA, 1)[-1].chain.address_key
    warm = day.ledger()
    assert (warm.address_of(key), warm.address_of("1#nobody")) == (ANA, None)
    empty(day, day.places.subject_keys)

    with pytest.raises(LedgerLostError, match="keys were lost or recreated"):
        warm.address_of(key)


def test_another_ledger_in_its_place_is_refused(day: LedgerDay) -> None:
    """One that somebody began anew, with a first entry of its own."""
    day.fill(ANA, 1)
    kept = day.items(day.places.control)
    places = day.places
    for table in (places.ledger, places.heads, places.outbox, places.control, places.subject_keys):
        empty(day, table)
    day.fill(ANA, 1)
    client("dynamodb").put_item(TableName=day.places.control, Item=kept[0])

    with pytest.raises(LedgerLostError, match="not the one that the control table knows"):
        day.ledger().read([ANA])


@pytest.mark.parametrize(
    "peppers", [{"current": "1", "1": "another-pepper-altogether"}, {"current": "2", "2": "x" * 20}]
)
def test_a_changed_pepper_is_refused(day: LedgerDay, peppers: dict[str, str]) -> None:
    """Under it nobody who opted out would be recognised."""
    day.fill(ANA, 1)

    with pytest.raises(LedgerLostError, match="pepper"):
        day.ledger(peppers).append(ANA, record(2), NOTHING)
    assert len(written(day)) == 1


@pytest.mark.parametrize("gone", ["the head", "the last entry", "the last slot", "both", "all", "head set back"])
def test_a_chain_that_was_cut_short_is_refused(day: LedgerDay, gone: str) -> None:
    """The address that it happened to; others go on."""
    chain = day.fill(ANA, 3)[-1].chain
    day.fill(BOB, 1, start=50)
    key = {"address_key": {"S": chain.address_key}}
    names = {
        "the last entry": [f"E#{record(2).record_id}"],
        "the last slot": ["SEQ#000000000003"],
        "both": [f"E#{record(2).record_id}", "SEQ#000000000003"],
        "all": [f"E#{record(number).record_id}" for number in range(3)] + [f"SEQ#{n:012d}" for n in (1, 2, 3)],
    }
    for name in names.get(gone, []):
        client("dynamodb").delete_item(TableName=day.places.ledger, Key={**key, "entry": {"S": name}})
    if gone == "the head":
        client("dynamodb").delete_item(TableName=day.places.heads, Key=key)
    if gone == "head set back":
        (slot,) = (
            one
            for one in day.items(day.places.ledger)
            if {**key, "entry": {"S": "SEQ#000000000002"}}.items() <= one.items()
        )
        (head,) = (one for one in day.items(day.places.heads) if key.items() <= one.items())
        back = {**head, "seq": {"N": "2"}, "hash": slot["entry_hash"]}
        client("dynamodb").put_item(TableName=day.places.heads, Item=back)
    before = day.items(day.places.ledger)

    with pytest.raises(LedgerLostError, match="cut short"):
        day.ledger().append(ANA, record(9), NOTHING)
    assert day.items(day.places.ledger) == before
    assert day.fill(BOB, 1, start=60)[0].is_new
