"""What the rules of consent need from the outside."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from commerce_sync.contracts.consent import Address, ConsentRecord
from commerce_sync.contracts.consent_book import Appended, Chain, Decide


class Ledger(Protocol):
    """The append-only ledger, with the rows that are written in one transaction with each record."""

    def read(self, addresses: Sequence[Address]) -> Mapping[Address, Chain]:
        """The chains of these addresses, strongly consistent; an empty chain for one never heard of.

        Evidence holds what is readable without the subject's key (``CLEAR``) only.
        """

    def append(self, address: Address, record: ConsentRecord, decide: Decide) -> Appended:
        """Write a record with all that it causes in one transaction, or find that it is there already.

        ``record.address_key`` is replaced by the key that the address's chain stands under. ``decide`` is asked anew
        on each attempt, with the chain as it then stands.

        :raises RetriableError: the chain kept changing, or the table is throttled. Appending again is harmless.
        :raises ConfigurationError: the ledger or the pepper is not the one that was written to: nothing is written.
        """
