"""Noting what event_delivery was told, and the stores whose events are watched."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from commerce_sync.aws.event_checks import EventChecks
from commerce_sync.config.events import events_rules
from commerce_sync.config.stores import configured_stores
from commerce_sync.contracts import DeliveredFacts, DueWork
from commerce_sync.contracts.event_checks import StoreStanding
from commerce_sync.contracts.events import PROFILE_CHANGES
from commerce_sync.validation.findings import sighting_of
from commerce_sync.validation.running import Watched


@cache
def watched_stores() -> Mapping[str, Watched]:
    """Every store that sells, by its name (``shopify:us``)."""
    stores = configured_stores()
    return {
        f"{source}:{store}": Watched(
            f"{source}:{store}", ZoneInfo(stores[source, store].time_zone), dict(rules.expected.items())
        )
        for (source, store), rules in sorted(events_rules().items())
    }


def standings(checks: EventChecks) -> Iterator[StoreStanding]:
    """How every watched store stood when it was last looked at; one that never was is left out."""
    yield from filter(None, map(checks.standing, watched_stores()))


def note(checks: EventChecks, message: DeliveredFacts | DueWork, now: datetime) -> None:
    """Note each event of a message as it was told. A repeat notes the same; rows that are due are no news.

    :raises RetriableError: not all were noted.
    """
    if isinstance(message, DueWork):
        return
    watched = watched_stores()
    checks.note(
        (
            sighting_of(event, message.received_at, watched[store].zone)
            for event in message.events
            if (store := f"{event.source}:{event.store}") in watched and event.name not in PROFILE_CHANGES
        ),
        now,
    )
