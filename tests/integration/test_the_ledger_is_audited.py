"""The ledger's audit on tables in process: sealed for good, verified whole, and watched."""

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from commerce_sync.aws.checkpoints import CheckpointStore
from commerce_sync.aws.clients import client
from commerce_sync.aws.control import Control
from commerce_sync.aws.ledger_scan import as_stored
from commerce_sync.consent.chain import entry_hash
from commerce_sync.contracts.consent import ConsentRecord
from commerce_sync.contracts.consent_book import Chain, Decided
from commerce_sync.errors import ConfigurationError

from local.in_process import LambdaContext
from tests.fakes.aws_faults import DiedError, dying_at
from tests.fakes.ledger_table import ANA, BOB, LedgerDay, ledger_day, record

Item = dict[str, Any]
LONG = LambdaContext(600_000)
WRITES = frozenset({"PutObject", "UpdateItem", "PutItem", "Sign"})


@pytest.fixture
def day() -> Iterator[LedgerDay]:
    """Two addresses with five entries each, sealed."""
    with ledger_day() as fresh:
        fresh.fill(ANA, 5)
        fresh.fill(BOB, 5, start=50)
        assert audit(fresh, "seal") == {"checkpoints": 1}
        yield fresh


def audit(day: LedgerDay, command: str) -> dict[str, Any]:
    """The function's answer."""
    with day.bundle.function("ledger_audit") as module:
        return dict(module.handler({"command": command}, LONG))


def checkpoint(day: LedgerDay, number: int) -> Item:
    """A checkpoint as it lies in its bucket."""
    found = client("s3").get_object(Bucket=day.bundle.names["Checkpoints"], Key=f"checkpoints/{number}.json")
    return dict(json.loads(found["Body"].read()))


def chain_key(day: LedgerDay) -> str:
    """Under what Ana stands."""
    return day.ledger().read([ANA])[ANA].address_key


def stored(day: LedgerDay, seq: int) -> tuple[Item, Item]:
    """The entry and the slot of Ana's chain by its number."""
    key = {"address_key": {"S": chain_key(day)}}
    slot = client("dynamodb").get_item(TableName=day.places.ledger, Key={**key, "entry": {"S": f"SEQ#{seq:012d}"}})[
        "Item"
    ]
    name = {"S": f"E#{slot['record_id']['S']}"}
    return client("dynamodb").get_item(TableName=day.places.ledger, Key={**key, "entry": name})["Item"], slot


def put(day: LedgerDay, item: Item, table: str = "ledger") -> None:
    """Write over whatever stands there."""
    client("dynamodb").put_item(TableName=getattr(day.places, table), Item=item)


def remove(day: LedgerDay, *items: Item) -> None:
    """Delete entries or slots."""
    for item in items:
        key = {name: item[name] for name in ("address_key", "entry")}
        client("dynamodb").delete_item(TableName=day.places.ledger, Key=key)


def set_head(day: LedgerDay, key: str, seq: int, hashed: str) -> None:
    """Make a head say something else."""
    (head,) = (one for one in day.items(day.places.heads) if one["address_key"]["S"] == key)
    put(day, {**head, "seq": {"N": str(seq)}, "hash": {"S": hashed}}, "heads")


def alter(day: LedgerDay, seq: int, _key: str) -> str:
    """An opt-out becomes an opt-in."""
    entry, _ = stored(day, seq)
    put(day, {**entry, "record": {"S": entry["record"]["S"].replace("withdraw", "grant") + " "}})
    return "altered"


def delete(day: LedgerDay, seq: int, _key: str) -> str:
    """An entry is gone."""
    remove(day, stored(day, seq)[0])
    return "missing"


def insert(day: LedgerDay, seq: int, key: str) -> str:
    """An entry more."""
    entry, _ = stored(day, seq)
    put(day, {**entry, "entry": {"S": "E#" + "f" * 64}})
    return "inserted"


def truncate(day: LedgerDay, seq: int, key: str) -> str:
    """The end is gone, and the head says so, too: only the checkpoint knows."""
    before = stored(day, seq - 1)[1]["entry_hash"]["S"]
    gone = [item for number in range(seq, 6) for item in stored(day, number)]
    remove(day, *gone)
    set_head(day, key, seq - 1, before)
    return "truncated"


