"""What the identity table stores: links between identifiers, the profiles they fold to, and the history of that.

An identifier is a kind and a value: ``("email", "ana@example.com")``, ``("phone", "+15550100")``, or a record of some
system, ``("shopify:us", "42")``, ``("hubspot:main", "501")``, ``("klaviyo", "01GDDK")``. A *neighbourhood* is all that
links connect, whether or not it folds to one profile; it is stored as one item, so one transaction changes it.

======== =========================================================================================
seen     a record, an order or a checkout was seen with the identifier; ``at`` is the earliest time
stated   the system that holds the record says that both are one person; ``at`` is the earliest time
decided  an operator joined them; ``at`` is the latest time
======== =========================================================================================
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime

from commerce_sync.contracts.base import Contract

Identifier = tuple[str, str]
"""A kind and a value that points at a profile."""

Basis = Literal["seen", "stated", "decided"]


class Link(Contract):
    """Two identifiers of one person, as somebody said. ``center`` is the record (or email address) that says it."""

    center: Identifier
    other: Identifier
    basis: Basis
    at: AwareDatetime
    by: str


class Separation(Contract):
    """An operator's word that these groups of identifiers are different people.

    Links between two of them join nothing, but for a ``decided`` one that is later.
    """

    groups: tuple[tuple[Identifier, ...], ...]
    at: AwareDatetime


class Side(Contract):
    """One profile as it was: its id and its identifiers."""

    profile_id: str
    identifiers: tuple[Identifier, ...]


class Change(Contract):
    """One entry of a neighbourhood's history: profiles that became one, one that became several, or both at once.

    ``by`` is who said it (``shopify:us``, ``operator:...``), ``why`` the basis or the operator's reason, ``links`` the
    identifiers that did it.
    """

    change_id: str
    kind: Literal["merged", "split", "regrouped"]
    at: AwareDatetime
    by: str
    why: str
    links: tuple[tuple[Identifier, Identifier], ...] = ()
    before: tuple[Side, ...]
    after: tuple[Side, ...]


class Neighbourhood(Contract):
    """Everything that links connect. ``members`` gives each identifier's profile; ``version`` counts changes.

    ``wide`` are identifiers, here or elsewhere, that too many share: they never join. ``erased`` says when members who
    came back had been forgotten, ``met`` are members whom a store has named: the others stand in a CRM alone.
    ``policy`` names the rules it was last folded by.
    """

    neighbourhood_id: str
    version: int = 0
    members: dict[str, str] = {}
    links: tuple[Link, ...] = ()
    separations: tuple[Separation, ...] = ()
    wide: tuple[Identifier, ...] = ()
    history: tuple[Change, ...] = ()
    erased: dict[str, AwareDatetime] = {}
    met: tuple[str, ...] = ()
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Pointer:
    """What is stored under one identifier. ``links`` are the links that it answers for, by name, with their times.

    ``policy`` names the rules it was last folded by. ``erased_at`` stays when its person is forgotten: what is older
    brings nothing back. A pointer without a profile is only that mark. ``named``: a store has named it; ``met``: or
    another of its profile.
    """

    profile_id: str | None
    neighbourhood_id: str | None = None
    wide: bool = False
    met: bool = False
    named: bool = False
    policy: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """One transaction. It holds, or nothing is written, if every version still is what was read.

    ``kept`` are neighbourhoods' new values; a value's version is one more than the version it replaces (1: it must not
    exist yet). ``gone`` are neighbourhoods that are no more, with their versions. ``pointers`` are new values by key;
    ``fresh`` are keys under which no profile may stand yet, and no mark of erasure but the one that ``pointers``
    carries on. ``dropped`` are keys under older peppers, whose pointers have moved.
    """

    kept: tuple[Neighbourhood, ...]
    gone: Mapping[str, int]
    pointers: Mapping[str, Pointer]
    fresh: frozenset[str]
    dropped: frozenset[str] = frozenset()

    @property
    def items(self) -> int:
        """How many items it writes or deletes."""
        return len(self.kept) + len(self.gone) + len(self.pointers) + len(self.dropped)


def text_of(identifier: Identifier) -> str:
    """An identifier as one text: ``email#ana@example.com``."""
    return "#".join(identifier)


def identifier_of(text: str) -> Identifier:
    """The identifier of its text. A kind holds no ``#``; a value may."""
    kind, _, value = text.partition("#")
    return kind, value
