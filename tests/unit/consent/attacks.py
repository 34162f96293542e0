"""What somebody who can change the table may do to it: six classes of attack, each in several ways.

An attack changes a ledger at a random place, and says where a verification must find it: an address, and the numbers
in its chain that it may name, one of them at least.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from random import Random

from commerce_sync.consent.chain import record_id_of
from commerce_sync.contracts.consent_ledger import Head, entry_name, slot_name

from tests.fakes.ledger_table import record
from tests.fakes.stored_ledger import StoredLedger


@dataclass(frozen=True)
class Where:
    """Where the attack must be found: one of these numbers of an address's chain, and the record's id where given.

    ``also`` is a second place that was changed, which must be found as well.
    """

    address_key: str
    numbers: Collection[int]
    record_id: str = ""
    also: tuple[str, int] | None = None


Attack = Callable[[StoredLedger, Random], Where]


def made_up(random: Random) -> StoredLedger:
    """A ledger of a few addresses, sealed now and then, and at the end."""
    ledger = StoredLedger()
    keys = [f"1#{random.getrandbits(64):x}" for _ in range(random.randint(2, 5))]
    for number in range(random.randint(12, 40)):
        ledger.append(record(number, address_key=random.choice(keys)))
        if random.random() < 0.2:
            ledger.seal(random.randint(1, 5))
    for key in keys:  # at least three entries each, so that there is a middle
        for number in range(3):
            ledger.append(record(number, address_key=key, record_id=record_id_of("main", "x", key, str(number))))
    ledger.seal()
    return ledger


def _place(ledger: StoredLedger, random: Random) -> tuple[str, int, int]:
    """An address, a number in its chain, and the chain's length."""
    key = random.choice(sorted(ledger.items))
    length = ledger.ends[key].seq
    return key, random.randint(1, length), length


def alter(ledger: StoredLedger, random: Random) -> Where:
    """Change what an entry says, or what its slot says of it, with or without its hash."""
    key, seq, _ = _place(ledger, random)
    entry, slot = ledger.entry(key, seq), ledger.slot(key, seq)
    match random.randrange(6):
        case 0:
            entry["record"] = json.dumps({**json.loads(entry["record"]), "strength": "verified_in"})
        case 1:
            entry["sealed"] = entry["sealed"] + "x"
        case 2:
            entry["approved"] = "yes"
        case 3:
            slot["entry_hash"] = "0" * 64
        case 4:
            slot["prev_hash"] = "0" * 64
        case _:
            entry["record"] = json.dumps({**json.loads(entry["record"]), "action": "grant"})
            end = ledger.ends[key]
            ledger.rehash(key, seq)
            for later in range(seq + 1, end.seq + 1):  # only the slot's own hash was made to fit
                slot_later = ledger.slot(key, later)
                slot_later["prev_hash"] = slot_later["prev_hash"] if later > seq + 1 else "of the true one"
            ledger.ends[key] = end
    return Where(key, {seq, seq + 1})


def delete(ledger: StoredLedger, random: Random) -> Where:
    """Remove an entry, its slot, or both."""
    key, seq, _ = _place(ledger, random)
    record_id = ledger.slot(key, seq)["record_id"]
    how = random.randrange(3)
    if how != 1:
        del ledger.items[key][entry_name(record_id)]
    if how != 0:
        del ledger.items[key][slot_name(seq)]
    return Where(key, {seq}, record_id if how == 0 else "")


def insert(ledger: StoredLedger, random: Random) -> Where:
    """Add an entry without a slot, one at the end that the head does not count, or one that pushes others on."""
    key, seq, length = _place(ledger, random)
    new = record(7, address_key=key, record_id=f"{random.getrandbits(256):064x}", action="grant")
    head = ledger.ends[key]
    how = random.randrange(3)
    ledger.append(new)
    ledger.ends[key] = head
    if how == 0:
        del ledger.items[key][slot_name(length + 1)]
        return Where(key, range(length + 2), new.record_id)
    if how == 1:
        return Where(key, {length + 1}, new.record_id)
    added = ledger.items[key].pop(slot_name(length + 1))
    for later in range(length, seq - 1, -1):
        moved = ledger.items[key].pop(slot_name(later))
        ledger.items[key][slot_name(later + 1)] = {**moved, "entry": slot_name(later + 1)}
    ledger.items[key][slot_name(seq)] = {**added, "entry": slot_name(seq)}
    return Where(key, {seq})


def truncate(ledger: StoredLedger, random: Random) -> Where:
    """Cut off the end of a chain: with the head left, with the head set back, or the whole with its head."""
    key, seq, length = _place(ledger, random)
    how = random.randrange(3)
    seq = 1 if how == 2 else seq
    for later in range(seq, length + 1):
        del ledger.items[key][entry_name(ledger.slot(key, later)["record_id"])]
        del ledger.items[key][slot_name(later)]
    if how and seq > 1:
        ledger.ends[key] = Head(key, seq - 1, ledger.slot(key, seq - 1)["entry_hash"], seq - 1)
    elif how:
        del ledger.items[key], ledger.ends[key]
    return Where(key, {seq})


def fork(ledger: StoredLedger, random: Random) -> Where:
    """Rewrite a chain from somewhere on, hashes, head and all; now and then the ledger lives on, and is sealed again.

    Only what was sealed contradicts it, so it is found at the first number that was sealed from there on.
    """
    key, seq, _ = _place(ledger, random)
    sealed = sorted(leaf_seq for leaf_key, leaf_seq in sealings(ledger) if leaf_key == key)
    entry = ledger.entry(key, seq)
    entry["record"] = json.dumps({**json.loads(entry["record"]), "action": "grant", "strength": "verified_in"})
    ledger.rehash(key, seq)
    if random.random() < 0.5:
        ledger.append(record(9, address_key=key, record_id=f"{random.getrandbits(256):064x}"))
        ledger.seal()
    return Where(key, {next(one for one in sealed if one >= seq)})


def swap(ledger: StoredLedger, random: Random) -> Where:
    """Exchange what two entries say, of one address or of two, or two slots."""
    key, seq, length = _place(ledger, random)
    other_key, other = random.choice(
        [(one, number) for one in ledger.items for number in (1, 2, 3) if (one, number) != (key, seq)]
    )
    if random.randrange(3) == 0:
        other = seq % length + 1
        one, two = ledger.slot(key, seq), ledger.slot(key, other)
        for name in ("record_id", "prev_hash", "entry_hash"):
            one[name], two[name] = two[name], one[name]
        return Where(key, {seq}, also=(key, other))
    one, two = ledger.entry(key, seq), ledger.entry(other_key, other)
    for name in ("record", "sealed", *(("seq",) if random.randrange(2) else ())):
        one[name], two[name] = two[name], one[name]
    return Where(key, {seq}, also=(other_key, other))


def sealings(ledger: StoredLedger) -> list[tuple[str, int]]:
    """All leaves of all checkpoints."""
    bodies = (json.loads(data)["checkpoint"] for data in ledger.objects.values())
    return [(key, seq) for body in bodies for key, seq, _ in body["leaves"]]


ATTACKS: dict[str, Attack] = {
    "alter": alter,
    "delete": delete,
    "insert": insert,
    "truncate": truncate,
    "fork": fork,
    "swap": swap,
}