def fork(day: LedgerDay, seq: int, key: str) -> str:
    """The last hash is another, in slot and head alike."""
    entry, slot = stored(day, 5)
    entry = {**entry, "sealed": {"S": "made up"}}
    hashed = entry_hash(slot["prev_hash"]["S"], as_stored(entry))
    put(day, entry)
    put(day, {**slot, "entry_hash": {"S": hashed}})
    set_head(day, key, 5, hashed)
    return "forked"


def swap(day: LedgerDay, seq: int, _key: str) -> str:
    """Two entries say what the other said."""
    (one, _), (two, _) = stored(day, seq), stored(day, seq - 1)
    put(day, {**one, "record": two["record"]})
    put(day, {**two, "record": one["record"]})
    return "swapped"


@pytest.mark.parametrize("attack", [alter, delete, insert, truncate, fork, swap])
def test_what_was_done_to_the_table_is_found_and_counted(
    day: LedgerDay, capsys: pytest.CaptureFixture[str], attack: Callable[[LedgerDay, int, str], str]
) -> None:
    """Named by address key, number and record, in the report and in the log; and the alarm's metric is counted."""
    assert audit(day, "verify") == {
        "sound": True,
        "findings": 0,
        "kinds": {},
        "first": [],
        "checkpoints": 1,
        "sealed": 11,
    }
    key, seq = chain_key(day), Random(attack.__name__).randint(2, 5)  # noqa: S311 # a place, no secret
    what = attack(day, seq, key)
    capsys.readouterr()
    report = audit(day, "verify")

    assert not report["sound"]
    assert {one["address_key"] for one in report["first"]} == {key}
    assert (what, 5 if what == "forked" else seq) in {(one["what"], one["seq"]) for one in report["first"]}
    printed = capsys.readouterr().out
    assert f'"LedgerUnsound": {report["findings"]}' in printed
    assert '"LedgerVerified": 1' in printed
    assert "ana@" not in printed


def test_what_grew_is_sealed_and_what_did_not_is_not(day: LedgerDay) -> None:
    """Each checkpoint names the one before it, and counts all entries."""
    assert audit(day, "seal") == {"checkpoints": 0}
    day.fill(ANA, 2, start=5)
    assert audit(day, "seal") == {"checkpoints": 1}
    first, second = (checkpoint(day, number)["checkpoint"] for number in (1, 2))

    assert (first["number"], first["previous"], first["total"], len(first["leaves"])) == (1, "", 11, 3)
    assert (second["number"], second["total"]) == (2, 13)
    assert [leaf[:2] for leaf in second["leaves"]] == [[chain_key(day), 7]]
    assert audit(day, "verify")["sealed"] == 13
    assert {item.get("unsealed") for item in day.items(day.places.heads)} == {None}


@pytest.mark.parametrize("boundary", range(1, 11))
def test_a_death_while_sealing_is_made_good(day: LedgerDay, boundary: int) -> None:
    """Between any two writes, while the ledger goes on: nothing is left out, nothing counted twice or written over."""
    day.fill(ANA, 2, start=5)
    day.fill(BOB, 1, start=55)
    with day.bundle.function("ledger_audit") as module, dying_at(boundary, WRITES) as passed:
        with pytest.raises(DiedError):
            module.handler({"command": "seal"}, LONG)
        assert len(passed) == boundary
    day.fill(BOB, 1, start=56)
    audit(day, "seal")

    report = audit(day, "verify")
    assert (report["sound"], report["sealed"]) == (True, 15)
    versions = client("s3").list_object_versions(Bucket=day.bundle.names["Checkpoints"])["Versions"]
    assert len({one["Key"] for one in versions}) == len(versions) == report["checkpoints"]


