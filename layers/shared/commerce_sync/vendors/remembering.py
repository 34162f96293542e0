"""What an account changes rarely and is asked for often, kept for a while by whoever asks."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from commerce_sync.errors import NotAllowedError

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """One value, read when it is first wanted and again after ``seconds``. That it may not be read is kept as well."""

    def __init__(self, read: Callable[[], Value], seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._seconds = seconds
        self._now = now
        self._kept: tuple[float, Value | NotAllowedError] | None = None

    def value(self) -> Value:
        """The value.

        :raises NotAllowedError: it may not be read.
        """
        if self._kept is None or self._now() - self._kept[0] >= self._seconds:
            return self.renewed()
        return self._given(self._kept[1])

    def renewed(self) -> Value:
        """The value as it is now."""
        try:
            found: Value | NotAllowedError = self._read()
        except NotAllowedError as error:
            found = error
        self._kept = self._now(), found
        return self._given(found)

    @staticmethod
    def _given(kept: Value | NotAllowedError) -> Value:
        if isinstance(kept, NotAllowedError):
            raise kept
        return kept
