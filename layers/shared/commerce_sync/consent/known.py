"""What the ledger knows already of what a message says."""

from commerce_sync.consent.needs import Ledger
from commerce_sync.contracts.consent import Address, ConsentMessage, ConsentRecord
from commerce_sync.contracts.consent_book import Chain
from commerce_sync.contracts.consent_ledger import with_address
from commerce_sync.errors import LedgerLostError


def known_of(ledger: Ledger, message: ConsentMessage) -> dict[Address, Chain]:
    """The chains of a message's addresses, read at once; none where one is damaged: then each is read by itself."""
    try:
        return dict(
            ledger.read(list(dict.fromkeys((one.channel, one.address) for one in message.statements if one.address)))
        )
    except LedgerLostError:
        return {}


def is_known(chain: Chain, record: ConsentRecord) -> bool:
    """Whether the ledger has it already: what polling shows of a profile is, nearly always."""
    known = with_address(record.record_id, chain.address_key)
    return any(one.record_id == known for one in chain.records)
