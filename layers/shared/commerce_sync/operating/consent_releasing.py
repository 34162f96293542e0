"""Making rows due that waited for a person or a mode, as many as there is time for."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from commerce_sync.contracts.consent_book import ConsentPromise
from commerce_sync.contracts.consent_shown import Place
from commerce_sync.operating.consent_needs import Documents, MayGoOn, Rows

OPENING = frozenset({"pilot", "live"})
"""Modes that subscribe people."""
GO_ON = "time was short: the same command again goes on with what is left"


class Modes(Protocol):
    """The modes as they were chosen."""

    @property
    def pilot(self) -> frozenset[str]: ...  # noqa: D102

    def of(self, name: str) -> str:
        """A destination's mode."""


@dataclass(frozen=True, slots=True)
class Released:
    """How many were released, and whether all that were to be were looked at."""

    released: int
    all_done: bool

    def told(self) -> dict[str, Any]:
        """As an answer."""
        return {"released": self.released, **({} if self.all_done else {"next": GO_ON})}


def released(rows: Rows, chosen: Iterable[ConsentPromise], now: datetime, may_go_on: MayGoOn) -> Released:
    """Release rows. One that changed meanwhile is somebody else's; the dispatcher gives the others out."""
    number = 0
    for row in chosen:
        if not may_go_on():
            return Released(number, all_done=False)
        number += rows.release(row, now)
    return Released(number, all_done=True)


@dataclass(frozen=True)
class Gate:
    """What the modes, and a stop, let through of the rows that are written down only."""

    rows: Rows
    documents: Documents
    places: Sequence[Place]
    chosen: Callable[[], Modes]
    stop_document: str
    now: Callable[[], datetime]

    @property
    def names(self) -> list[str]:
        """Every destination."""
        return [one.name for one in self.places]

    def stopped(self) -> Mapping[str, Any]:
        """The stop: ``stopped_at`` where it is set."""
        document, _ = self.documents.read(self.stop_document)
        return document

    def modes(self) -> dict[str, str]:
        """Each destination's mode, as it was chosen."""
        modes = self.chosen()
        return {name: modes.of(name) for name in self.names}

    def let_through(self, names: Sequence[str], may_go_on: MayGoOn) -> Released:
        """Release what these destinations may be told now."""
        modes, is_stopped = self.chosen(), bool(self.stopped().get("stopped_at"))
        may = {name: "opt_outs_only" if is_stopped and modes.of(name) in OPENING else modes.of(name) for name in names}
        if set(may.values()) <= {"observe"}:
            return Released(0, all_done=True)
        observed = (one for one in self.rows.waiting("observed") if one.row in may)
        through = (one for one in observed if lets_through(may[one.row], one, modes.pilot))
        return released(self.rows, through, self.now(), may_go_on)


def lets_through(mode: str, row: ConsentPromise, pilot: frozenset[str]) -> bool:
    """Whether a mode would tell a row: what takes something back from opt-outs only on, the rest where it may open."""
    if mode == "observe":
        return False
    return row.urgent or mode == "live" or (mode == "pilot" and row.subject in pilot)
