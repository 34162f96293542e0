"""identity_normalization: turns each verified delivery into canonical events about known profiles.

A second delivery is harmless: the archive key, the quarantine key, the profile id and every event id are made from
the delivery's content, so doing it all again writes the same and sends events that event_delivery already knows.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from commerce_sync.aws.archive import Archive
from commerce_sync.aws.identity_table import IdentityTable
from commerce_sync.aws.quarantine import Quarantine
from commerce_sync.aws.queues import send_all
from commerce_sync.config.stores import configured_stores
from commerce_sync.contracts import CanonicalEvent, DeliveredFacts, Envelope, Person, Store
from commerce_sync.contracts.sizing import LARGEST_EVENT, sized
from commerce_sync.identity import identifiers_of, normalize_person, resolve
from commerce_sync.intake import Rejection, reject, screen, translate
from commerce_sync.observability import count, named_failures
from commerce_sync.settings import settings_for
from commerce_sync.settings.workers import NormalizationSettings

processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Normalise a batch of envelopes; only the failed ones come back."""
    return dict(
        process_partial_response(
            event=event, record_handler=named_failures(normalize), processor=processor, context=context
        )
    )


def normalize(record: SQSRecord) -> None:
    """One envelope: archive it, translate it, quarantine what it gets wrong, pass on what it proves."""
    archive = _archive()
    envelope = Envelope.parse(record.body)
    if envelope.archived:
        envelope = archive.fetch(envelope.archive_key)
    else:
        archive.keep(envelope)
    store = configured_stores()[envelope.source, envelope.store]
    events, rejections = _translated(envelope, store)
    _quarantine(envelope, rejections)
    _pass_on(envelope, _about_profiles(events, store))


def _quarantine(envelope: Envelope, rejections: Iterable[Rejection]) -> None:
    for rejection in rejections:
        _quarantine_table().keep(
            envelope,
            code=rejection.code,
            path=rejection.path,
            expected=rejection.expected,
            advice=rejection.advice,
        )
        metric = "QuarantinedDeliveries" if rejection.waits else "SettledDeliveries"
        count(metric, source=envelope.source, reason=rejection.code)


def _translated(envelope: Envelope, store: Store) -> tuple[tuple[CanonicalEvent, ...], tuple[Rejection, ...]]:
    body = envelope.body_bytes() or b""
    refused = screen(body)
    if refused:
        return (), (refused,)
    translation = translate(envelope.source, envelope.topic, store, body, envelope.headers)
    return translation.events, translation.rejections


def _about_profiles(events: tuple[CanonicalEvent, ...], store: Store) -> list[CanonicalEvent]:
    """The events with their people normalised and resolved, each person once."""
    resolved: dict[Person, tuple[Person, str | None]] = {}
    for raw in {event.person for event in events if event.person}:
        person = normalize_person(raw, store)
        resolved[raw] = person, resolve(identifiers_of(person, store), _identities())
    return [_about(event, *resolved[event.person]) if event.person else event for event in events]


def _about(event: CanonicalEvent, person: Person, profile_id: str | None) -> CanonicalEvent:
    return event.model_copy(update={"person": person, "profile_id": profile_id})


def _pass_on(envelope: Envelope, events: list[CanonicalEvent]) -> None:
    settings = settings_for(NormalizationSettings)
    changes = tuple(event for event in events if event.name == "profile_updated")
    commerce = tuple(event for event in events if event.name != "profile_updated")
    for queue_url, theirs in ((settings.events_queue_url, commerce), (settings.profile_changes_queue_url, changes)):
        batches, too_large = sized(theirs)
        send_all(queue_url, (_facts(envelope, batch).to_json() for batch in batches))
        _quarantine(envelope, (reject("too_large", event.name, f"{LARGEST_EVENT} bytes") for event in too_large))


def _facts(envelope: Envelope, events: Iterable[CanonicalEvent]) -> DeliveredFacts:
    return DeliveredFacts(
        schema_version=DeliveredFacts.VERSION,
        envelope_id=envelope.envelope_id,
        source=envelope.source,
        store=envelope.store,
        received_at=envelope.received_at,
        events=tuple(events),
    )


@cache
def _archive() -> Archive:
    return Archive(settings_for(NormalizationSettings).archive_bucket)


@cache
def _quarantine_table() -> Quarantine:
    return Quarantine(settings_for(NormalizationSettings).quarantine_table)


@cache
def _identities() -> IdentityTable:
    return IdentityTable(settings_for(NormalizationSettings).identity_table)
