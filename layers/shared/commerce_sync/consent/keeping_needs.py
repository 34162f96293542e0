"""What keeping the rows of the outbox needs from the outside."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from commerce_sync.consent.modes import Modes
from commerce_sync.contracts.consent import Address, Channel
from commerce_sync.contracts.consent_book import ConsentPromise
from commerce_sync.contracts.consent_shown import Asked, Outcome, Place, Shown
from commerce_sync.contracts.events import DueRow


class Destination(Protocol):
    """One destination. Telling it again is harmless."""

    @property
    def place(self) -> Place:
        """Its name, and what it takes."""

    def shown(self, channel: Channel, addresses: Sequence[str]) -> Mapping[str, Shown]:
        """What it shows of each of these addresses now; those that could not be read now are absent."""

    def close(self, channel: Channel, asked: Sequence[Asked]) -> Mapping[str, Outcome]:
        """Tell what takes permission back, opt-outs and holds, in the fewest calls."""

    def open(self, channel: Channel, asked: Sequence[Asked]) -> Mapping[str, Outcome]:
        """Tell everything else: opt-ins, the end of a hold, what is merely described."""


class Outbox(Protocol):
    """The rows."""

    def take_over(self, rows: Iterable[DueRow], claim: str, until: datetime) -> Sequence[ConsentPromise]:
        """The rows that these still claim, under this worker's lease from now on."""

    def settle(self, before: ConsentPromise, after: ConsentPromise) -> ConsentPromise | None:
        """Write an outcome over the revision that was read; None where somebody else owns the row now.

        What was told is noted all the same.
        """

    def rewrite(self, before: ConsentPromise, after: ConsentPromise) -> ConsentPromise | None:
        """Write over the revision that was read; None, and nothing noted, where somebody else owns the row now."""


class Addresses(Protocol):
    """Who a row is about."""

    def address_of(self, address_key: str) -> Address | None:
        """The address under a key; None where its subject was erased."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When to look again, and how long to try (seconds). ``windows`` are after what was told."""

    windows: tuple[float, ...]
    first_retry: float
    longest_retry: float


@dataclass(frozen=True)
class Permissions:
    """What may be told now. ``baseline_is_complete``: until it is, nobody is subscribed anywhere.

    ``again`` reads them once more.
    """

    modes: Modes
    baseline_is_complete: Callable[[], bool]
    again: Callable[[], "Permissions"]
