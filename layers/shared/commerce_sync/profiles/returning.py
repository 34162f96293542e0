"""Those of whom something is observed and who are to be looked at again, as due rows kept by profile_sync."""

from dataclasses import replace
from datetime import datetime

from commerce_sync.contracts import DueRow, Promise
from commerce_sync.contracts.waiting import Patience, delivered, due_again, retried
from commerce_sync.profiles.observing import Kept, NotYetError

ROW = "profile#observed"
SUBJECT = "observed:"
DAY = 86400.0
SLOW = Patience(first_retry=DAY, longest_retry=16 * DAY, order_patience=0.0)
"""How often somebody is looked at whom nobody can be told of yet."""


def promised(key: str, now: datetime) -> Promise:
    """A look at one person. The subject is a keyed hash: it names nobody."""
    return Promise(f"{SUBJECT}{key}", ROW, "pending", now)


def key_of(promise: Promise) -> str:
    """Whom it is about."""
    return promise.subject.removeprefix(SUBJECT)


def is_about_observed(row: DueRow | Promise) -> bool:
    """Whether it is such a look."""
    return row.row == ROW


def looked(promise: Promise, kept: Kept, now: datetime, patience: Patience) -> Promise:
    """The look after it was taken: due again when something was in its way, or when the next value ends."""
    key = key_of(promise)
    ends, error = kept.due.get(key), kept.waiting.get(key)
    if error is not None:
        after = retried(promise, now, SLOW if isinstance(error, NotYetError) else patience, error)
        return due_again(after, ends, str(error)) if ends and after.due_at and ends < after.due_at else after
    return due_again(replace(promise, attempts=0), ends, "a value ends") if ends else delivered(promise)
