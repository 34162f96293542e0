"""Looks at people, as promises: due rows like those of events, kept by profile_sync.

A subject names a HubSpot contact, whom something is observed of (by a keyed hash), or an order whose buyer is meant. A
refusal stands in a row of its own beside the look, so that what ends still ends on its day.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from commerce_sync.contracts import DueRow, Promise
from commerce_sync.contracts.waiting import Patience, delivered, due_again, parked, retried
from commerce_sync.errors import RetriableError
from commerce_sync.profiles.destinations import NotYetError

CONTACT_ROW: Final = "profile#klaviyo"
OBSERVED_ROW: Final = "profile#observed"
TOTALS_ROW: Final = "profile#totals"
REFUSED_ROW: Final = "profile#refused"
IMPORT_ROW: Final = "profile#import"
ROWS: Final = frozenset({CONTACT_ROW, OBSERVED_ROW, TOTALS_ROW, REFUSED_ROW, IMPORT_ROW})
CONTACT: Final = "hubspot:contact:"
OBSERVED: Final = "observed:"
IMPORT: Final = "klaviyo:import:"
DAY: Final = 86400.0
A_VALUE_ENDS: Final = "a value ends"
"""Why somebody is looked at again of whom all was told."""
SLOW: Final = Patience(first_retry=DAY, longest_retry=16 * DAY, order_patience=0.0)
"""How often somebody is looked at whom nobody can be told of yet."""


def is_about_profile(row: DueRow | Promise) -> bool:
    """Whether profile_sync keeps it."""
    return row.row in ROWS


def look_at(subject: str, now: datetime) -> Promise:
    """A look at whom a subject names, due now."""
    row = {CONTACT: CONTACT_ROW, OBSERVED: OBSERVED_ROW}
    kind = next((prefix for prefix in row if subject.startswith(prefix)), "")
    return Promise(subject, row.get(kind, TOTALS_ROW), "pending", now, due_at=now)


def refusal(subject: str, now: datetime, reason: str) -> Promise:
    """What a vendor refused of whom a subject names: it waits for a person, who may have it tried again."""
    return parked(Promise(subject, REFUSED_ROW, "pending", now), reason)


def again(subject: str, now: datetime) -> Promise:
    """A refusal that is tried again now, without a person: it can be mended by telling it otherwise."""
    return Promise(subject, REFUSED_ROW, "pending", now, due_at=now)


def mended(subject: str, now: datetime) -> Promise:
    """A refusal that is over."""
    return delivered(Promise(subject, REFUSED_ROW, "pending", now))


def looked(
    promise: Promise, now: datetime, error: RetriableError | None, ends: datetime | None, patience: Patience
) -> Promise:
    """The look after it was taken: due again when something was in its way, or when the next value ends."""
    if error is not None:
        after = retried(promise, now, SLOW if isinstance(error, NotYetError) else patience, error)
        return due_again(after, ends, str(error)) if ends and after.due_at and ends < after.due_at else after
    return ended(promise, ends) if ends else delivered(promise)


def ended(promise: Promise, ends: datetime) -> Promise:
    """The look due when the next value ends, with all its tries before it."""
    return due_again(replace(promise, status="pending", attempts=0), ends, A_VALUE_ENDS)
