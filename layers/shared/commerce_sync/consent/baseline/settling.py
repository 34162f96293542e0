"""Opt-outs without a time, once every system is read.

Where another system has an open subscription of the address, nobody can say which is newer: a person decides (HOLD).
Where none has, it is an opt-out, received when the run began. Either way it is said once: a later run finds it said.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from commerce_sync.consent.baseline.needs import Addresses
from commerce_sync.consent.baseline.taking import UNDATED
from commerce_sync.consent.identifying import record_id_of
from commerce_sync.consent.needs import Ledger
from commerce_sync.consent.showing import Reading
from commerce_sync.contracts.consent import ALL, ConsentRecord
from commerce_sync.contracts.consent_book import Chain, Decide

CONFLICT: Final = "baseline_conflict"
OPEN: Final = frozenset({"in", "weak", "pending"})


@dataclass(frozen=True)
class Settling:
    """Says what undated opt-outs mean."""

    ledger: Ledger
    addresses: Addresses
    reading: Reading
    decide: Decide

    def __call__(self, address_key: str, at: datetime) -> int:
        """Settle those of one address; how many of them are held."""
        address = self.addresses.address_of(address_key)
        if address is None:
            return 0
        chain = self.ledger.read([address])[address]
        held = 0
        for note in [one for one in chain.records if one.method == UNDATED]:
            record = self._meaning(chain, note, at)
            known = next((one for one in chain.records if one.record_id == record.record_id), None)
            if known is None:
                self.ledger.append(address, record, self.decide)
            held += (known or record).action == "hold"
        return held

    def _meaning(self, chain: Chain, note: ConsentRecord, at: datetime) -> ConsentRecord:
        is_open = self._is_open_elsewhere(chain, note, at)
        return note.model_copy(
            update={
                "record_id": record_id_of(note.tenant, note.source, "settled", note.record_id),
                "action": "hold" if is_open else "withdraw",
                "strength": "info" if is_open else "pref_out",
                "actor": "system" if is_open else "subject",
                "method": CONFLICT if is_open else "status",
                "received_at": at,
                "recorded_at": None,
                "source_event_id": f"{note.source_event_id}:settled",
                "evidence": {"settles": note.record_id},
            }
        )

    def _is_open_elsewhere(self, chain: Chain, note: ConsentRecord, at: datetime) -> bool:
        """By what all other systems say, whatever this one says beside it."""
        others = [one for one in chain.records if one.source != note.source and one.method != CONFLICT]
        states = self.reading.states(chain.address[0], others, at)
        return any(state.state in OPEN for purpose, state in states.items() if note.purpose in {ALL, purpose})
