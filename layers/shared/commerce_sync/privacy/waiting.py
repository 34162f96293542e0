"""Requests that wait, as promises: due rows like those of events, kept by privacy_requests."""

from dataclasses import replace
from datetime import datetime

from commerce_sync.contracts import DueRow, Promise
from commerce_sync.contracts.waiting import delivered, due_again

ROW = "privacy#request"
SUBJECT = "privacy:"


def owned(case_id: str, now: datetime, claim: str, until: datetime) -> Promise:
    """A request that a worker has taken in: due from birth, owned until the lease runs out."""
    return Promise(f"{SUBJECT}{case_id}", ROW, "pending", now, due_at=until, claim=claim)


def due_now(case_id: str, now: datetime) -> Promise:
    """A request that an operator has made or moved on."""
    return Promise(f"{SUBJECT}{case_id}", ROW, "pending", now, due_at=now)


def settled(promise: Promise, due_at: datetime | None) -> Promise:
    """The promise after its work: due again then, or kept. Waiting is not failing, so it never runs out of tries."""
    return delivered(promise) if due_at is None else due_again(replace(promise, attempts=0), due_at, "goes on then")


def case_of(promise: Promise) -> str:
    """Which request waits."""
    return promise.subject.removeprefix(SUBJECT)


def is_about_privacy(row: DueRow) -> bool:
    """Whether privacy_requests keeps it."""
    return row.row == ROW
