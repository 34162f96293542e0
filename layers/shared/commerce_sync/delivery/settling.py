"""What a verdict does to its promise: delivered, parked with a reason, or due again later."""

from dataclasses import replace
from datetime import datetime, timedelta

from commerce_sync.contracts import Promise
from commerce_sync.contracts.revenue import Held
from commerce_sync.contracts.waiting import Patience, backoff, delivered, due_again, parked, retried
from commerce_sync.delivery.keeping import Verdict
from commerce_sync.delivery.promises import NEVER_ARRIVED


def settled(verdict: Verdict, now: datetime, patience: Patience) -> Promise:
    """The promise after its verdict."""
    promise = verdict.promise
    if verdict.refused is not None:
        return parked(promise, str(verdict.refused))
    if verdict.retriable is not None:
        return retried(promise, now, patience, verdict.retriable)
    if verdict.held is not None:
        return held(promise, verdict.held, now, patience)
    return delivered(promise)


def held(promise: Promise, why: Held, now: datetime, patience: Patience) -> Promise:
    """Due again when its rate is expected, else after the longest wait. Nothing was tried, so no attempt is counted."""
    later = now + timedelta(seconds=patience.longest_retry)
    untried = replace(promise, attempts=max(promise.attempts - 1, 0))
    return due_again(untried, max(why.until or later, now + timedelta(seconds=patience.first_retry)), why.reason)


def still_waiting(promise: Promise, now: datetime, patience: Patience) -> Promise:
    """A promise whose order has not come: wait longer, or say that it never came."""
    if now - promise.created_at > timedelta(seconds=patience.order_patience):
        return parked(promise, NEVER_ARRIVED)
    return due_again(promise, now + backoff(promise, patience), "waits for its order")
