"""Rate windows: how many calls in the last so many seconds."""

from collections import deque
from dataclasses import dataclass, field


@dataclass
class Window:
    """At most ``most`` calls in any ``seconds``."""

    most: int
    seconds: float
    _calls: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Seconds until one more call is allowed; 0 when it is allowed now."""
        while self._calls and self._calls[0] <= now - self.seconds:
            self._calls.popleft()
        return 0.0 if len(self._calls) < self.most else self._calls[0] + self.seconds - now

    def take(self, now: float) -> None:
        """Count one call."""
        self._calls.append(now)

    def remaining(self, now: float) -> int:
        """Calls left now."""
        self.wait(now)
        return self.most - len(self._calls)
