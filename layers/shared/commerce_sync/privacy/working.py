"""Goes through the steps of a request: each is written down as it is done, so that a crash anywhere costs one step.

Steps stand in stages; a stage begins when the one before is done (and, for a check, some time later). Within a stage
a step that must wait, or that fails, holds up no other.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from commerce_sync.contracts.privacy import PrivacyCase, Work
from commerce_sync.errors import PermanentError, RetriableError
from commerce_sync.privacy.needs import Cases
from commerce_sync.privacy.noting import Progress, begun, failed, noted, waiting

FIRST_RETRY = 60.0
MOST_FAILURES = 10
"""With an hour between the last ones: what a night's outage breaks goes on by itself, what is broken is looked at."""


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


@dataclass(frozen=True, slots=True)
class Held:
    """Why a step is not done, and when to go on (seconds); None where a person decides."""

    why: str
    pause: float | None
    foreseen: bool = True


OUT_OF_TIME = Held("", 0.0)


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
            ready_at = worked_until(case) + timedelta(seconds=stage.delay)
            if not _has_begun(case, stage) and self.now() < ready_at:
                rested = case.model_copy(update={"state": "open", "reason": None})
                return (case if rested == case else self.cases.put(rested)), ready_at
            case, due_at = self._work_on(case, stage)
            if due_at is not None or case.state == "parked":
                return case, due_at
        return self.cases.put(self.finish(case, self.now())), None

    def _work_on(self, case: PrivacyCase, stage: Stage) -> tuple[PrivacyCase, datetime | None]:
        since = worked_until(case)
        held: dict[str, Held] = {}
        for step in stage.steps:
            if case.has_done(step.name):
                continue
            case, why = self._run(case, step)
            if why is OUT_OF_TIME:
                return case, self.now()
            if why:
                late = stage.patience is not None and self.now() - since > timedelta(seconds=stage.patience)
                held[step.name] = Held(why.why, None if late else why.pause)
        waits = {name: one.why for name, one in held.items()}
        if not waits:
            return case.model_copy(update={"waits": {}}), None
        refused = [f"{name}: {one.why}" for name, one in held.items() if one.pause is None]
        if refused:
            parked = {"state": "parked", "reason": "; ".join(refused), "waits": waits}
            return self.cases.put(case.model_copy(update=parked)), None
        case = self.cases.put(case.model_copy(update={"state": "waiting", "reason": None, "waits": waits}))
        return case, self.now() + timedelta(seconds=min(one.pause or 0.0 for one in held.values()))

    def _run(self, case: PrivacyCase, step: Step) -> tuple[PrivacyCase, Held | None]:
        """One step to its end, or as far as time allows. What it did is written before anything else is done."""
        while True:
            case = begun(case, step.name)
            outcome = self._tried(case, step)
            if isinstance(outcome, Held):
                return (case if outcome.foreseen else failed(case, step.name)), outcome
            if outcome.waits_for:
                return waiting(case, outcome), Held(outcome.waits_for, outcome.wait)
            case = self.cases.put(noted(case, step.name, outcome, self.now()))
            if not outcome.cursor:
                return case, None
            if not self.may_go_on():
                return case, OUT_OF_TIME

    def _tried(self, case: PrivacyCase, step: Step) -> Progress | Held:
        """What a step did, or why it is held. An error that nobody foresaw may name people: only its kind is told."""
        try:
            return step.run(case)
        except PermanentError as error:
            return Held(str(error), None)
        except RetriableError as error:
            return Held(str(error), self.longest_wait if error.retry_after is None else error.retry_after)
        except Exception as error:  # noqa: BLE001 # an erasure goes on everywhere else, whatever one place does
            times = (case.work or Work()).failures.get(step.name, 0) + 1
            pause = None if times >= MOST_FAILURES else min(FIRST_RETRY * 2 ** (times - 1), self.longest_wait)
            return Held(f"failed {times} times ({type(error).__name__})", pause, foreseen=False)


def worked_until(case: PrivacyCase) -> datetime:
    """When the last thing was done about it, by a step or by an operator's word.

    What was done by hand in a vendor's pages does not count: it neither begins a wait nor ends one.
    """
    steps = (step.at for step in case.steps if step.by_hand is None)
    return max([case.received_at, *steps, *filter(None, [case.confirmed_at])])


def _has_begun(case: PrivacyCase, stage: Stage) -> bool:
    names = {step.name for step in stage.steps}
    return any(step.step in names and step.by_hand is None for step in case.steps)
