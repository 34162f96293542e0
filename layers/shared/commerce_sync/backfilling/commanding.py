"""``backfill``: say what history would take and which flows it may start; start, halt, resume and give up a run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, Protocol

from commerce_sync.backfilling.flows import AtRisk, refusal, unanswered
from commerce_sync.backfilling.progress import Document, Total, begun, cancelled, is_open, paused, resumed, shown

Do = Literal["show", "start", "pause", "resume", "cancel"]
DOS: Final[tuple[Do, ...]] = ("show", "start", "pause", "resume", "cancel")
BY_OPERATOR: Final = "an operator paused it"
UNREAD: Final = (
    "Klaviyo's flows and segments cannot be read ({}), so nobody knows which would write to people. Give the key the"
    ' scopes flows:read and segments:read, or look yourself and say {{"flows_unread": true}}'
)


class Documents(Protocol):
    """Where the run's document is kept."""

    def read(self, name: str) -> tuple[Document, int]:
        """A document and its revision."""

    def change(self, name: str, changed: Callable[[Document], Document]) -> Document:
        """Read, change, write; returns what stands there now."""


@dataclass(frozen=True, slots=True)
class Flows:
    """The flows that may start, or why that could not be read."""

    at_risk: Sequence[AtRisk] = ()
    unread: str = ""

    def refused(self, acknowledged: Sequence[str], *, unread_is_fine: bool) -> str:
        """Why nothing may begin; empty where it may."""
        if self.unread:
            return "" if unread_is_fine else UNREAD.format(self.unread)
        left = unanswered(self.at_risk, acknowledged)
        return refusal(left) if left else ""

    def told(self) -> dict[str, Any]:
        """As an operator reads it."""
        return {"flows_unread": self.unread} if self.unread else {"flows": [one.told() for one in self.at_risk]}


@dataclass(frozen=True, slots=True)
class Wish:
    """What an operator asks. ``acknowledged`` are ids of flows that may start all the same."""

    do: Do = "show"
    since: datetime | None = None
    dry_run: bool = True
    acknowledged: tuple[str, ...] = ()
    unread_is_fine: bool = False


@dataclass(frozen=True)
class Backfill:
    """One history: ``flows`` that it may start, about how many records it has since when, and what it lacks to begin.

    ``most_a_minute`` is the most that is read of it.
    ``never_told`` are vendors that are not live, and that are told nothing of it later either.
    """

    name: str
    documents: Documents
    flows: Callable[[], Flows]
    total: Callable[[datetime | None], Total]
    lacks: Callable[[], str]
    most_a_minute: int
    now: Callable[[], datetime]
    never_told: Sequence[str] = ()

    def __call__(self, wish: Wish) -> dict[str, Any]:
        """Do it, and show how the run stands.

        :raises ValueError: it cannot be done now; says why and what to do.
        """
        changes: Mapping[Do, Callable[[Wish], Mapping[str, Any]]] = {
            "show": lambda _: self._shown(self.documents.read(self.name)[0]),
            "start": self._start,
            "pause": lambda _: self._changed(lambda known: paused(known, BY_OPERATOR)),
            "resume": self._resume,
            "cancel": lambda _: self._changed(lambda known: cancelled(known, self.now())),
        }
        return {"backfill": self.name, **changes[wish.do](wish)}

    def _start(self, wish: Wish) -> Mapping[str, Any]:
        document, _ = self.documents.read(self.name)
        self._require_none_open(document)
        flows, total = self.flows(), self.total(wish.since)
        refused = self.lacks() or flows.refused(wish.acknowledged, unread_is_fine=wish.unread_is_fine)
        if wish.dry_run:
            return {"would_start": not refused, **({"refused": refused} if refused else {}), **self._plan(flows, total)}
        if refused:
            raise ValueError(refused)
        new = begun(self.now(), total, since=wish.since, acknowledged=wish.acknowledged)
        return self._changed(lambda known: self._unless_open(known, new))

    def _resume(self, wish: Wish) -> Mapping[str, Any]:
        """The flows are asked about anew: somebody may have set one live since."""
        if self.documents.read(self.name)[0].get("state") == "paused":
            refused = self.lacks() or self.flows().refused(wish.acknowledged, unread_is_fine=wish.unread_is_fine)
            if refused:
                raise ValueError(refused)
        return self._changed(lambda known: resumed(known, self.now(), wish.acknowledged))

    def _plan(self, flows: Flows, total: Total) -> dict[str, Any]:
        about = total.about
        needs = timedelta(minutes=-(-about // self.most_a_minute)) if about is not None else None
        ends = (self.now() + needs).replace(microsecond=0).isoformat() if needs is not None else None
        unknown = {"total_unknown": total.unknown} if total.unknown else {}
        untold = {"never_told": list(self.never_told)} if self.never_told else {}
        pace = {"most_a_minute": self.most_a_minute, "finishes_at": ends}
        return {"total": about, **unknown, **pace, **flows.told(), **untold}

    def _changed(self, change: Callable[[Document], Document]) -> dict[str, Any]:
        return self._shown(self.documents.change(self.name, change))

    def _shown(self, document: Document) -> dict[str, Any]:
        return shown(document, self.now())

    def _unless_open(self, known: Document, new: Document) -> Document:
        self._require_none_open(known)
        return new

    @staticmethod
    def _require_none_open(document: Document) -> None:
        if is_open(document):
            raise ValueError('one has not ended: {"do": "resume"} goes on with it, {"do": "cancel"} gives it up')