def test_the_boundaries_are_those_that_there_are(day: LedgerDay) -> None:
    """Signed, kept, two heads marked, the count moved on."""
    day.fill(ANA, 1, start=5)
    day.fill(BOB, 1, start=55)
    with day.bundle.function("ledger_audit") as module, dying_at(0, WRITES) as passed:
        module.handler({"command": "seal"}, LONG)

    assert [one for one in passed if one.startswith("before")] == [
        f"before-call {one}" for one in ("Sign", "PutObject", "UpdateItem", "UpdateItem", "PutItem")
    ]


def test_a_chain_that_grows_while_it_is_sealed_is_sealed_again(day: LedgerDay) -> None:
    """And a writer who read the head before it was marked reads it again: no entry is counted twice."""
    day.fill(ANA, 1, start=5)

    def slow(chain: Chain, _record: ConsentRecord) -> Decided:
        audit(day, "seal")
        return Decided()

    assert day.ledger().append(ANA, record(6), slow).chain.seq == 7
    assert audit(day, "seal") == {"checkpoints": 1}
    assert (checkpoint(day, 3)["checkpoint"]["total"], audit(day, "verify")["sound"]) == (13, True)


def test_a_checkpoint_is_locked_and_never_written_over(day: LedgerDay) -> None:
    """Where one lies already, whoever comes later takes that one."""
    before = checkpoint(day, 1)
    store = CheckpointStore(day.bundle.names["Checkpoints"], Control(day.places.control))

    assert not store.keep(1, b"another")
    assert checkpoint(day, 1) == before


def test_a_checkpoint_that_was_written_over_or_hidden_is_named(day: LedgerDay) -> None:
    """A version on top of it, or a delete marker."""
    day.fill(ANA, 1, start=5)
    audit(day, "seal")
    bucket = day.bundle.names["Checkpoints"]
    document = checkpoint(day, 1)
    document["checkpoint"]["leaves"] = []
    client("s3").put_object(Bucket=bucket, Key="checkpoints/1.json", Body=json.dumps(document).encode())
    found = audit(day, "verify")["first"]
    assert ("altered", "checkpoint", 1) in {(one["what"], one["place"], one["seq"]) for one in found}

    client("s3").delete_object(Bucket=bucket, Key="checkpoints/2.json")
    found = audit(day, "verify")["first"]
    assert ("missing", "checkpoint", 2) in {(one["what"], one["place"], one["seq"]) for one in found}


def test_a_ledger_that_was_begun_anew_does_not_verify(day: LedgerDay) -> None:
    """All that the checkpoints know of is gone, the first entry with it."""
    for item in day.items(day.places.ledger):
        remove(day, item)
    report = audit(day, "verify")

    assert report["kinds"] == {"missing": 1, "truncated": 3}


def test_there_are_two_commands(day: LedgerDay) -> None:
    """A third is a mistake in somebody's payload."""
    with pytest.raises(ConfigurationError, match="seal or verify"):
        audit(day, "mend")


def changed(name: str, number: int = 1) -> Item:
    """A record of the table's stream."""
    keys = {"address_key": {"S": "1#a"}, "entry": {"S": f"SEQ#{number}"}}
    return {"eventID": str(number), "eventName": name, "dynamodb": {"Keys": keys, "SequenceNumber": str(number)}}


@pytest.mark.parametrize(("name", "rings"), [("INSERT", 0), ("MODIFY", 2), ("REMOVE", 2)])
def test_the_watch_rings_for_anything_but_a_new_entry(
    day: LedgerDay, capsys: pytest.CaptureFixture[str], name: str, rings: int
) -> None:
    """Each time it is told, by ids alone."""
    event = {"Records": [changed(name), changed("INSERT", 2), changed(name, 3)]}
    with day.bundle.function("ledger_watch") as module:
        assert module.handler(event, LONG) == {"batchItemFailures": []}

    assert capsys.readouterr().out.count('"LedgerTampered": 1') == rings


def test_the_watch_gives_back_what_it_cannot_read(day: LedgerDay) -> None:
    """From the first such record on, as a stream has it; the others are told."""
    event = {"Records": [changed("MODIFY"), {"eventName": "MODIFY", "dynamodb": {"SequenceNumber": "7"}}]}
    with day.bundle.function("ledger_watch") as module:
        assert module.handler(event, LONG) == {"batchItemFailures": [{"itemIdentifier": "7"}]}
