"""What identity_normalization passes on: an envelope's events as messages, and what cannot travel."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from commerce_sync.contracts import CanonicalEvent, DeliveredFacts, Envelope
from commerce_sync.contracts.events import PROFILE_CHANGES
from commerce_sync.contracts.sizing import LARGEST_EVENT, sized
from commerce_sync.intake import Rejection, reject

MOST_OBSERVATIONS = 10
"""Values a message: each costs a write, and a hundred messages must be kept within one invocation."""


@dataclass(frozen=True, slots=True)
class Passed:
    """Messages of the events queue and of the profile changes queue, and why some events are in none."""

    commerce: tuple[str, ...]
    changes: tuple[str, ...]
    rejections: tuple[Rejection, ...]


def passed_on(envelope: Envelope, events: Iterable[CanonicalEvent]) -> Passed:
    """The events of an envelope, each in the message that carries it."""
    events = list(events)
    nobody = [event for event in events if _is_about_nobody(event)]
    usable = [event for event in events if event not in nobody] if nobody else events
    observed = [event for event in usable if event.name == "property_observed"]
    commerce, large = sized(event for event in usable if event.name not in PROFILE_CHANGES)
    changes, larger = sized(event for event in usable if event.name == "profile_updated")
    rejections = [reject("too_large", event.name, f"{LARGEST_EVENT} bytes") for event in (*large, *larger)]
    rejections += [reject("person_not_usable", event.properties["row"], "an address that exists") for event in nobody]
    return Passed(
        tuple(_message(envelope, batch) for batch in commerce),
        tuple(_message(envelope, batch) for batch in (*changes, *_together(observed))),
        tuple(rejections),
    )


def _is_about_nobody(event: CanonicalEvent) -> bool:
    """Whether a value's person is named by nothing that is an address. Who was forgotten is no person at all."""
    person = event.person
    is_named = person and (person.email or person.phone or person.customer_id)
    return event.name == "property_observed" and person is not None and not is_named


def _together(events: Sequence[CanonicalEvent]) -> Iterator[Sequence[CanonicalEvent]]:
    return (events[start : start + MOST_OBSERVATIONS] for start in range(0, len(events), MOST_OBSERVATIONS))


def _message(envelope: Envelope, events: Iterable[CanonicalEvent]) -> str:
    facts = DeliveredFacts(
        schema_version=DeliveredFacts.VERSION,
        envelope_id=envelope.envelope_id,
        source=envelope.source,
        store=envelope.store,
        received_at=envelope.received_at,
        events=tuple(events),
    )
    return facts.to_json()
