"""Contacts whose sync must wait, as promises: due rows like those of events, kept by profile_sync."""

from datetime import datetime

from commerce_sync.contracts import DueRow, Promise
from commerce_sync.contracts.waiting import Patience, delivered, retried
from commerce_sync.errors import RetriableError

ROW = "profile#klaviyo"
TOTALS_ROW = "profile#totals"
"""Written by event_delivery beside an order that changed; its subject is that order."""
SUBJECT = "hubspot:contact:"


def deferred(contact_id: str, now: datetime, error: RetriableError, patience: Patience) -> Promise:
    """A contact that is to be synced again."""
    return retried(Promise(f"{SUBJECT}{contact_id}", ROW, "pending", now), now, patience, error)


def settled(promise: Promise, now: datetime, error: RetriableError | None, patience: Patience) -> Promise:
    """The promise after its sync."""
    return delivered(promise) if error is None else retried(promise, now, patience, error)


def contact_of(promise: Promise) -> str:
    """Whose sync waits."""
    return promise.subject.removeprefix(SUBJECT)


def is_about_profile(row: DueRow) -> bool:
    """Whether profile_sync keeps it."""
    return row.row in {ROW, TOTALS_ROW}
