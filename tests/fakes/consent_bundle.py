"""Consent records straight into the ledger of a bundle in process, and what its functions make of them."""

from typing import Any

from commerce_sync.composing.consent_places import deciding_now
from commerce_sync.composing.ledger import ledger_of
from commerce_sync.contracts.consent import Address, ConsentRecord
from commerce_sync.contracts.consent_book import Chain, ConsentPromise
from commerce_sync.settings import settings_for
from commerce_sync.settings.operations import OperationsSettings

from local.in_process import InProcessBundle, LambdaContext
from tests.fakes import bundle as b

OBSERVING = {**b.LIVE, "KlaviyoMode": "observe", "HubSpotMode": "observe"}


def append(bundle: InProcessBundle, *records: tuple[Address, ConsentRecord]) -> None:
    """Write records, with the rows that they cause."""
    with bundle.function("operations"):
        settings = settings_for(OperationsSettings)
        for address, record in records:
            ledger_of(settings).append(address, record, deciding_now(settings))


def chain(bundle: InProcessBundle, address: Address) -> Chain:
    """An address as it stands."""
    with bundle.function("operations"):
        return ledger_of(settings_for(OperationsSettings)).read([address])[address]


def rows(bundle: InProcessBundle, address: Address) -> dict[str, ConsentPromise]:
    """Its destinations."""
    return dict(chain(bundle, address).promises)


def propagate(bundle: InProcessBundle) -> int:
    """One round of the dispatcher and of consent_propagation; how many messages there were."""
    with bundle.function("due_dispatch") as module:
        module.handler({}, None)
    bodies = [*b.waiting(bundle, "OptOutsQueue"), *b.waiting(bundle, "OptInsQueue")]
    assert b.consume(bundle, "consent_propagation", bodies) == []
    return len(bodies)


def answer(bundle: InProcessBundle, name: str, milliseconds: int = 60_000, **arguments: Any) -> dict[str, Any]:
    """One command of operations, with so much time; the whole answer."""
    with bundle.function("operations") as operations:
        found: dict[str, Any] = operations.handler(
            {"command": name, "arguments": arguments}, LambdaContext(milliseconds)
        )
    return found
