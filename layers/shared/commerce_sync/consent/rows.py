"""What becomes of a row after each step: told, to be read back, due again, or waiting for a person."""

from dataclasses import replace
from datetime import datetime, timedelta

from commerce_sync.consent.keeping_needs import Limits
from commerce_sync.contracts.consent_book import ConsentPromise, RowStatus, Told
from commerce_sync.contracts.consent_shown import Wanted
from commerce_sync.errors import PausedError, RetriableError

MOST_ATTEMPTS = 72


def told(row: ConsentPromise, wanted: Wanted, now: datetime, limits: Limits) -> ConsentPromise:
    """Accepted; an accepted answer proves nothing, so it is read back: later each time that it was not taken."""
    noted = replace(row, told=(*row.told, telling(wanted, now)), checks=0, wanted=wanted.fingerprint)
    waits = limits.windows[0] * 2 ** min(max(row.attempts - 1, 0), 16)
    return _due(replace(noted, status="verifying", reason=None), now, min(waits, limits.longest_retry))


def telling(wanted: Wanted, now: datetime) -> Told:
    """What is told now."""
    return Told(wanted.fingerprint, wanted.direction, now, wanted.granted_at)


def confirmed(row: ConsentPromise, wanted: Wanted, now: datetime, limits: Limits) -> ConsentPromise:
    """Read back as it shall be: once more after the next window, or settled after the last."""
    checks = row.checks + 1
    if checks >= len(limits.windows):
        return _settled(replace(row, checks=checks), wanted)
    waits = limits.windows[checks] - limits.windows[checks - 1]
    return _due(replace(row, status="verifying", checks=checks, attempts=0, reason=None), now, waits)


def retried(row: ConsentPromise, now: datetime, limits: Limits, error: RetriableError) -> ConsentPromise:
    """Due again after the vendor's wait, or after twice as long as last time; parked when it led nowhere too often.

    A destination that must wait as a whole was no attempt at this row.
    """
    attempts = max(row.attempts - 1, 0) if isinstance(error, PausedError) else row.attempts
    if attempts >= MOST_ATTEMPTS:
        return parked(replace(row, attempts=attempts), f"gave up: {error}")
    backoff = min(limits.first_retry * 2 ** min(attempts, 16), limits.longest_retry)
    waits = backoff if error.retry_after is None else error.retry_after
    return _due(replace(row, attempts=attempts, reason=str(error)), now, waits)


def parked(row: ConsentPromise, reason: str) -> ConsentPromise:
    """Waits for a person."""
    return replace(row, status="parked", due_at=None, claim=None, reason=reason)


def observed(row: ConsentPromise, reason: str) -> ConsentPromise:
    """Written down, not told: the destination's mode, or the baseline, does not allow it yet."""
    return replace(row, status="observed", due_at=None, claim=None, reason=reason)


def shown_already(row: ConsentPromise, wanted: Wanted) -> ConsentPromise:
    """The destination shows it without being told."""
    return _settled(row, wanted)


def _settled(row: ConsentPromise, wanted: Wanted) -> ConsentPromise:
    """Nothing is left to do, until an opt-in that it rests on ends: then the destination is looked at again (R7)."""
    status: RowStatus = "settled" if wanted.ends_at is None else "verifying"
    return replace(row, status=status, due_at=wanted.ends_at, claim=None, attempts=0, reason=None)


def skipped(row: ConsentPromise, reason: str) -> ConsentPromise:
    """There is nothing to tell."""
    return replace(row, status="skipped", due_at=None, claim=None, reason=reason)


def settling(row: ConsentPromise) -> ConsentPromise:
    """Waits for the end of its settle window: no attempt."""
    return replace(row, due_at=row.settle_at, claim=None, attempts=max(row.attempts - 1, 0))


def _due(row: ConsentPromise, now: datetime, seconds: float) -> ConsentPromise:
    return replace(row, due_at=now + timedelta(seconds=seconds), claim=None)
