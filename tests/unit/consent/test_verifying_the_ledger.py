"""Whatever is done to the stored ledger is found, and named."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from commerce_sync.contracts.consent_ledger import Finding, Head, Stored, slot_name

from tests.fakes.ledger_table import record
from tests.fakes.stored_ledger import StoredLedger
from tests.unit.consent.attacks import ATTACKS, Where, made_up

PLACES = 200


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_found_and_located_wherever_it_is(attack: str) -> None:
    """Six classes, two hundred random places each; and nothing is found before."""
    missed = []
    for seed in range(PLACES):
        random = Random(f"{attack} {seed}")  # noqa: S311 # places, not secrets
        ledger = made_up(random)
        assert ledger.findings() == [], seed
        where = ATTACKS[attack](ledger, random)
        found = ledger.findings()
        if not is_located(found, where):
            missed.append((seed, where, found))
    assert missed == []


def is_located(found: Sequence[Finding], where: Where) -> bool:
    """Whether findings name all places that were changed, and no address that was left alone."""
    theirs = [one for one in found if one.address_key == where.address_key]
    named = any(one.seq in where.numbers and where.record_id in {"", one.record_id} for one in theirs)
    touched = {where.address_key} | ({where.also[0]} if where.also else set())
    places = {(one.address_key, one.seq) for one in found}
    return named and {one.address_key for one in found} == touched and (where.also is None or where.also in places)


def chain_of(count: int) -> StoredLedger:
    """One address with so many entries, not sealed."""
    ledger = StoredLedger()
    for number in range(count):
        ledger.append(record(number, address_key="1#a"))
    return ledger


def test_what_is_found_says_what_was_done() -> None:
    """One plain case each."""
    ledger = chain_of(5)
    ledger.entry("1#a", 2)["sealed"] = "other"
    gone = ledger.slot("1#a", 4)["record_id"]
    del ledger.items["1#a"][f"E#{gone}"]
    found = [(one.what, one.place, one.seq, one.record_id) for one in ledger.findings()]

    assert found == [
        ("altered", "entry", 2, ledger.slot("1#a", 2)["record_id"]),
        ("missing", "entry", 4, gone),
    ]


def test_a_head_that_was_changed_alone_is_blamed_alone_where_the_chain_was_sealed() -> None:
    """The checkpoint speaks for the chain."""
    for changed in (Head("1#a", 5, "0" * 64), Head("1#a", 3, "1" * 64)):
        ledger = chain_of(5)
        ledger.seal()
        ledger.ends["1#a"] = changed

        assert [(one.what, one.place, one.seq) for one in ledger.findings()] == [("altered", "head", 5)]


def test_a_lost_head_is_named() -> None:
    """And a head of which no chain is left."""
    ledger = chain_of(2)
    del ledger.ends["1#a"]
    assert [(one.what, one.place) for one in ledger.findings()] == [("missing", "head")]

    ledger = chain_of(2)
    ledger.items.clear()
    assert [(one.what, one.seq) for one in ledger.findings()] == [("truncated", 1)]


@pytest.mark.parametrize(
    "junk",
    [
        {"entry": "SEQ#999999999999", "record_id": "x", "prev_hash": "", "entry_hash": ""},
        {"entry": "SEQ#1", "record_id": "x"},
        {"entry": "SEQ#\u0661", "record_id": "x"},
        {"entry": "SEQ#00000000000\u0662"},
        {"entry": "E#", "seq": "N:1.5", "record": "[]"},
        {"entry": "E#x", "record": "{"},
        {"entry": "something", "seq": -1},
    ],
)
def test_whatever_is_put_into_a_partition_is_found_and_breaks_nothing(junk: Stored) -> None:
    """Names and values of any kind, and none makes the verification run for ever."""
    ledger = chain_of(3)
    ledger.items["1#a"][str(junk["entry"])] = {"address_key": "1#a", **junk}

    assert ledger.findings() != []
    assert len(ledger.findings()) < 2000


def test_a_chain_that_grows_while_it_is_read_is_read_again() -> None:
    """A scan is not one moment: what fits on a second look was never wrong."""

    class Growing(StoredLedger):
        looks = 0

        def entries(self) -> object:  # type: ignore[override] # the entries of a moment ago
            seen = [dict(item) for item in super().entries()]
            self.append(record(99, address_key="1#a"))
            return iter(seen[:-1])

        def chain(self, address_key: str) -> tuple[Sequence[Stored], Head | None]:
            self.looks += 1
            items, head = super().chain(address_key)
            return items, replace(head, seq=1) if head and self.looks == 1 else head

    ledger = Growing()
    for number in range(4):
        ledger.append(record(number, address_key="1#a"))

    assert ledger.findings() == []
    assert ledger.looks == 2


def test_a_slot_that_says_more_than_a_slot_does_is_altered() -> None:
    """No attribute is outside the check."""
    ledger = chain_of(2)
    ledger.items["1#a"][slot_name(1)]["note"] = "harmless?"

    assert [(one.what, one.place, one.seq) for one in ledger.findings()] == [("altered", "slot", 1)]
