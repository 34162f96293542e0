"""The ledger as it is stored, in memory, with somebody who may change anything in it but the checkpoints."""

import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from commerce_sync.aws.ledger_items import entry_values, slot_values
from commerce_sync.consent.chain import entry_hash
from commerce_sync.consent.checkpoints import Checkpoint, checked
from commerce_sync.consent.sealing import Sealer
from commerce_sync.consent.verifying import verify
from commerce_sync.contracts.consent import ConsentRecord
from commerce_sync.contracts.consent_ledger import Finding, Head, Leaf, Sealed, Stored, entry_name, slot_name

from tests.fakes.ledger_table import NOON

Item = dict[str, Any]


@dataclass
class FakeNotary:
    """Signs with a secret. ``asked`` counts verifications."""

    secret: bytes = b"of the notary"
    asked: int = 0

    def sign(self, digest: bytes) -> str:
        """A keyed hash."""
        return hmac.digest(self.secret, digest, "sha256").hex()

    def verify(self, digest: bytes, signature: str) -> bool:
        """Whether it is ours."""
        self.asked += 1
        return hmac.compare_digest(self.sign(digest), signature)


@dataclass
class StoredLedger:
    """Items by address and name, heads, and checkpoints. ``crash`` is called before each write of a sealing."""

    items: dict[str, dict[str, Item]] = field(default_factory=dict)
    ends: dict[str, Head] = field(default_factory=dict)
    objects: dict[int, bytes] = field(default_factory=dict)
    count: Sealed = field(default_factory=Sealed)
    waiting: set[str] = field(default_factory=set)
    notary: FakeNotary = field(default_factory=FakeNotary)
    crash: Callable[[str], None] = lambda _name: None
    checkpoint_findings: list[Finding] = field(default_factory=list)

    def append(self, record: ConsentRecord) -> None:
        """As the table does."""
        key = record.address_key
        before = self.ends.get(key, Head(key, 0, ""))
        entry = entry_values(record, before.seq + 1, f"sealed {record.record_id[:8]}", "k" * 32)
        hashed = entry_hash(before.hash, entry)
        slot = slot_values(key, before.seq + 1, record.record_id, before.hash, hashed)
        self.items.setdefault(key, {}).update({entry["entry"]: entry, slot["entry"]: slot})
        self.ends[key] = Head(key, before.seq + 1, hashed, before.sealed)
        self.waiting.add(key)

    def entry(self, key: str, seq: int) -> Item:
        """The entry in a slot."""
        return self.items[key][entry_name(self.slot(key, seq)["record_id"])]

    def slot(self, key: str, seq: int) -> Item:
        """A slot."""
        return self.items[key][slot_name(seq)]

    def rehash(self, key: str, start: int) -> None:
        """Make the chain whole again from here on, and its head with it: what a clever attacker does."""
        length = sum(name.startswith("SEQ#") for name in self.items[key])
        previous = self.slot(key, start - 1)["entry_hash"] if start > 1 else ""
        for seq in range(start, length + 1):
            slot, entry = self.slot(key, seq), self.entry(key, seq)
            previous_before, previous = previous, entry_hash(previous, entry)
            slot.update(prev_hash=previous_before, entry_hash=previous)
        self.ends[key] = Head(key, length, previous, self.ends[key].sealed)

    def seal(self, most: int = 1000) -> int:
        """Seal what has grown."""
        return Sealer(self, self, self.notary, lambda: NOON, most).seal(lambda: True)

    def findings(self) -> list[Finding]:
        """Verify everything."""
        self.checkpoint_findings.clear()
        totals: list[int] = []
        found = list(verify(self, self._leaves(totals), lambda: totals[0] if totals else None))
        return [*found, *self.checkpoint_findings]

    def _leaves(self, totals: list[int]) -> Iterator[Leaf]:
        last = self.count.number
        while last + 1 in self.objects:
            last += 1
        for one in checked(((number, self.objects.get(number)) for number in range(last, 0, -1)), self.notary):
            if isinstance(one, Checkpoint):
                totals.append(one.total)
                yield from one.leaves
            else:
                self.checkpoint_findings.append(one)

    def entries(self) -> Iterator[Stored]:
        """All items, a partition after the other."""
        for partition in self.items.values():
            yield from (partition[name] for name in sorted(partition))

    def heads(self) -> Iterator[Head]:
        """All heads."""
        yield from self.ends.values()

    def chain(self, address_key: str) -> tuple[Sequence[Stored], Head | None]:
        """One chain."""
        return list(self.items.get(address_key, {}).values()), self.ends.get(address_key)

    def unsealed(self, most: int) -> Sequence[Head]:
        """Chains that have grown."""
        return [self.ends[key] for key in sorted(self.waiting)[:most]]

    def mark(self, leaf: Leaf) -> None:
        """As the table does."""
        self.crash("mark")
        head = self.ends[leaf.address_key]
        if head.seq == leaf.seq:
            self.waiting.discard(leaf.address_key)
        self.ends[leaf.address_key] = Head(head.address_key, head.seq, head.hash, max(head.sealed, leaf.seq))

    def last(self) -> Sealed:
        """The count."""
        return self.count

    def advance(self, sealed: Sealed) -> None:
        """Never back."""
        self.crash("advance")
        self.count = max(self.count, sealed, key=lambda one: one.number)

    def read(self, number: int) -> bytes | None:
        """A checkpoint."""
        return self.objects.get(number)

    def keep(self, number: int, data: bytes) -> bool:
        """Once."""
        self.crash("keep")
        if number in self.objects:
            return False
        self.objects[number] = data
        self.crash("kept")
        return True
