"""A consent ledger in memory: what the table promises, without the table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from commerce_sync.contracts.consent import Address, ConsentRecord
from commerce_sync.contracts.consent_book import Appended, Chain, ConsentPromise, Decide
from commerce_sync.contracts.consent_ledger import with_address


def key_of(address: Address) -> str:
    """A key that names nobody at a glance."""
    return sha256("#".join(address).encode()).hexdigest()[:24]


@dataclass
class MemoryLedger:
    """Fits :class:`commerce_sync.consent.needs.Ledger`. Its hooks are called around each write, and may raise."""

    chains: dict[Address, Chain] = field(default_factory=dict)
    before_write: Callable[[Address, ConsentRecord], None] = lambda _address, _record: None
    after_write: Callable[[Address, ConsentRecord], None] = lambda _address, _record: None

    def read(self, addresses: Sequence[Address]) -> Mapping[Address, Chain]:
        """Chains as they stand."""
        return {address: self.chains.get(address, Chain(address, key_of(address))) for address in addresses}

    def append(self, address: Address, record: ConsentRecord, decide: Decide) -> Appended:
        """Write a record with what it causes, once."""
        chain = self.read([address])[address]
        name = with_address(record.record_id, chain.address_key)
        record = record.model_copy(update={"address_key": chain.address_key, "record_id": name})
        if any(one.record_id == record.record_id for one in chain.records):
            return Appended(is_new=False, chain=chain)
        decided = decide(chain, record)
        self.before_write(address, record)
        written = record.model_copy(update={"decision_before": decided.before, "decision_after": decided.after})
        after = replace(
            chain,
            seq=chain.seq + 1,
            head=sha256(f"{chain.head}{record.record_id}".encode()).hexdigest(),
            records=(*chain.records, written),
            promises={**chain.promises, **{one.row: one for one in decided.promises}},
            waits=decided.waits,
        )
        self.chains[address] = after
        self.after_write(address, record)
        return Appended(is_new=True, chain=after, promises=decided.promises)

    def put(self, promise: ConsentPromise) -> None:
        """Write a row as its owner does."""
        address, chain = next(item for item in self.chains.items() if item[1].address_key == promise.subject)
        self.chains[address] = replace(chain, promises={**chain.promises, promise.row: promise})
