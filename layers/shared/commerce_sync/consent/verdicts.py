"""A vendor's verdict on one address as an outcome."""

from typing import Protocol

from commerce_sync.contracts.consent_shown import Outcome
from commerce_sync.errors import PermanentError, RetriableError


class Verdict(Protocol):
    """What became of one address in a call."""

    @property
    def address(self) -> str: ...  # noqa: D102
    @property
    def refused(self) -> PermanentError | None: ...  # noqa: D102
    @property
    def retriable(self) -> RetriableError | None: ...  # noqa: D102
    @property
    def skipped(self) -> bool: ...  # noqa: D102


def outcome_of(verdict: Verdict) -> Outcome:
    """Told, where it was neither refused nor left for later."""
    told = verdict.refused is None and verdict.retriable is None
    return Outcome(told=told, refused=verdict.refused, retriable=verdict.retriable)


def worse(one: Outcome, other: Outcome) -> Outcome:
    """The outcome of two calls about one address: what must be tried again or was refused decides."""
    for outcome in (one, other):
        if outcome.retriable is not None:
            return outcome
    for outcome in (one, other):
        if outcome.refused is not None:
            return outcome
    return one if one.told else other
