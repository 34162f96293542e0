"""What an operator's commands stand on, in memory: a ledger that opens, who waits, the rows, the documents."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from commerce_sync.contracts.consent import Address, ConsentRecord
from commerce_sync.contracts.consent_book import Appended, Chain, ConsentPromise, Decide, RowStatus, Waiting, Waits

from tests.fakes.consent_ledger import MemoryLedger, key_of
from tests.fakes.consent_world import READING, Clock


@dataclass(frozen=True)
class MemoryOpened:
    """A subject's records."""

    address_key: str
    address: Address | None
    records: tuple[ConsentRecord, ...]
    sealed: int = 0


@dataclass
class OpenLedger:
    """A ledger in memory whose subjects can be opened. ``erased`` are keys that were shredded."""

    memory: MemoryLedger
    erased: set[str] = field(default_factory=set)

    def read(self, addresses: Sequence[Address]) -> Mapping[Address, Chain]:
        """Chains."""
        return self.memory.read(addresses)

    def append(self, address: Address, record: ConsentRecord, decide: Decide) -> Appended:
        """A record with what it causes."""
        return self.memory.append(address, record, decide)

    def address_of(self, address_key: str) -> Address | None:
        """Who a key stands for."""
        if address_key in self.erased:
            return None
        return next((one for one, chain in self.memory.chains.items() if chain.address_key == address_key), None)

    def open(self, subject: Address | str) -> MemoryOpened:
        """All records of an address or a key."""
        address = next((one for one in self.memory.chains if key_of(one) == subject), None)
        address = subject if isinstance(subject, tuple) else address
        key = key_of(subject) if isinstance(subject, tuple) else subject
        records = self.memory.chains[address].records if address in self.memory.chains else ()
        return MemoryOpened(key, None if key in self.erased else address, records)


@dataclass
class MemoryWaiters:
    """Who waits, read from the chains as the index over the heads is."""

    memory: MemoryLedger
    clock: Clock

    def waiting(self, why: Waits, since: datetime | None = None) -> Iterator[Waiting]:
        """Those of one reason."""
        found = []
        for chain in self.memory.chains.values():
            waits, at = READING.waits(chain, chain.records, self.clock())
            if waits == why and (since is None or at >= since):
                found.append(Waiting(chain.address_key, why, at))
        yield from sorted(found, key=lambda one: (one.since, one.address_key))

    def count(self, why: Waits, since: datetime | None = None, until: datetime | None = None) -> int:
        """How many."""
        return sum(1 for one in self.waiting(why, since) if until is None or one.since < until)


@dataclass
class MemoryRows:
    """The outbox's rows."""

    memory: MemoryLedger

    def waiting(self, status: RowStatus) -> Iterator[ConsentPromise]:
        """Rows of a status."""
        rows = [row for chain in self.memory.chains.values() for row in chain.promises.values()]
        yield from (row for row in rows if row.status == status)

    def count(self, status: RowStatus) -> int:
        """How many."""
        return sum(1 for _ in self.waiting(status))

    def release(self, promise: ConsentPromise, now: datetime) -> bool:
        """Due at once."""
        self.memory.put(replace(promise, status="pending", due_at=now, reason=None, revision=promise.revision + 1))
        return True


@dataclass
class MemoryDocuments:
    """Control documents and counters."""

    documents: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)

    def read(self, name: str) -> tuple[Mapping[str, Any], int]:
        """A document."""
        return self.documents.get(name, {}), 0

    def change(self, name: str, changed: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Mapping[str, Any]:
        """Another one."""
        self.documents[name] = dict(changed(self.documents.get(name, {})))
        return self.documents[name]

    def named(self, prefix: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Those whose names begin so."""
        yield from ((name, one) for name, one in list(self.documents.items()) if name.startswith(prefix))

    def counted(self, name: str) -> int:
        """A counter."""
        return self.counters.get(name, 0)


@dataclass
class MemoryRecords:
    """Every record, in pages of so many."""

    memory: MemoryLedger
    together: int = 2

    def pages(self, cursor: str = "", source: str | None = None) -> Iterator[tuple[list[ConsentRecord], str]]:
        """Pages; the cursor is a place in the whole."""
        records = [one for chain in self.memory.chains.values() for one in chain.records]
        at = int(cursor or 0)
        while True:
            page, at = records[at : at + self.together], at + self.together
            rest = str(at) if at < len(records) else ""
            yield [one for one in page if source is None or one.source == source], rest
            if not rest:
                return


def always() -> bool:
    """There is time."""
    return True


def for_so_long(calls: int) -> Callable[[], bool]:
    """There is time so often."""
    left = iter([True] * calls)
    return lambda: next(left, False)
