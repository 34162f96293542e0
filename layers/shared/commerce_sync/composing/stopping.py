"""``operations stop`` as the functions that write to vendors see it: everything but opt-outs waits."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from commerce_sync.aws.control import Control
from commerce_sync.composing.permissions import is_stopped
from commerce_sync.errors import PausedError

LOOKED_AT_EVERY = 10.0
WAIT = 60.0


@dataclass
class Stop:
    """The stop, read from the control table at most every ten seconds. ``clock`` counts seconds."""

    control: Control
    clock: Callable[[], float] = time.monotonic
    _is_set: bool = field(default=False, init=False)
    _known_until: float | None = field(default=None, init=False)

    def is_set(self) -> bool:
        """Whether everything but opt-outs is stopped."""
        now = self.clock()
        if self._known_until is None or now >= self._known_until:
            self._is_set, self._known_until = is_stopped(self.control), now + LOOKED_AT_EVERY
        return self._is_set

    def require_unset(self) -> None:
        """Let nobody be written to while it is set. What was promised waits as a due row, and is not lost.

        :raises PausedError: it is set.
        """
        if self.is_set():
            raise PausedError("an operator stopped everything but opt-outs", retry_after=WAIT)
