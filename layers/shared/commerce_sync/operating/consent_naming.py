"""Whom a command about consent is about: an address in any spelling, or its key in the ledger."""

from collections.abc import Callable
from dataclasses import dataclass

from commerce_sync.contracts.consent import Address
from commerce_sync.operating.arguments import Arguments
from commerce_sync.operating.consent_needs import Ledger, Opened


@dataclass(frozen=True)
class Naming:
    """``address_of`` reads an email address or an international phone number; None of anything else."""

    ledger: Ledger
    address_of: Callable[[str], Address | None]

    def opened(self, arguments: Arguments) -> Opened:
        """The records of whom the arguments name.

        :raises ValueError: they name nobody; the message does not repeat what they say.
        """
        if ("address" in arguments) == ("key" in arguments):
            raise ValueError("give either an address or a key of the list")
        if "key" in arguments:
            return self.ledger.open(str(arguments["key"]))
        return self.ledger.open(self.address(str(arguments["address"])))

    def address(self, text: str) -> Address:
        """The address that a text writes.

        :raises ValueError: it is none.
        """
        found = self.address_of(text)
        if found is None:
            raise ValueError("neither an email address nor a phone number with its +")
        return found
