"""Requests that wait, as promises: due rows like those of events, kept by privacy_requests."""

from dataclasses import replace
from datetime import datetime, timedelta

from commerce_sync.contracts import DueRow, Promise
from commerce_sync.contracts.privacy import PrivacyCase
from commerce_sync.contracts.waiting import delivered, due_again

ROW = "privacy#request"
SUBJECT = "privacy:"
REMINDED_EVERY = timedelta(days=1)


def owned(case_id: str, now: datetime, claim: str, until: datetime) -> Promise:
    """A request that a worker has taken in: due from birth, owned until the lease runs out."""
    return Promise(f"{SUBJECT}{case_id}", ROW, "pending", now, due_at=until, claim=claim)


def due_now(case_id: str, now: datetime) -> Promise:
    """A request that an operator has made or moved on."""
    return Promise(f"{SUBJECT}{case_id}", ROW, "pending", now, due_at=now)


def settled(promise: Promise, due_at: datetime | None) -> Promise:
    """The promise after its work: due again then, or kept. Waiting is not failing, so it never runs out of tries."""
    return delivered(promise) if due_at is None else due_again(replace(promise, attempts=0), due_at, "goes on then")


def next_look(case: PrivacyCase, due_at: datetime | None, now: datetime) -> datetime | None:
    """When to look at it next. One that only an operator can move on is looked at once it is overdue, then daily."""
    if due_at is not None or case.is_closed:
        return due_at
    return case.deadline if now < case.deadline else now + REMINDED_EVERY


def is_overdue(case: PrivacyCase, now: datetime) -> bool:
    """Whether it should have been answered by now."""
    return not case.is_closed and now > case.deadline


def case_of(promise: Promise) -> str:
    """Which request waits."""
    return promise.subject.removeprefix(SUBJECT)


def is_about_privacy(row: DueRow) -> bool:
    """Whether privacy_requests keeps it."""
    return row.row == ROW
