"""A message that names somebody whose chain is damaged: everybody else's word is written, and it comes back."""

from collections.abc import Mapping, Sequence

import pytest
from commerce_sync.contracts.consent import Address, ConsentRecord
from commerce_sync.contracts.consent_book import Appended, Chain, Decide
from commerce_sync.errors import LedgerLostError

from tests.fakes.consent_ledger import MemoryLedger
from tests.fakes.consent_workers import World
from tests.fakes.consent_world import START, record

ANA: Address = ("email", "ana@example.com")
BO: Address = ("email", "bo@example.com")
CY: Address = ("email", "cy@example.com")


class WithoutAna(MemoryLedger):
    """Ana's chain was cut short."""

    def read(self, addresses: Sequence[Address]) -> Mapping[Address, Chain]:
        """Nobody, where she is among them."""
        if ANA in addresses:
            raise LedgerLostError("cut short")
        return super().read(addresses)

    def append(self, address: Address, record: ConsentRecord, decide: Decide) -> Appended:
        """Hers takes nothing."""
        if address == ANA:
            raise LedgerLostError("cut short")
        return super().append(address, record, decide)


@pytest.mark.parametrize("source", ["preferences:main", "klaviyo:main", "shopify:us"])
@pytest.mark.parametrize("order", [(ANA, BO, CY), (BO, ANA, CY), (BO, CY, ANA)])
def test_all_others_of_the_message_are_written_down_and_told(source: str, order: tuple[Address, ...]) -> None:
    """Whether she stands first or last in it, and whether their chains are read together or not."""
    world = World(ledger=WithoutAna())
    worker = world.worker()
    said = {one: record(f"out-{one[1]}", "pref_out", START, one, source=source) for one in order}

    with pytest.raises(LedgerLostError):
        worker.record_all(said)
    worker.work.keep(lambda: True)

    assert {one for one, chain in world.ledger.chains.items() if chain.records} == {BO, CY}
    assert [world.standing(one, "hubspot") for one in (BO, CY)] == ["out", "out"]
