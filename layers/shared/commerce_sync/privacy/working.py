"""Goes through the steps of a request: each is written down as it is done, so that a crash anywhere costs one step.

Steps stand in stages; a stage begins when the one before is done (and, for a check, some time later). Within a stage
a step that must wait holds up no other.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from commerce_sync.contracts.privacy import PrivacyCase, StepDone, Work
from commerce_sync.errors import PermanentError, RetriableError
from commerce_sync.privacy.needs import Cases

GO_ON_AT_ONCE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step came. A ``cursor`` says where to go on; without one the step is done.

    ``changes`` are those of the case itself.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    cursor: str = ""
    work: Work | None = None
    changes: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One step. Doing it again is harmless."""

    name: str
    run: Callable[[PrivacyCase], Progress]


@dataclass(frozen=True, slots=True)
class Stage:
    """Steps that wait for the stage before, and for ``delay`` seconds. ``patience`` (seconds) ends a check."""

    steps: tuple[Step, ...]
    delay: float = 0.0
    patience: float | None = None


@dataclass(frozen=True)
class Desk:
    """Where requests are worked on. ``finish`` closes a case whose steps are all done."""

    cases: Cases
    stages: Mapping[str, Sequence[Stage]]
    finish: Callable[[PrivacyCase, datetime], PrivacyCase]
    now: Callable[[], datetime]
    may_go_on: Callable[[], bool]
    longest_wait: float

    def go_on(self, case: PrivacyCase) -> tuple[PrivacyCase, datetime | None]:
        """Do what can be done now; returns the case and when to go on, None where nobody but an operator can.

        :raises RetriableError: another worker wrote the case meanwhile.
        """
        if case.is_closed or case.state == "parked":
            return case, None
        for stage in self.stages[case.kind]:
            if all(case.has_done(step.name) for step in stage.steps):
                continue
            begun = any(case.has_done(step.name) for step in stage.steps)
            ready_at = _since(case) + timedelta(seconds=stage.delay)
            if not begun and self.now() < ready_at:
                return self._rest(case, "open", ready_at)
            case, due_at = self._work_on(case, stage)
            if due_at is not None or case.state == "parked":
                return case, due_at
        return self.cases.put(self.finish(case, self.now())), None

    def _work_on(self, case: PrivacyCase, stage: Stage) -> tuple[PrivacyCase, datetime | None]:
        since = _since(case)
        waits: dict[str, str] = {}
        refused: list[str] = []
        pauses = []
        for step in stage.steps:
            if case.has_done(step.name):
                continue
            try:
                case, finished = self._run(case, step)
            except PermanentError as error:
                waits[step.name] = str(error)
                refused.append(f"{step.name}: {error}")
                continue
            except RetriableError as error:
                waits[step.name] = str(error)
                pauses.append(self.longest_wait if error.retry_after is None else error.retry_after)
                if stage.patience is not None and self.now() - since > timedelta(seconds=stage.patience):
                    refused.append(f"{step.name}: {error}")
                continue
            if not finished:
                return case, self.now() + GO_ON_AT_ONCE
        case = case.model_copy(update={"waits": waits})
        if refused:
            return self.cases.put(case.model_copy(update={"state": "parked", "reason": "; ".join(refused)})), None
        if waits:
            return self._rest(case, "waiting", self.now() + timedelta(seconds=min(pauses)))
        return case, None

    def _run(self, case: PrivacyCase, step: Step) -> tuple[PrivacyCase, bool]:
        """One step to its end, or as far as time allows. What it did is written before anything else is done."""
        while True:
            work = case.work or Work()
            if work.step != step.name:
                case = case.model_copy(update={"work": work.model_copy(update=_fresh(step.name))})
            progress = step.run(case)
            case = self.cases.put(_noted(case, step, progress, self.now()))
            if not progress.cursor:
                return case, True
            if not self.may_go_on():
                return case, False

    def _rest(self, case: PrivacyCase, state: str, until: datetime) -> tuple[PrivacyCase, datetime]:
        rested = case.model_copy(update={"state": state, "reason": None})
        return (case if rested == case else self.cases.put(rested)), until


def _fresh(step: str) -> dict[str, object]:
    return {"step": step, "cursor": "", "counts": {}}


def _noted(case: PrivacyCase, step: Step, progress: Progress, now: datetime) -> PrivacyCase:
    known = case.work or Work()
    work = progress.work or known
    counts = dict(Counter(known.counts) + Counter(progress.counts))
    if progress.cursor:
        work = work.model_copy(update={"step": step.name, "cursor": progress.cursor, "counts": counts})
        return case.model_copy(update={**progress.changes, "work": work})
    done = StepDone(step=step.name, at=now, counts=counts)
    work = work.model_copy(update=_fresh(""))
    waits = {name: why for name, why in case.waits.items() if name != step.name}
    return case.model_copy(update={**progress.changes, "work": work, "steps": (*case.steps, done), "waits": waits})


def _since(case: PrivacyCase) -> datetime:
    """When the last thing was done about it, by a step or by an operator."""
    return max([case.received_at, *(step.at for step in case.steps), *filter(None, [case.confirmed_at])])
