"""What ``status`` says of the stores' events: by store and event what came, what was wrong, how long it is silent."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from commerce_sync.contracts.event_checks import EventStanding, StoreStanding


def events_at_a_glance(standings: Iterable[StoreStanding], now: datetime) -> dict[str, Any]:
    """By store: when it was last looked at, and each event. Counts are of the store's own day so far.

    A store that was never looked at is not there: the first run of event_validation is within the hour.
    """
    return {
        one.store: {
            "as_of": one.as_of.isoformat(),
            "day": one.today.isoformat(),
            "events": {name: _row(standing, now) for name, standing in one.events.items()},
        }
        for one in standings
    }


def _row(one: EventStanding, now: datetime) -> dict[str, Any]:
    silent = round((now - one.last_at) / timedelta(hours=1), 1) if one.last_at else None
    return {
        "state": one.state,
        "seen": one.today.seen,
        "valid": one.today.valid,
        "invalid": one.today.invalid,
        "notes": one.today.notes,
        "no_event": one.today.no_event,
        "late": one.today.late,
        "examples": one.today.examples or one.yesterday.examples,
        "silent_too_long": one.today.silent,
        "yesterday": {
            "seen": one.yesterday.seen,
            "valid": one.yesterday.valid,
            "invalid": one.yesterday.invalid,
            "silent_too_long": one.yesterday.silent,
        },
        "usual_for_yesterday": one.usual,
        "last_at": one.last_at.isoformat() if one.last_at else None,
        "silent_for_hours": silent,
        "allowed_hours": one.allowed_hours,
    }
