"""What the baseline needs from the outside, and what its parts give each other."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from commerce_sync.contracts.consent import Address, Channel, ConsentStatement

Shows = Literal["open", "closed", "held", ""]
"""What a system shows of an address: it may be written to, it may not, it may not for now, it says nothing."""
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """One address of one record of a system, as it is written there, with what is said of it."""

    record: str
    channel: Channel
    address: str
    said: tuple[ConsentStatement, ...] = ()


class Seen(NamedTuple):
    """The same as it is kept: small, because a run holds hundreds of thousands, and without an address.

    ``key`` is the address's keyed hash; empty where what is written there is no address. ``marks`` say what is odd:
    ``suppressed:<reason>``, ``undated``, ``refused:<reason>``.
    """

    key: str
    channel: str
    record: str
    shows: str
    marks: tuple[str, ...]


Page = Callable[[str | None], tuple[Sequence[Found], str | None]]
"""What stands on the page of a system at a cursor, and the next page's cursor, if there is one."""


class Documents(Protocol):
    """Where the run's progress is kept."""

    def read(self, name: str) -> tuple[Document, int]:
        """A document and its revision; an empty one where there is none."""

    def change(self, name: str, changed: Callable[[Document], Document]) -> Document:
        """Read, change, write; returns what stands there now."""


class Spool(Protocol):
    """Where a run keeps what it saw, and what it found. The same name again overwrites."""

    def keep_seen(self, run_id: str, system: str, name: str, seen: Sequence[Seen]) -> None:
        """Keep a part of what a system shows."""

    def seen(self, run_id: str, system: str) -> Iterator[Seen]:
        """All that a system shows, one part in memory at a time."""

    def keep_undated(self, run_id: str, name: str, keys: Sequence[str]) -> None:
        """Keep the address keys of opt-outs without a time."""

    def undated(self, run_id: str, after: str | None) -> Iterator[tuple[str, Sequence[str]]]:
        """Parts of those keys behind a part, each by its name."""

    def keep_rows(self, run_id: str, kind: str, rows: Iterable[Document]) -> None:
        """Keep one list of the report."""

    def keep_figures(self, run_id: str, figures: Document) -> None:
        """Keep the report's figures: last, since they say that the report is whole."""


class Addresses(Protocol):
    """Who an address key stands for."""

    def address_of(self, address_key: str) -> Address | None:
        """The address; None where its subject was erased."""
