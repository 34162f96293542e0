"""The brake on bulk changes counts each record once, however often its chain changes while it is written."""

from datetime import UTC, datetime, timedelta

from commerce_sync.aws.control import Control
from commerce_sync.composing.consent_places import deciding_now
from commerce_sync.composing.ledger import ledger_of
from commerce_sync.composing.permissions import brake_counter
from commerce_sync.contracts.consent import Address, ConsentRecord
from commerce_sync.contracts.consent_book import Chain, Decided
from commerce_sync.settings import settings_for
from commerce_sync.settings.operations import OperationsSettings

from tests.fakes import bundle as b
from tests.fakes.consent_bundle import OBSERVING
from tests.fakes.consent_world import record

ANA: Address = ("email", "ana@example.com")
BO: Address = ("email", "bo@example.com")
NOW = datetime.now(UTC).replace(microsecond=0)


def imported(name: str, address: Address) -> ConsentRecord:
    """An opt-out that a system wrote."""
    return record(name, "pref_out", NOW - timedelta(hours=1), address, actor="system", method="import")


def test_a_record_that_is_decided_again_is_counted_once() -> None:
    """Somebody else writes to the chain twice while it is decided; another record, and another address, count anew."""
    with b.ready_bundle(OBSERVING) as bundle, bundle.function("operations"):
        settings = settings_for(OperationsSettings)
        ledger, deciding, decided = ledger_of(settings), deciding_now(settings), []

        def disturbed(chain: Chain, new: ConsentRecord) -> Decided:
            decided.append(new.record_id)
            if len(decided) < 3:
                other = record(f"info-{len(decided)}", "info", NOW, ANA, action="info")
                ledger_of(settings).append(ANA, other, deciding_now(settings))
            return deciding(chain, new)

        assert ledger.append(ANA, imported("one", ANA), disturbed).is_new
        assert decided == ["one"] * 3
        counter = brake_counter(datetime.now(UTC))
        assert Control(settings.control_table).counted(counter) == 1
        ledger.append(BO, imported("one", BO), deciding)
        assert Control(settings.control_table).counted(counter) == 2
