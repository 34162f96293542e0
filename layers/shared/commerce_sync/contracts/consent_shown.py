"""What a destination shall show of an address, and what it shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from commerce_sync.contracts.consent import Channel, Standing
from commerce_sync.errors import PermanentError, RetriableError

Showing = Literal["in", "out", "hold", "none"]
"""What a destination can show: it may write, it may not, it may not until a person decides, it knows nothing."""


@dataclass(frozen=True, slots=True)
class Place:
    """One destination: its name (``klaviyo``, ``hubspot``, ``shopify:us``) and the channels it takes.

    ``shows_standings``: it shows every standing as such (HubSpot's properties), not only whether it may write.
    ``takes_holds``: nobody can be written to there while a person decides. ``confirms``: it asks people to confirm an
    opt-in that needs it. ``purposes`` are those that it knows; empty for all. ``subscribed_by_others`` are sources
    whose opt-ins the source's own app brings there: we only opt out what they say.
    """

    name: str
    channels: tuple[Channel, ...] = ("email", "sms")
    shows_standings: bool = False
    takes_holds: bool = False
    confirms: bool = False
    purposes: tuple[str, ...] = ()
    subscribed_by_others: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a destination shall show of an address, by purpose, with what an opt-in or opt-out is proved by.

    ``fingerprint`` changes when what is shown changes, and only then: a later record of the same meaning is no change.
    ``granted_at`` is the time of the opt-in that counts, ``opted_in_at`` and ``opted_out_at`` the latest acts.
    ``record_ids`` decided, by ``rule_version`` (R9). ``corrected_at`` is when a mistake of ours was last corrected.
    ``holds`` is what the place can do, as :class:`Place` says. ``asks`` are purposes that the person is to be asked to
    confirm there, ``revoked`` those whose permission is gone though nobody opted out for good: they are closed as well.
    ``ends_at`` is when the first of the opt-ins that it rests on has ended. ``is_erasure``: it was decided by a request
    to be forgotten, so a place that knows nobody by the address is told nothing of it.
    """

    standings: Mapping[str, Standing]
    fingerprint: str
    granted_at: datetime | None = None
    opted_in_at: datetime | None = None
    opted_out_at: datetime | None = None
    source: str = ""
    record_ids: tuple[str, ...] = ()
    rule_version: str = ""
    was_held: bool = False
    corrected_at: datetime | None = None
    holds: bool = False
    asks: tuple[str, ...] = ()
    revoked: tuple[str, ...] = ()
    ends_at: datetime | None = None
    is_erasure: bool = False

    def of(self, standing: Standing) -> tuple[str, ...]:
        """The purposes that stand so."""
        return tuple(purpose for purpose, one in sorted(self.standings.items()) if one == standing)

    @property
    def outs(self) -> tuple[str, ...]:
        """The purposes that nobody may be written to for."""
        return tuple(sorted({*self.of("out"), *self.revoked}))

    @property
    def closes(self) -> bool:
        """Whether something is taken back: it never waits."""
        return bool(self.outs or self.of("hold"))

    @property
    def opens(self) -> bool:
        """Whether somebody is subscribed by it, or asked whether they want to be."""
        return bool(self.of("in") or self.asks)

    @property
    def direction(self) -> Literal["in", "out", "hold", "none"]:
        """The most restrictive of what it says."""
        if self.outs:
            return "out"
        if self.of("hold"):
            return "hold"
        return "in" if self.of("in") else "none"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a destination shows of an address, by purpose. ``exists`` is False where it knows nobody by it.

    ``out_at`` is when it noted an opt-out, by purpose, where it says so. ``partly_out`` are purposes that some of its
    records by the address opted out of, and others not. ``unreachable``: nobody is written to there by the address, so
    that an opt-out is met although none is shown (who is on no list).
    """

    exists: bool
    purposes: Mapping[str, Showing] = field(default_factory=dict)
    partly_out: frozenset[str] = frozenset()
    out_at: Mapping[str, datetime] = field(default_factory=dict)
    unreachable: bool = False

    def lacks(self, wanted: Wanted, *, opt_ins: bool = True) -> list[str]:
        """The purposes that are not shown as they shall be. What says nothing asks for nothing."""
        return [
            purpose
            for purpose, known in sorted(wanted.standings.items())
            for standing in ["out" if purpose in wanted.revoked else known]
            if (standing == "out" or (standing == "hold" and wanted.holds) or (opt_ins and standing == "in"))
            and not (self.unreachable and standing != "in")
            and not _is_met(standing, self.purposes.get(purpose, "none"))
        ]


@dataclass(frozen=True, slots=True)
class Asked:
    """One address that a destination is to be told of."""

    address: str
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one address: told, refused for good, to be tried again, or nobody is known by it there."""

    told: bool = False
    refused: PermanentError | None = None
    retriable: RetriableError | None = None
    nobody: bool = False


def all_of(asked: Sequence[Asked], outcome: Outcome) -> dict[str, Outcome]:
    """The same outcome for each."""
    return dict.fromkeys((one.address for one in asked), outcome)


def _is_met(standing: Standing, shown: Showing) -> bool:
    """An opt-out meets a hold as well: nobody writes."""
    return shown == standing or (standing == "hold" and shown == "out")
