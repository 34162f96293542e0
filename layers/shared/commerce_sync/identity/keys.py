"""The keys that identifiers are stored under: keyed hashes, so that a table of them names nobody.

HMAC-SHA256 under a pepper (facts: never a plain hash of a phone number, which is guessed in minutes). Peppers have
versions (numbers), and old ones are kept: what was written under one is found under it.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from functools import lru_cache

from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.errors import ConfigurationError

BYTES = 24
CURRENT = "current"
SHORTEST = 16
REMEMBERED = 1024
"""Identifiers whose keys are remembered: an update asks for the same few again and again."""


class IdentifierKeys:
    """Keys under every pepper. ``peppers`` is ``{"current": "<version>", "<version>": "<pepper>", ...}``."""

    def __init__(self, peppers: Mapping[str, str]) -> None:
        """Refuse to start without a pepper: under none, nobody who opted out or was erased would be recognised.

        :raises ConfigurationError: there is no current pepper, one is too short, or a version is no number.
        """
        current = peppers.get(CURRENT, "")
        versions = {version: pepper for version, pepper in peppers.items() if version != CURRENT}
        if current not in versions or not all(version.isdigit() for version in versions):
            raise ConfigurationError('the pepper secret must read {"current": "<number>", "<number>": "<pepper>"}')
        if any(len(pepper) < SHORTEST for pepper in versions.values()):
            raise ConfigurationError(f"a pepper has at least {SHORTEST} characters")
        older = sorted((one for one in peppers if one not in {CURRENT, current}), key=_number, reverse=True)
        self._peppers = [(version, peppers[version].encode()) for version in (current, *older)]
        self._remembered = lru_cache(REMEMBERED)(self._all)

    def key(self, identifier: Identifier) -> str:
        """The key to write a new identifier under."""
        return self._remembered(identifier)[0]

    def keys(self, identifier: Identifier) -> tuple[str, ...]:
        """Every key that the identifier may stand under, the current one first."""
        return self._remembered(identifier)

    @property
    def versions(self) -> int:
        """How many peppers there are."""
        return len(self._peppers)

    def _all(self, identifier: Identifier) -> tuple[str, ...]:
        return tuple(self._key(version, pepper, identifier) for version, pepper in self._peppers)

    @staticmethod
    def _key(version: str, pepper: bytes, identifier: Identifier) -> str:
        kind, value = identifier
        text = f"{len(kind)}:{kind}{value}".encode()
        digest = hmac.digest(pepper, text, "sha256")[:BYTES]
        return f"{version}#{urlsafe_b64encode(digest).decode()}"


def _number(version: str) -> int:
    """Versions in their order: what moved from one to the next is found under the later."""
    return int(version)
