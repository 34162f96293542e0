"""Tells profile_sync that HubSpot may know something new of contacts: ids alone, for it reads what stands there now."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from commerce_sync.aws.queues import send_all
from commerce_sync.contracts import CanonicalEvent, DeliveredFacts, Person, Store

TOGETHER: Final = 100
"""Contacts in a message: as many as profile_sync reads at once."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A contact to be looked at, and what changed about it: ``contact``, or ``deals:77``; ``at`` is when."""

    contact_id: str
    about: str
    at: datetime


class Hints:
    """Puts hints on the profile changes queue. ``store`` is the HubSpot account."""

    def __init__(self, store: Store, queue_url: str, now: Callable[[], datetime]) -> None:
        self._store = store
        self._queue_url = queue_url
        self._now = now

    def __call__(self, hints: Iterable[Hint]) -> None:
        """Send them, each contact once: the latest hint stands for the others.

        Sending one again is harmless: what its destination has already is not written again.

        :raises RetriableError: not all were kept.
        """
        latest: dict[str, Hint] = {}
        for hint in hints:
            if hint.contact_id not in latest or hint.at > latest[hint.contact_id].at:
                latest[hint.contact_id] = hint
        send_all(self._queue_url, messages_of(self._store, latest, self._now()))


def messages_of(store: Store, hints: Mapping[str, Hint], now: datetime) -> Iterable[str]:
    """Messages of a hundred contacts. A time ahead of our clock is told as now."""
    events = [_event(store, hint, now) for hint in hints.values()]
    for start in range(0, len(events), TOGETHER):
        yield _message(store, events[start : start + TOGETHER], now)


def _event(store: Store, hint: Hint, now: datetime) -> CanonicalEvent:
    moment = str(int(hint.at.timestamp() * 1000))
    return CanonicalEvent(
        event_id=":".join((store.source, store.id, hint.contact_id, "profile_updated", hint.about, moment)),
        name="profile_updated",
        source=store.source,
        store=store.id,
        occurred_at=min(hint.at, now),
        person=Person(hubspot_contact_id=hint.contact_id),
    )


def _message(store: Store, events: Sequence[CanonicalEvent], now: datetime) -> str:
    ids = "\n".join(event.event_id for event in events)
    facts = DeliveredFacts(
        schema_version=DeliveredFacts.VERSION,
        envelope_id=f"poll:{sha256(ids.encode()).hexdigest()[:32]}",
        source=store.source,
        store=store.id,
        received_at=now,
        events=tuple(events),
    )
    return facts.to_json()
