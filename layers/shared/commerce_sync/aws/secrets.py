"""Secrets, read once and again only after a while: a flood of unverified requests costs no call."""

import json
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from commerce_sync.aws.lean import secret_value


class CachedSecret:
    """One JSON secret. A rotated value is seen within ``lifetime`` seconds; until then both values must be valid."""

    def __init__(self, secret_id: str, lifetime: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._secret_id = secret_id
        self._lifetime = lifetime
        self._clock = clock
        self._read_at = float("-inf")
        self._value: dict[str, Any] = {}

    def value(self) -> dict[str, Any]:
        """The secret's fields, at most one lifetime old."""
        now = self._clock()
        if now - self._read_at >= self._lifetime:
            self._value, self._read_at = json.loads(secret_value(self._secret_id)), now
        return self._value


@cache
def cached_secret(secret_id: str, lifetime: float = 300.0) -> CachedSecret:
    """The one copy of a secret in this process."""
    return CachedSecret(secret_id, lifetime)
