"""How many calls an account may make, who of us may make them, and what a vendor's answer says of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

Lane = Literal["urgent", "live", "backfill"]
"""Who asks: what takes consent back; what somebody waits for; what may take a night."""
LANES: Final[tuple[Lane, ...]] = ("urgent", "live", "backfill")


@dataclass(frozen=True, slots=True)
class Window:
    """At most ``calls`` within any ``seconds``."""

    calls: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Daily:
    """At most ``calls`` on each day of a time zone (IANA)."""

    calls: int
    time_zone: str


@dataclass(frozen=True, slots=True)
class Tier:
    """The limits of some calls. ``reserved`` and ``backfill`` are shares in percent.

    ``reserved`` is kept for what takes consent back; ``backfill`` is the most that history may use.
    """

    name: str
    windows: tuple[Window, ...] = ()
    daily: Daily | None = None
    reserved: int = 10
    backfill: int = 50

    @property
    def is_counted(self) -> bool:
        """Whether there is anything to count; else only what the vendor asks is heeded."""
        return bool(self.windows or self.daily)

    @property
    def block(self) -> int:
        """The most calls that one worker draws at once: half a second's worth of the slowest window, at most 20."""
        slowest = min((window.calls / window.seconds for window in self.windows), default=2.0)
        return max(1, min(20, int(slowest / 2)))

    @property
    def life(self) -> float:
        """Seconds after which calls that were drawn and not made are lost."""
        return 1.0 if self.block > 1 else 0.25


OTHER: Final = "other"
"""Where endpoints are counted that no line names."""


@dataclass(frozen=True, slots=True)
class VendorLimits:
    """The limits of one vendor. ``endpoints`` are patterns of ``METHOD /path``, the first that fits counts.

    A ``{name}`` stands for one part of a path, ``**`` for any number. ``is_by_endpoint``: each pattern is counted by
    itself (Klaviyo); else all calls of one account share what their tier allows, and the day.
    """

    vendor: str
    tiers: Mapping[str, Tier]
    endpoints: Sequence[tuple[str, str]]
    default: str
    is_by_endpoint: bool = False

    def place(self, account: str, method: str, path: str) -> tuple[str, Tier]:
        """Where a call is counted, and by which limits. A query is no part of a path."""
        called = f"{method.upper()} {path.partition('?')[0]}"
        for pattern, tier in self.endpoints:
            if _fits(pattern, called):
                return (f"{account} {pattern}" if self.is_by_endpoint else account), self.tiers[tier]
        return (f"{account} {OTHER}" if self.is_by_endpoint else account), self.tiers[self.default]

    def is_of_many(self, name: str) -> bool:
        """Whether endpoints are counted together there of which each has limits of its own."""
        return self.is_by_endpoint and name.endswith(f" {OTHER}")


@dataclass(frozen=True, slots=True)
class Quota:
    """What an answer says is left of a window, or of a day (``seconds`` is 86400).

    ``resets_in`` (seconds) is when there will be more. ``seconds`` is 0 where it is no window of calls.
    """

    limit: int
    remaining: int
    seconds: int
    resets_in: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What an answer says of limits. ``wait`` (seconds) is what it asks for, ``scope`` whom that binds.

    ``day`` binds the whole account until its midnight, ``account`` the whole account, ``endpoint`` calls like this one.
    """

    wait: float | None = None
    scope: Literal["endpoint", "account", "day"] = "endpoint"
    quotas: tuple[Quota, ...] = ()


class Budget(Protocol):
    """What a vendor's client asks before each call, and tells after it."""

    def before(self, method: str, path: str) -> None:
        """Draw one call; may sleep for a moment.

        :raises PausedError: not now; ``retry_after`` says when.
        """

    def after(self, method: str, path: str, heard: Heard) -> float | None:
        """Learn from an answer; returns the seconds to wait where it asked for that."""


def _fits(pattern: str, called: str) -> bool:
    parts = (re.escape(part) for part in re.split(r"(\{[^}]*\}|\*\*)", pattern)[::2])
    holes = iter("[^/]+" if hole.startswith("{") else ".*" for hole in re.findall(r"\{[^}]*\}|\*\*", pattern))
    return re.fullmatch("".join(part + next(holes, "") for part in parts), called) is not None
