"""How a promise ends or waits: the same rules for every worker that keeps promises."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from commerce_sync.contracts.order_book import Promise
from commerce_sync.errors import PausedError, RetriableError

MOST_ATTEMPTS = 72


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait between tries (seconds), and how long for an order that never comes."""

    first_retry: float
    longest_retry: float
    order_patience: float


def delivered(promise: Promise) -> Promise:
    """Kept: what it was about is forgotten, that it was kept is not."""
    return replace(promise, status="delivered", due_at=None, claim=None, event=None, reason=None, told=True)


def retried(promise: Promise, now: datetime, patience: Patience, error: RetriableError) -> Promise:
    """Due again after the vendor's wait, or after twice as long as last time; parked when it led nowhere too often.

    Attempts are counted where a promise is taken over, so a worker that dies is an attempt too. One that ended
    because the whole destination must wait, or because time ran out, was no attempt at this promise.
    """
    if isinstance(error, PausedError):
        promise = replace(promise, attempts=max(promise.attempts - 1, 0))
    if promise.attempts >= MOST_ATTEMPTS:
        return parked(promise, f"gave up: {error}")
    wait = backoff(promise, patience) if error.retry_after is None else timedelta(seconds=error.retry_after)
    return due_again(promise, now + wait, str(error))


def backoff(promise: Promise, patience: Patience) -> timedelta:
    """Twice as long as last time, up to the longest."""
    return timedelta(seconds=min(patience.first_retry * 2 ** min(promise.attempts, 16), patience.longest_retry))


def due_again(promise: Promise, at: datetime, reason: str) -> Promise:
    """Nobody's until then."""
    return replace(promise, due_at=at, claim=None, reason=reason)


def parked(promise: Promise, reason: str) -> Promise:
    """Waits for a person."""
    return replace(promise, status="parked", due_at=None, claim=None, reason=reason)
