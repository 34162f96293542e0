"""``baseline``: start loading what every system knows of consent, see how far it is, and read what it found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

DOCUMENT = "baseline"
SHOWN = 20
MOST_SHOWN = 500
KINDS = ("duplicates", "conflicts", "unsubscribes", "sms_opt_ins", "suppressions", "held", "unusable", "refused")
RUN = "%Y%m%dT%H%M%SZ"


class Documents(Protocol):
    """Where the run's progress is kept."""

    def read(self, name: str) -> tuple[Mapping[str, Any], int]:
        """A document and its revision."""

    def change(self, name: str, changed: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Mapping[str, Any]:
        """Read, change, write; returns what stands there now."""


class Report(Protocol):
    """Where runs leave what they found."""

    def rows(self, run_id: str, kind: str, most: int) -> Sequence[Mapping[str, Any]]:
        """The first rows of a list."""


@dataclass(frozen=True)
class Baseline:
    """What the command needs. ``systems`` are those that are connected; ``begun`` makes a new run's document;
    ``lacks`` says why opt-ins wait, if they do; ``send`` sends a system's first step; ``where`` says where a run's
    whole report lies.
    """

    documents: Documents
    report: Report
    systems: Callable[[], Sequence[str]]
    begun: Callable[[Mapping[str, Any], str, Sequence[str], datetime], Mapping[str, Any]]
    lacks: Callable[[Mapping[str, Any], Sequence[str]], str | None]
    send: Callable[[str, datetime, str], None]
    where: Callable[[str], str]
    now: Callable[[], datetime]

    def __call__(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Show the progress and the last report (``rows`` of each list, 20 unless told); with ``start`` start a run.

        A run that is not finished goes on unless ``restart`` says to give it up. While it runs nobody is told of an
        opt-in, unless an earlier one read all of these systems to the end.

        :raises ValueError: nothing is connected, a run is going on, or an argument makes no sense.
        """
        if unknown := sorted(set(arguments) - {"start", "restart", "rows"}):
            raise ValueError(f"unknown arguments: {', '.join(unknown)}")
        rows = arguments.get("rows", SHOWN)
        if not isinstance(rows, int) or isinstance(rows, bool) or not 0 <= rows <= MOST_SHOWN:
            raise ValueError(f"rows is a whole number from 0 to {MOST_SHOWN}")
        if arguments.get("start", False) is True:
            return self._start(restart=arguments.get("restart", False) is True)
        return self._shown(rows)

    def _start(self, *, restart: bool) -> dict[str, Any]:
        systems = list(self.systems())
        if not systems:
            raise ValueError("nothing is connected: there is no token for any system")
        document, _ = self.documents.read(DOCUMENT)
        if document and document["stage"] != "done" and not restart:
            raise ValueError(f'the run {document["run_id"]} is not finished; say {{"restart": true}} to give it up')
        started = self.now().astimezone(UTC).replace(microsecond=0)
        run_id = started.strftime(RUN)
        if document.get("run_id") == run_id:
            raise ValueError("a run was started in this very second")
        after = self.documents.change(DOCUMENT, lambda known: self.begun(known, run_id, systems, started))
        for system in systems:
            self.send(run_id, started, system)
        return {"run_id": run_id, "systems": systems, **self._waits(after)}

    def _shown(self, rows: int) -> dict[str, Any]:
        document, _ = self.documents.read(DOCUMENT)
        if not document:
            return {"state": "never started", "completed_at": None, **self._waits(document)}
        told = {
            "run_id": document["run_id"],
            "state": document["stage"],
            "started_at": document["started_at"],
            "completed_at": document["completed_at"],
            **self._waits(document),
            "systems": {name: _progress(one) for name, one in document["systems"].items()},
        }
        report = document.get("report")
        if not report:
            return {**told, "report": None}
        lists = {kind: list(self.report.rows(report["run_id"], kind, rows)) for kind in KINDS} if rows else {}
        return {**told, "report": {**report, "whole": self.where(report["run_id"]), "lists": lists}}

    def _waits(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Whether opt-ins wait, and for what."""
        why = self.lacks(document, list(self.systems()))
        return {"opt_ins_wait": bool(why), **({"because": why} if why else {})}


def _progress(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name not in {"cursor", "part"}}
