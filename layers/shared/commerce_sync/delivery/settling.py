"""What a verdict does to its promise: delivered, parked with a reason, or due again later."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from commerce_sync.contracts import Promise
from commerce_sync.delivery.keeping import Verdict

MOST_ATTEMPTS = 72


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait between tries (seconds), and how long for an order that never comes."""

    first_retry: float
    longest_retry: float
    order_patience: float


def settled(verdict: Verdict, now: datetime, patience: Patience) -> Promise:
    """The promise after its verdict."""
    promise = verdict.promise
    if verdict.refused is not None:
        return parked(promise, str(verdict.refused))
    if verdict.retriable is not None:
        return retried(promise, now, patience, str(verdict.retriable), verdict.retriable.retry_after)
    return delivered(promise)


def delivered(promise: Promise) -> Promise:
    """Kept: what it was about is forgotten, that it was kept is not."""
    return replace(promise, status="delivered", due_at=None, claim=None, event=None, reason=None)


def still_waiting(promise: Promise, now: datetime, patience: Patience) -> Promise:
    """A promise whose order has not come: wait longer, or say that it never came."""
    if now - promise.created_at > timedelta(seconds=patience.order_patience):
        return parked(promise, "order_never_arrived")
    return _due(promise, now + _backoff(promise, patience), "waits for its order")


def retried(
    promise: Promise, now: datetime, patience: Patience, reason: str, retry_after: float | None = None
) -> Promise:
    """Due again after the vendor's wait, or after twice as long as last time; parked when it led nowhere too often.

    Attempts are counted where a promise is handed out again, so a worker that dies is an attempt too.
    """
    if promise.attempts >= MOST_ATTEMPTS:
        return parked(promise, f"gave up: {reason}")
    wait = _backoff(promise, patience) if retry_after is None else timedelta(seconds=retry_after)
    return _due(promise, now + wait, reason)


def _backoff(promise: Promise, patience: Patience) -> timedelta:
    return timedelta(seconds=min(patience.first_retry * 2 ** min(promise.attempts, 16), patience.longest_retry))


def _due(promise: Promise, at: datetime, reason: str) -> Promise:
    return replace(promise, due_at=at, claim=None, reason=reason)


def parked(promise: Promise, reason: str) -> Promise:
    """Waits for a person."""
    return replace(promise, status="parked", due_at=None, claim=None, reason=reason)
