"""The keys that identifiers are stored under: keyed hashes, so that a table of them names nobody.

HMAC-SHA256 under a pepper (facts: never a plain hash of a phone number, which is guessed in minutes). Peppers have
versions, and old ones are kept: what was written under one is found under it.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from functools import lru_cache

from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.errors import ConfigurationError

BYTES = 24
CURRENT = "current"
REMEMBERED = 1024
"""Identifiers whose keys are remembered: an update asks for the same few again and again."""


class IdentifierKeys:
    """Keys under every pepper. ``peppers`` is ``{"current": "<version>", "<version>": "<pepper>", ...}``."""

    def __init__(self, peppers: Mapping[str, str]) -> None:
        """Refuse to start without a pepper: under none, nobody who opted out or was erased would be recognised.

        :raises ConfigurationError: there is no current pepper.
        """
        current = peppers.get(CURRENT, "")
        if not peppers.get(current):
            raise ConfigurationError("the pepper secret names no current pepper")
        older = sorted(version for version in peppers if version not in {CURRENT, current})
        self._peppers = [(version, peppers[version].encode()) for version in (current, *older)]
        self._remembered = lru_cache(REMEMBERED)(self._all)

    def key(self, identifier: Identifier) -> str:
        """The key to write a new identifier under."""
        return self._remembered(identifier)[0]

    def keys(self, identifier: Identifier) -> tuple[str, ...]:
        """Every key that the identifier may stand under, the current one first."""
        return self._remembered(identifier)

    def _all(self, identifier: Identifier) -> tuple[str, ...]:
        return tuple(self._key(version, pepper, identifier) for version, pepper in self._peppers)

    @staticmethod
    def _key(version: str, pepper: bytes, identifier: Identifier) -> str:
        kind, value = identifier
        text = f"{len(kind)}:{kind}{value}".encode()
        digest = hmac.digest(pepper, text, "sha256")[:BYTES]
        return f"{version}#{urlsafe_b64encode(digest).decode()}"
