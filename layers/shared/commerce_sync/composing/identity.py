"""Identity over its table, under the configured rules and the pepper."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Protocol
from uuid import uuid4

from commerce_sync.aws.identity_table import IdentityTable
from commerce_sync.aws.pepper_canary import check_pepper
from commerce_sync.aws.secrets import cached_secret
from commerce_sync.config.identity import identity_rules
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.identity.keys import IdentifierKeys
from commerce_sync.identity.people import People
from commerce_sync.identity.policy import policy_of
from commerce_sync.identity.resolution import Resolver


class IdentitySettings(Protocol):
    """Where identity stands."""

    @property
    def identity_table(self) -> str: ...  # noqa: D102
    @property
    def pepper_id(self) -> str: ...  # noqa: D102


def keys_of(settings: IdentitySettings) -> IdentifierKeys:
    """The keys under the peppers as they are now.

    :raises ConfigurationError: they are not the peppers that the table was written under. Nothing is written then:
        under others, nobody who was erased or opted out would be recognised.
    """
    return _checked(settings.identity_table, _peppers(settings), leave=True)


def resolver_of(settings: IdentitySettings) -> Resolver:
    """Who reads and teaches who is who."""
    return _resolver(settings, keys_of(settings))


def marks_of(settings: IdentitySettings) -> Callable[[Sequence[Identifier]], Mapping[Identifier, datetime]]:
    """Who asked to be forgotten, and since when; for those who only read."""
    keys = _checked(settings.identity_table, _peppers(settings), leave=False)
    return People(_resolver(settings, keys)).erased


def _resolver(settings: IdentitySettings, keys: IdentifierKeys) -> Resolver:
    return Resolver(
        IdentityTable(settings.identity_table),
        keys,
        policy_of(identity_rules()),
        lambda: datetime.now(UTC),
        lambda: str(uuid4()),
    )


def people_of(settings: IdentitySettings) -> People:
    """Whole people."""
    return People(resolver_of(settings))


def forget_peppers() -> None:
    """Look again: the table is another one."""
    _checked.cache_clear()


def _peppers(settings: IdentitySettings) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(cached_secret(settings.pepper_id).value().items()))


@cache
def _checked(table: str, peppers: tuple[tuple[str, str], ...], *, leave: bool) -> IdentifierKeys:
    """Once a process and a value of the secret."""
    keys = IdentifierKeys(dict(peppers))
    check_pepper(table, keys, leave=leave)
    return keys
