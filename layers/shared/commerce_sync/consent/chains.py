"""One chain, checked link by link: which of its entries and slots are not as they were written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from json import loads

from commerce_sync.consent.chain import entry_hash
from commerce_sync.contracts.consent_ledger import (
    ENTRY,
    GENESIS,
    SLOT,
    SLOT_FIELDS,
    Finding,
    Place,
    Stored,
    What,
    entry_name,
    slot_name,
)

FORM = 20
"""Bytes that a chain's end is remembered in: four for the number, sixteen for the hash."""

MOST_MISSING = 1000
"""Of one gap, so many are named: a slot may bear any number."""


@dataclass
class ChainCheck:
    """Checks one partition. ``head`` and ``sealings`` are lengths and hashes as ``remembered`` packs them."""

    address_key: str
    items: Sequence[Stored]
    head: bytes | None
    sealings: Sequence[bytes]
    _found: dict[tuple[int, str], Finding] = field(default_factory=dict)
    _seqs: set[int] = field(default_factory=set)
    _ids: set[str] = field(default_factory=set)

    def findings(self) -> list[Finding]:
        """Each entry, slot or end that is wrong, once, by its number in the chain."""
        if not self.items and self.head is None and not self.sealings:
            return []
        entries, slots = self._sorted()
        before = 0
        for seq in sorted(slots):
            for gap in range(before + 1, min(seq, before + 1 + MOST_MISSING)):
                self._note(gap, self._orphan(gap, entries), "missing", "slot")
            self._check_slot(seq, slots[seq], slots.get(seq - 1), entries)
            before = seq
        named = {str(slot.get("record_id")) for slot in slots.values()}
        for record_id, entry in entries.items():
            if record_id not in named and record_id not in self._ids:
                self._note(_number(entry), record_id, "inserted", "entry")
        self._check_end(slots, before)
        return sorted(self._found.values(), key=lambda one: (one.seq, one.record_id))

    def _sorted(self) -> tuple[Mapping[str, Stored], Mapping[int, Stored]]:
        """Entries by record, slots by number. What is neither was inserted."""
        entries: dict[str, Stored] = {}
        slots: dict[int, Stored] = {}
        for item in self.items:
            name = str(item.get("entry"))
            digits = name.removeprefix(SLOT)
            if name.startswith(ENTRY):
                entries[name.removeprefix(ENTRY)] = item
            elif digits.isdecimal() and name == slot_name(int(digits)) and int(digits) > 0:
                slots[int(digits)] = item
            else:
                self._note(0, name, "inserted", "entry")
        return entries, slots

    def _check_slot(self, seq: int, slot: Stored, before: Stored | None, entries: Mapping[str, Stored]) -> None:
        record_id, previous = str(slot.get("record_id")), str(slot.get("prev_hash"))
        entry = entries.get(record_id)
        if entry is None:
            self._note(seq, record_id, "missing", "entry")
        elif wrong := self._wrong(seq, slot, entry, record_id):
            self._note(seq, record_id, wrong, "entry")
        elif set(slot) != SLOT_FIELDS or slot.get("schema_version") != 1:
            self._note(seq, record_id, "altered", "slot")
        if seq == 1 and previous:
            self._note(seq, record_id, "altered", "slot")
        if before is not None and previous != before.get("entry_hash"):
            self._blame(seq, record_id, before)

    def _wrong(self, seq: int, slot: Stored, entry: Stored, record_id: str) -> What | None:
        """What is wrong with an entry in its slot."""
        if _own_id(entry) not in {record_id, None} or entry.get("seq") != seq:
            return "swapped"
        return None if _holds(slot, entry) else "altered"

    def _blame(self, seq: int, record_id: str, before: Stored) -> None:
        """A link is broken. Where this end of it holds with its own entry, the other end was rewritten."""
        if seq not in self._seqs:
            self._note(seq - 1, str(before.get("record_id")), "altered", "slot")
        elif seq - 1 not in self._seqs:
            self._note(seq, record_id, "altered", "slot")

    def _check_end(self, slots: Mapping[int, Stored], last: int) -> None:
        """The head, then what checkpoints say. Where they speak for the chain, it is the head that was changed."""
        self._check_sealings(slots, last)
        length = _length(self.head)
        if self.head is None and self.items:
            self._note(last, "", "missing", "head")
        elif length > last:
            self._note(last + 1, "", "truncated", "entry")
        elif any(sealing == self._ending(slots, last) for sealing in self.sealings):
            if self.head != self._ending(slots, last):
                self._note(last, "", "altered", "head")
        elif length < last:
            for seq in (one for one in sorted(slots) if one > length):
                self._note(seq, _named(slots, seq), "inserted", "slot")
        elif self.head is not None and self.head != self._ending(slots, last):
            self._note(last, _named(slots, last), "forked", "head")

    def _check_sealings(self, slots: Mapping[int, Stored], last: int) -> None:
        for sealing in self.sealings:
            seq = _length(sealing)
            if seq > last:
                self._note(last + 1, "", "truncated", "entry")
            elif seq in slots and sealing != self._ending(slots, seq):
                self._note(seq, _named(slots, seq), "forked", "checkpoint")
                break

    def _ending(self, slots: Mapping[int, Stored], seq: int) -> bytes:
        return remembered(seq, str(slots.get(seq, {}).get("entry_hash", "")))

    def _note(self, seq: int, record_id: str, what: What, place: Place) -> None:
        """The first thing that is found of an entry is what is told of it."""
        self._seqs.add(seq)
        self._ids.add(record_id)
        self._found.setdefault((seq, record_id), Finding(self.address_key, seq, record_id, what, place))

    @staticmethod
    def _orphan(seq: int, entries: Mapping[str, Stored]) -> str:
        """The entry that says it stands where no slot is."""
        return next((one for one, entry in entries.items() if entry.get("seq") == seq), "")


def _holds(slot: Stored, entry: Stored) -> bool:
    """Whether an entry has the hash that its slot says, after the hash that its slot names."""
    try:
        return entry_hash(str(slot.get("prev_hash")), entry) == slot.get("entry_hash")
    except ValueError:
        return False


def _own_id(entry: Stored) -> str | None:
    """The id that an entry's content bears; the ledger's first entry bears none, and what cannot be read, neither."""
    if entry.get("entry") == entry_name(GENESIS):
        return None
    try:
        return str(loads(str(entry.get("record")))["record_id"])
    except (ValueError, KeyError, TypeError):
        return None


def _number(entry: Stored) -> int:
    seq = entry.get("seq")
    return seq if isinstance(seq, int) else 0


def _named(slots: Mapping[int, Stored], seq: int) -> str:
    return str(slots.get(seq, {}).get("record_id", ""))


def _length(packed: bytes | None) -> int:
    return int.from_bytes(packed[:4], "big") if packed else 0


def remembered(seq: int, hashed: str) -> bytes:
    """A length and a hash in few bytes. A number that cannot be one is the largest there is."""
    number = seq if isinstance(seq, int) and 0 <= seq < 2**32 else 2**32 - 1
    return number.to_bytes(4, "big") + sha256(str(hashed).encode("utf-8", "replace")).digest()[:16]
