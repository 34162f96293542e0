"""What destinations are known to have of an address: fields that were confirmed, and those that nobody is sure of."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from commerce_sync.contracts.advanced import DESTINATIONS, Destination
from commerce_sync.contracts.fields import FieldValues

ToldAt = Destination | Literal["klaviyo_lists"]
"""What is told of people: destinations, and the lists of Klaviyo's that they are on."""
LISTS: Final = "klaviyo_lists"
ON_IT: Final = "true"
"""The value of a list, by its id, that an address is on; None where it is not."""
TOLD_AT: Final[tuple[ToldAt, ...]] = (*DESTINATIONS, LISTS)


@dataclass(frozen=True, slots=True)
class Told:
    """What a destination is known to have of one address, by :attr:`FieldLine.key`.

    ``values`` are confirmed. ``pending`` were sent, and what became of them is not known, or they were refused: whoever
    tells the address next sends those fields again. ``refused`` says why, in the vendor's words. ``versions`` has, by
    source, how old its word was: they sort as the readings do. ``revision`` counts the writes: 0 is an address never
    told of. ``imports`` are the revisions, as texts, that bulk imports carry of which nobody knows yet how they ended,
    each with when it was noted (ISO 8601; empty: now). ``corrections`` are the times (ISO 8601), by field, at which it
    was found changed there by somebody else.
    """

    values: FieldValues = field(default_factory=dict)
    pending: FieldValues = field(default_factory=dict)
    refused: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    revision: int = 0
    imports: Mapping[str, str] = field(default_factory=dict)
    corrections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_imported(self) -> bool:
        """Whether a bulk import holds the address."""
        return bool(self.imports)

    def without_import(self, revision: int) -> "Told":
        """Once it is known how the import of a revision ended, or that there is none."""
        return replace(self, imports={one: at for one, at in self.imports.items() if one != str(revision)})


@dataclass(frozen=True, slots=True)
class Begun:
    """A write that the book knows of: under ``key``, as revision ``revision``, on behalf of these ``looks``.

    ``key`` and ``looks`` (subjects of promises) name nobody, so they may travel where values may not.
    ``was_refused``: the vendor refused the last one.
    """

    key: str
    revision: int
    values: FieldValues
    looks: tuple[str, ...] = ()
    was_refused: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A write that a bulk import carries, without its values: ``names`` are the fields that it sends."""

    key: str
    revision: int
    names: tuple[str, ...]
    looks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Underway:
    """A verdict: the vendor took the write and decides later, and a promise of its own waits for that."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a destination shall have of an address, and on whose behalf (subjects of promises).

    ``versions`` has, by source, how old its word is, where it was read before what was told.
    ``again``: also what was refused is sent once more, because a person said so.
    """

    values: FieldValues
    looks: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    again: bool = False


Known = Mapping[ToldAt, Mapping[str, Told]]
"""What each destination is known to have, by email address."""
