"""Contacts whose sync must wait, as promises: due rows like those of events, kept by profile_sync."""

from datetime import datetime, timedelta

from commerce_sync.contracts import DueRow, Promise

ROW = "profile#klaviyo"
SUBJECT = "hubspot:contact:"


def deferred(contact_id: str, now: datetime, wait: float, reason: str) -> Promise:
    """A contact that is to be synced again after ``wait`` seconds."""
    due_at = now + timedelta(seconds=wait)
    return Promise(f"{SUBJECT}{contact_id}", ROW, "pending", now, due_at=due_at, reason=reason)


def contact_of(promise: Promise) -> str:
    """Whose sync waits."""
    return promise.subject.removeprefix(SUBJECT)


def is_about_profile(row: DueRow) -> bool:
    """Whether profile_sync keeps it."""
    return row.row == ROW
