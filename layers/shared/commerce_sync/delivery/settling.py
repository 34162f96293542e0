"""What a verdict does to its promise: delivered, parked with a reason, or due again later."""

from datetime import datetime, timedelta

from commerce_sync.contracts import Promise
from commerce_sync.contracts.waiting import Patience, backoff, delivered, due_again, parked, retried
from commerce_sync.delivery.keeping import Verdict


def settled(verdict: Verdict, now: datetime, patience: Patience) -> Promise:
    """The promise after its verdict."""
    promise = verdict.promise
    if verdict.refused is not None:
        return parked(promise, str(verdict.refused))
    if verdict.retriable is not None:
        return retried(promise, now, patience, verdict.retriable)
    return delivered(promise)


def still_waiting(promise: Promise, now: datetime, patience: Patience) -> Promise:
    """A promise whose order has not come: wait longer, or say that it never came."""
    if now - promise.created_at > timedelta(seconds=patience.order_patience):
        return parked(promise, "order_never_arrived")
    return due_again(promise, now + backoff(promise, patience), "waits for its order")
