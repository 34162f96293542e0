"""How far a run is: the document by which opt-ins wait for the end of the baseline, and by which an operator sees it.

It only ever moves forward, so a step that is late or comes twice takes nothing back. A run that reads no other systems
than an earlier one that was completed leaves it completed meanwhile: what was known then is known still.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from commerce_sync.consent.baseline.needs import Document
from commerce_sync.contracts.baseline import BaselineStep, Stage

NAME: Final = "baseline"
STAGES: Final[tuple[Stage, ...]] = ("reading", "settling", "reporting")
DONE: Final = "done"


def begun(document: Document, run_id: str, systems: Sequence[str], now: datetime) -> Document:
    """A new run over these systems."""
    covered = document.get("covered") or []
    is_known = bool(document.get("completed_at")) and set(systems) <= set(covered)
    fresh = {"state": "reading", "part": 0, "read": 0, "recorded": 0, "cursor": None}
    return {
        "run_id": run_id,
        "stage": "reading",
        "started_at": now.isoformat(),
        "completed_at": document["completed_at"] if is_known else None,
        "covered": list(covered) if is_known else [],
        "systems": {name: dict(fresh) for name in systems},
        "settled": {},
        "report": document.get("report"),
    }


def lacks(document: Document, systems: Collection[str]) -> str | None:
    """Why opt-ins wait, where these systems are connected now; None where they need not.

    A system that was connected since the last run may know opt-outs that nobody else does.
    """
    if not document:
        return "it was never begun: operations baseline"
    if not document.get("completed_at"):
        run_id, stage = document.get("run_id"), document.get("stage")
        return f"the run {run_id} is still {stage}: operations baseline says how far it is"
    unread = sorted(set(systems) - set(document.get("covered") or ()))
    return f"{', '.join(unread)}: connected since, and not read. Start operations baseline" if unread else None


def is_ahead(document: Document, step: BaselineStep) -> bool:
    """Whether a system was read farther than a reading step is: somebody else goes on from there."""
    known = document["systems"].get(step.system)
    return known is None or known["state"] == DONE or known["part"] > step.part


def advanced(document: Document, step: BaselineStep, *, is_whole: bool) -> Document:
    """With a system as far as this step is, unless it is farther."""
    known = document.get("systems", {}).get(step.system)
    is_its_run = document.get("run_id") == step.run_id
    if not is_its_run or known is None or known["state"] == DONE or known["part"] > step.part:
        return document
    now = {"state": DONE if is_whole else "reading", "part": step.part, "cursor": step.cursor, **_counted(step)}
    return {**document, "systems": {**document["systems"], step.system: now}}


def is_read(document: Document, run_id: str) -> bool:
    """Whether every system of a run is read whole."""
    return document.get("run_id") == run_id and all(one["state"] == DONE for one in document["systems"].values())


def staged(document: Document, run_id: str, stage: Stage) -> Document:
    """At a stage, unless it is at a later one."""
    if document.get("run_id") != run_id or document["stage"] not in STAGES:
        return document
    return {**document, "stage": stage} if STAGES.index(stage) > STAGES.index(document["stage"]) else document


def completed(document: Document, run_id: str, now: datetime, settled: Mapping[str, int]) -> Document:
    """Everything that every system knew is written down: from now on opt-ins may be told.

    ``settled`` says what became of what could not be dated.
    """
    if document.get("run_id") != run_id or document["stage"] == DONE:
        return document
    covered = sorted({*document["covered"], *document["systems"]})
    return {
        **staged(document, run_id, "reporting"),
        "completed_at": now.isoformat(),
        "covered": covered,
        "settled": dict(settled),
    }


def reported(document: Document, run_id: str, figures: Mapping[str, Any]) -> Document:
    """The end of a run."""
    if document.get("run_id") != run_id:
        return document
    return {**document, "stage": DONE, "report": {"run_id": run_id, **figures}}


def _counted(step: BaselineStep) -> Mapping[str, int]:
    return {"read": 0, "recorded": 0, **step.figures}
