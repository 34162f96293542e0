"""What a destination is to the engine that tells it: what is noted of it, and how it takes what it is told."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol

from commerce_sync.contracts.fields import FieldValues
from commerce_sync.contracts.told import Begun, Told, ToldAt, Underway
from commerce_sync.errors import PermanentError, RetriableError

NOT_YET = "nobody can be told yet"
BUSY = "somebody else told them meanwhile"
OUT_OF_TIME = "out of time"
Verdict = Underway | PermanentError | RetriableError | None
"""None: it has the values. One that is absent is not known there."""


class NotYetError(RetriableError):
    """Looking again soon changes nothing: nobody knows the person yet."""


class Book(Protocol):
    """What the destinations have of addresses."""

    def key_of(self, destination: ToldAt, email: str) -> str:
        """What stands for an address there, and names nobody."""

    def told(self, destination: ToldAt, emails: Sequence[str]) -> Mapping[str, Told]:
        """What a destination is known to have of each address; nothing where it was never told."""

    def begin(self, key: str, told: Told) -> bool:
        """Note that a write begins, as the revision after the one that was read. False where somebody was faster."""

    def end(self, key: str, told: Told) -> bool:
        """Note how it ended. False where somebody else began a write since: nobody is sure then, which is noted too."""

    def doubt(self, key: str, over: int | None = None) -> None:
        """Note that nobody is sure of anything there; ``over`` is the revision of an import that has ended."""


class Group(Protocol):
    """Addresses that are told together."""

    @property
    def emails(self) -> Sequence[str]:
        """Whom it tells."""

    @property
    def is_import(self) -> bool:
        """Whether the vendor writes later, perhaps hours later."""

    def write(self, begun: Mapping[str, Begun]) -> Mapping[str, Verdict]:
        """Write to those of them whose write has begun; what became of each.

        :raises RetriableError: none of it may have been written; after a PausedError nobody else is told either.
        """


class Place(Protocol):
    """A destination."""

    def groups(self, differing: Mapping[str, FieldValues], refused: AbstractSet[str]) -> Iterable[Group]:
        """Everybody with news in the fewest groups; ``refused`` are those of whom the last write was."""
