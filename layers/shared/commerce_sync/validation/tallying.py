"""What a day came to, from its sightings and refusals: a function of the two sets, whatever arrived when or how often.

A delivery that is repeated, replayed or polled again adds sightings of an event that counts once. What is refused
counts once a delivery and thing, because nobody can say which order an unreadable body is of.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from commerce_sync.contracts.event_checks import EventTally, Refusal, Sighting
from commerce_sync.validation.catalogue import NOTES
from commerce_sync.validation.refusals import thing_of

LATE: Final = timedelta(days=1)
"""From then on Klaviyo is told of it as history, and no flow starts (event_delivery's ``history_after``)."""


def tallies(
    sightings: Iterable[Sighting], refusals: Iterable[Refusal], told_before: Collection[str] = ()
) -> Mapping[str, EventTally]:
    """One store's day, by event.

    :param told_before: ids that an earlier day counts: two deliveries may give one event times on either side of
        midnight, or days apart where its store does not date it, and the first day keeps it.
    """
    events: dict[str, dict[str, list[Sighting]]] = defaultdict(lambda: defaultdict(list))
    for one in sightings:
        if one.event_id not in told_before:
            events[one.name][one.event_id].append(one)
    refused: dict[str, list[Refusal]] = defaultdict(list)
    for fault in refusals:
        refused[fault.event].append(fault)
    return {name: _tally(events.get(name, {}), refused.get(name, [])) for name in sorted({*events, *refused})}


def judged(sightings: Iterable[Sighting]) -> Sighting:
    """The sighting that speaks for its event: the newest body, of that the one with the least wrong, told first.

    Two senders may tell one event, a pixel and a webhook: it is as good as the better of the two.
    """
    seen = list(sightings)
    newest = max(one.version for one in seen)
    return min(
        (one for one in seen if one.version == newest),
        key=lambda one: (len(one.findings), one.received_at, one.occurred_at, sorted(one.findings)),
    )


def _tally(events: Mapping[str, Sequence[Sighting]], refusals: Sequence[Refusal]) -> EventTally:
    speaking = [judged(events[event_id]) for event_id in sorted(events)]
    lost = {(fault.envelope_id, thing_of(fault.path)): fault for fault in _ordered(refusals) if fault.is_wrong}
    invalid = Counter(reason for one in speaking for reason in one.findings - NOTES)
    invalid.update(fault.code for fault in lost.values())
    nothing = {(fault.envelope_id, fault.code) for fault in refusals if not fault.is_wrong}
    return EventTally(
        seen=len(speaking) + len(lost),
        valid=sum(one.findings <= NOTES for one in speaking),
        invalid=dict(sorted(invalid.items())),
        notes=dict(sorted(Counter(note for one in speaking for note in one.findings & NOTES).items())),
        no_event=dict(sorted(Counter(code for _, code in nothing).items())),
        late=sum(_is_late(one) for one in events.values()),
        examples=_examples(speaking, lost.values()),
        last_at=max((_moment(one) for one in speaking), default=None),
    )


def _ordered(refusals: Iterable[Refusal]) -> list[Refusal]:
    """So that of two faults of one thing the same one gives the reason."""
    return sorted(refusals, key=lambda one: (one.envelope_id, one.path, one.code), reverse=True)


def _is_late(sightings: Iterable[Sighting]) -> bool:
    first = min(sightings, key=lambda one: (one.received_at, one.occurred_at))
    return first.received_at - first.occurred_at > LATE


def _moment(sighting: Sighting) -> datetime:
    return min(sighting.occurred_at, sighting.received_at)


def _examples(speaking: Iterable[Sighting], lost: Iterable[Refusal]) -> dict[str, str]:
    """By reason the event that comes first, or the delivery (``envelope_id``) where there is no event."""
    found = {fault.code: fault.envelope_id for fault in lost}
    for one in speaking:
        for reason in one.findings - NOTES:
            found.setdefault(reason, one.event_id)
    return dict(sorted(found.items()))
