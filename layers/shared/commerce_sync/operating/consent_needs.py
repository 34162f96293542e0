"""What the commands about consent need from the outside."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from commerce_sync.contracts.consent import Address, Channel, ConsentRecord, ConsentState
from commerce_sync.contracts.consent_book import Appended, Chain, ConsentPromise, Decide, RowStatus, Waiting, Waits

Document = Mapping[str, Any]
MayGoOn = Callable[[], bool]
"""Whether there is time for one thing more."""
States = Callable[[Channel, Sequence[ConsentRecord]], Mapping[str, ConsentState]]
"""The state of each purpose of a channel, for the brand that the destinations write for."""


class Opened(Protocol):
    """A subject's records with their evidence in whole. ``address`` is None where it was erased."""

    @property
    def address_key(self) -> str: ...  # noqa: D102
    @property
    def address(self) -> Address | None: ...  # noqa: D102
    @property
    def records(self) -> tuple[ConsentRecord, ...]: ...  # noqa: D102
    @property
    def sealed(self) -> int: ...  # noqa: D102


class Ledger(Protocol):
    """The consent ledger, as its subjects' keys open it."""

    def read(self, addresses: Sequence[Address]) -> Mapping[Address, Chain]:
        """Chains as they stand."""

    def address_of(self, address_key: str) -> Address | None:
        """Who a key stands for; None of somebody who was erased."""

    def open(self, subject: Address | str) -> Opened:
        """All records of an address, or of an address key."""

    def append(self, address: Address, record: ConsentRecord, decide: Decide) -> Appended:
        """Write a record with all that it causes, once."""


class Waiters(Protocol):
    """Who waits for a person."""

    def waiting(self, why: Waits, since: datetime | None = None) -> Iterator[Waiting]:
        """For one reason, the longest first, from a moment on."""

    def count(self, why: Waits, since: datetime | None = None, until: datetime | None = None) -> int:
        """How many, of those that began in a half-open window."""


class Rows(Protocol):
    """The outbox."""

    def waiting(self, status: RowStatus) -> Iterator[ConsentPromise]:
        """Rows that wait for a person or a mode."""

    def count(self, status: RowStatus) -> int:
        """How many."""

    def release(self, promise: ConsentPromise, now: datetime) -> bool:
        """Make one due at once; False where it changed meanwhile."""


class Documents(Protocol):
    """The control documents."""

    def read(self, name: str) -> tuple[Document, int]:
        """A document and its revision; empty where there is none."""

    def change(self, name: str, changed: Callable[[Document], Document]) -> Document:
        """Read, change, write; what stands there now."""

    def named(self, prefix: str) -> Iterator[tuple[str, Document]]:
        """Every document whose name begins so."""

    def counted(self, name: str) -> int:
        """What a counter is."""
