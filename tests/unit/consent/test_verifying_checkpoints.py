"""Sealing survives a crash anywhere, and checkpoints that were touched are found."""

import json
from hashlib import sha256
from typing import Any

import pytest
from commerce_sync.consent.chain import canonical
from commerce_sync.errors import PermanentError

from tests.fakes.ledger_table import record
from tests.fakes.stored_ledger import FakeNotary, StoredLedger


class CrashedError(Exception):
    """The process died."""


def grown(addresses: int = 7, entries: int = 3) -> StoredLedger:
    """Nothing sealed yet."""
    ledger = StoredLedger()
    for number in range(entries):
        for address in range(addresses):
            ledger.append(record(number * 100 + address, address_key=f"1#{address}"))
    return ledger


def total(ledger: StoredLedger) -> int:
    """What the last checkpoint counts."""
    return int(json.loads(ledger.objects[max(ledger.objects)])["checkpoint"]["total"])


def test_everything_is_sealed_once_in_bounded_checkpoints() -> None:
    """Seven chains, three a checkpoint; a second run has nothing to do."""
    ledger = grown()

    assert ledger.seal(most=3) == 3
    assert (ledger.seal(), total(ledger), ledger.waiting) == (0, 21, set())
    ledger.append(record(1000, address_key="1#3"))
    assert (ledger.seal(), total(ledger), ledger.findings()) == (1, 22, [])


@pytest.mark.parametrize("boundary", range(1, 22))
def test_a_crash_between_any_two_writes_is_made_good_by_the_next_run(boundary: int) -> None:
    """Before and after each write; meanwhile the ledger goes on. No entry is counted twice, and none is left out."""
    ledger = grown(addresses=5)
    passed = 0

    def die(_name: str) -> None:
        nonlocal passed
        passed += 1
        if passed == boundary:
            raise CrashedError

    ledger.crash = die
    try:
        ledger.seal(most=2)
    except CrashedError:
        ledger.append(record(5000, address_key="1#1"))
    ledger.crash = lambda _name: None
    ledger.seal(most=2)

    assert ledger.findings() == []
    assert (total(ledger), ledger.waiting) == (sum(head.seq for head in ledger.ends.values()), set())
    assert len(ledger.objects) == ledger.count.number


def test_a_foreign_object_where_the_next_checkpoint_belongs_is_not_taken() -> None:
    """Nor written over: somebody must look."""
    for data in (b"{}", b"\xff", b"[" * 100_000, _resigned(grown_and_sealed().objects[1], FakeNotary(b"a thief"))):
        ledger = grown()
        ledger.objects[1] = data
        with pytest.raises(PermanentError):
            ledger.seal()
        assert ledger.waiting == set(ledger.ends)


def test_the_last_signature_vouches_for_all() -> None:
    """One question to the notary, however many there are."""
    ledger = grown_and_sealed()
    ledger.notary.asked = 0

    assert ledger.findings() == []
    assert (len(ledger.objects), ledger.notary.asked) == (7, 1)


def grown_and_sealed() -> StoredLedger:
    """One chain a checkpoint."""
    ledger = grown()
    ledger.seal(most=1)
    return ledger


def _resigned(data: bytes, notary: FakeNotary) -> bytes:
    body: dict[str, Any] = json.loads(data)["checkpoint"]
    return canonical({"checkpoint": body, "signature": notary.sign(sha256(canonical(body)).digest())})


def _with(data: bytes, **changes: Any) -> bytes:
    document = json.loads(data)
    return canonical({**document, "checkpoint": {**document["checkpoint"], **changes}})


@pytest.mark.parametrize("number", range(1, 8))
@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda data: _with(data, at="2020-01-01T00:00:00+00:00"), "altered"),
        (lambda data: _with(data, leaves=[]), "altered"),
        (lambda data: _with(data, total=1), "altered"),
        (lambda data: _with(data, number=99), "altered"),
        (lambda data: _resigned(_with(data, total=1), FakeNotary(b"a thief")), "altered"),
        (lambda _: b"no JSON", "altered"),
        (lambda _: None, "missing"),
    ],
)
def test_a_checkpoint_that_was_touched_is_named(number: int, change: Any, what: str) -> None:
    """Whichever it is, the first and the last among them."""
    ledger = grown_and_sealed()
    changed = change(ledger.objects[number])
    if changed is None:
        del ledger.objects[number]
    else:
        ledger.objects[number] = changed

    assert (what, number) in {(one.what, one.seq) for one in ledger.findings() if one.place == "checkpoint"}


def test_two_checkpoints_that_changed_places_are_named() -> None:
    """Both are ours, and neither is where it belongs."""
    ledger = grown_and_sealed()
    ledger.objects[3], ledger.objects[5] = ledger.objects[5], ledger.objects[3]

    assert {one.seq for one in ledger.findings() if one.what == "swapped"} == {3, 5}


def test_an_empty_ledger_is_sound() -> None:
    """Nothing to seal, nothing to find."""
    assert (StoredLedger().seal(), StoredLedger().findings()) == (0, [])
