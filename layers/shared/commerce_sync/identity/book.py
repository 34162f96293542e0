"""What identity needs of the place where it is stored."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from commerce_sync.contracts.identity_book import Neighbourhood, Pointer, Update


class IdentityBook(Protocol):
    """Where pointers and neighbourhoods stand."""

    def pointers(self, keys: Sequence[str]) -> Mapping[str, Pointer]:
        """The pointers under these keys, in one consistent read."""

    def neighbourhoods(self, ids: Sequence[str]) -> Mapping[str, Neighbourhood]:
        """Neighbourhoods by id, in one consistent read; those that are no more are absent."""

    def save(self, update: Update) -> bool:
        """One transaction. False where another worker was faster."""
