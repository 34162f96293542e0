"""The rules that a deployer may choose, and what the kinds of identifiers mean."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Final, Protocol

from commerce_sync.contracts.identity_book import Identifier

EMAIL: Final = "email"
PHONE: Final = "phone"


@dataclass(frozen=True)
class Policy:
    """What never joins, and how much may.

    ``role_local_parts`` are the parts before the @ of addresses that a team reads. ``most_sharing`` identifiers of one
    kind may be seen with an identifier that joins. A neighbourhood holds at most ``most_identifiers``, a statement
    names at most ``most_merged`` records. ``apart`` are stores (``source:store``) whose customers are never the
    customers of another.
    """

    role_local_parts: frozenset[str] = frozenset()
    most_sharing: int = 5
    most_identifiers: int = 80
    most_merged: int = 10
    apart: frozenset[str] = frozenset()

    @cached_property
    def name(self) -> str:
        """Equal for equal rules: what was folded by others is folded again when it is next touched."""
        told = (sorted(self.role_local_parts), self.most_sharing, sorted(self.apart))
        return sha256(repr(told).encode()).hexdigest()[:8]

    def is_role(self, identifier: Identifier) -> bool:
        """Whether this is an address that a team reads. It is nobody's own."""
        return is_email(identifier) and identifier[1].partition("@")[0] in self.role_local_parts


class Rules(Protocol):
    """identity.toml."""

    @property
    def role_addresses(self) -> Iterable[str]: ...  # noqa: D102
    @property
    def most_sharing(self) -> int: ...  # noqa: D102
    @property
    def most_identifiers(self) -> int: ...  # noqa: D102
    @property
    def most_merged(self) -> int: ...  # noqa: D102
    @property
    def apart(self) -> Iterable[str]: ...  # noqa: D102


def policy_of(rules: Rules) -> Policy:
    """The policy that identity.toml configures."""
    return Policy(
        frozenset(rules.role_addresses),
        rules.most_sharing,
        rules.most_identifiers,
        rules.most_merged,
        frozenset(rules.apart),
    )


def is_email(identifier: Identifier) -> bool:
    """Whether this is an email address."""
    return family(identifier) == EMAIL


def is_phone(identifier: Identifier) -> bool:
    """Whether this is a phone number."""
    return family(identifier) == PHONE


def is_record(identifier: Identifier) -> bool:
    """Whether this is a record of some system: its own word that this is one person."""
    return family(identifier) not in {EMAIL, PHONE}


def family(identifier: Identifier) -> str:
    """The kind without the store that it is kept apart for: ``email@own:wholesale`` is an email address."""
    return identifier[0].partition("@")[0]
