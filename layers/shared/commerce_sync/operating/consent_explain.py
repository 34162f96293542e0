"""``explain``, the part about consent: how an address stands, why, every record, and who was told of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commerce_sync.contracts.consent import Address, Channel, ConsentRecord, ConsentState
from commerce_sync.operating.consent_needs import Ledger
from commerce_sync.operating.consent_told import record_told, row_told
from commerce_sync.operating.masking import shown

MOST_ADDRESSES = 20
CHANNELS: Mapping[str, Channel] = {"email": "email", "phone": "sms"}


@dataclass(frozen=True)
class ConsentExplaining:
    """``states`` are the states by purpose and brand; ``counts_as`` is what each record counts for, by its id."""

    ledger: Ledger
    states: Callable[[Channel, Sequence[ConsentRecord]], Iterable[tuple[str, ConsentState]]]
    sentence: Callable[[ConsentState, Sequence[ConsentRecord], str], str]
    counts_as: Callable[[Sequence[ConsentRecord]], Mapping[str, str]]

    def explain(self, addresses: Sequence[Address], *, plainly: bool) -> list[dict[str, Any]]:
        """Each address, in whole; the first twenty of somebody who has more."""
        return [self._one(address, plainly=plainly) for address in addresses[:MOST_ADDRESSES]]

    def _one(self, address: Address, *, plainly: bool) -> dict[str, Any]:
        opened, chain = self.ledger.open(address), self.ledger.read([address])[address]
        counting = self.counts_as(opened.records)
        return {
            "key": opened.address_key,
            "channel": address[0],
            "address": shown(address, plainly=plainly),
            "states": [self._state(*one, opened.records) for one in self.states(address[0], opened.records)],
            "waits_for_a_person": chain.waits,
            "records": [
                {"number": number, **record_told(one, plainly=plainly), "counts_as": counting[one.record_id]}
                for number, one in enumerate(opened.records, 1)
            ],
            "sealed_for_ever": opened.sealed,
            "destinations": [row_told(row) for _, row in sorted(chain.promises.items())],
        }

    def _state(self, purpose: str, state: ConsentState, records: Sequence[ConsentRecord]) -> dict[str, Any]:
        told = state.model_dump(mode="json", exclude_none=True, exclude={"at"})
        return {"purpose": purpose, **told, "sentence": self.sentence(state, records, purpose)}


def addresses_in(identifiers: Iterable[tuple[str, str]]) -> list[Address]:
    """The addresses among identifiers, each once; those that a store keeps apart (``email@own:wholesale``) too."""
    found = {
        (CHANNELS[name], value): None for kind, value in identifiers if (name := kind.partition("@")[0]) in CHANNELS
    }
    return list(found)
