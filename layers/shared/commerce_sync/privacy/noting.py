"""How far a step came, and the case with that written into it: pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from commerce_sync.contracts.privacy import PrivacyCase, StepDone, Work


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step came; with neither ``cursor`` nor ``waits_for`` it is done.

    A ``cursor`` says where to go on; ``waits_for`` what must happen first, to be looked at again after ``wait``
    seconds. ``changes`` are those of the case itself.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    cursor: str = ""
    work: Work | None = None
    changes: Mapping[str, object] = field(default_factory=dict)
    waits_for: str = ""
    wait: float = 0.0


def begun(case: PrivacyCase, step: str) -> PrivacyCase:
    """The case with this step in progress."""
    work = case.work or Work()
    return case if work.step == step else case.model_copy(update={"work": work.model_copy(update=_fresh(step))})


def failed(case: PrivacyCase, step: str) -> PrivacyCase:
    """The case with one failure of a step more."""
    work = case.work or Work()
    failures = {**work.failures, step: work.failures.get(step, 0) + 1}
    return case.model_copy(update={"work": work.model_copy(update={"failures": failures})})


def waiting(case: PrivacyCase, progress: Progress) -> PrivacyCase:
    """The case with what a step that waits has changed."""
    return case.model_copy(update={**progress.changes, "work": progress.work or case.work})


def noted(case: PrivacyCase, step: str, progress: Progress, now: datetime) -> PrivacyCase:
    """The case with what a step did: as a proof where it is done, where to go on otherwise. Counts of nothing stay."""
    known = case.work or Work()
    work = progress.work or known
    names = (*known.counts, *progress.counts)
    counts = {name: known.counts.get(name, 0) + progress.counts.get(name, 0) for name in names}
    if progress.cursor:
        work = work.model_copy(update={"step": step, "cursor": progress.cursor, "counts": counts})
        return case.model_copy(update={**progress.changes, "work": work})
    failures = {name: times for name, times in work.failures.items() if name != step}
    work = work.model_copy(update={**_fresh(""), "failures": failures})
    waits = {name: why for name, why in case.waits.items() if name != step}
    done = StepDone(step=step, at=now, counts=counts)
    return case.model_copy(update={**progress.changes, "work": work, "steps": (*case.steps, done), "waits": waits})


def _fresh(step: str) -> dict[str, object]:
    return {"step": step, "cursor": "", "counts": {}}
