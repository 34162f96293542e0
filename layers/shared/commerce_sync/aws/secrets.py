"""Secrets, read once and again only after a while: a flood of unverified requests costs no call."""

import json
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from commerce_sync.aws.lean import secret_value
from commerce_sync.errors import RetriableError

WHILE_AWAY = 5.0


class CachedSecret:
    """One JSON secret. A rotated value is seen within ``lifetime`` seconds; until then both values must be valid."""

    def __init__(
        self,
        secret_id: str,
        lifetime: float,
        clock: Callable[[], float] = time.monotonic,
        read: Callable[[str], str] = secret_value,
    ) -> None:
        self._read = read
        self._secret_id = secret_id
        self._lifetime = lifetime
        self._clock = clock
        self._ask_at = float("-inf")
        self._value: Any = None

    def value(self) -> Any:
        """The secret's fields, at most one lifetime old; older only while Secrets Manager does not answer.

        :raises RetriableError: it did not answer, and nothing was ever read. It is not asked again for a while.
        """
        now = self._clock()
        if now >= self._ask_at:
            self._ask_at = now + WHILE_AWAY
            try:
                self._value = json.loads(self._read(self._secret_id))
                self._ask_at = now + self._lifetime
            except RetriableError:
                if self._value is None:
                    raise
        if self._value is None:
            raise RetriableError("a secret could not be read a moment ago")
        return self._value


@cache
def cached_secret(secret_id: str, lifetime: float = 300.0) -> CachedSecret:
    """The one copy of a secret in this process."""
    return CachedSecret(secret_id, lifetime)
