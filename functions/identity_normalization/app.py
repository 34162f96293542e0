"""identity_normalization: turns each verified delivery into consent statements and events about known profiles.

What it says of consent is passed on first, before anything else is worked on: an opt-out waits for nobody's identity.

A second delivery is harmless: the archive key, the quarantine key, the traces, every statement id and every event id
are made from the delivery's content, and identity is a fold over facts, so doing it all again writes the same and sends
statements and events that consent_propagation and event_delivery already know. What stands behind a body that holds ids
only is asked of its store anew each time: a newer answer makes statements of its own. A delivery about somebody who
asked to be forgotten since brings nobody back.
"""

from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from commerce_sync.aws.archive import Archive
from commerce_sync.aws.first_look import FirstLook
from commerce_sync.aws.quarantine import Quarantine
from commerce_sync.aws.queues import send_all
from commerce_sync.aws.traces import ARCHIVED, ORDERED, Traces
from commerce_sync.composing.hydrating import records_of
from commerce_sync.composing.identity import keys_of, resolver_of
from commerce_sync.composing.passing_on import passed_on
from commerce_sync.config.advanced import senders_of_properties
from commerce_sync.config.stores import configured_stores
from commerce_sync.contracts import CanonicalEvent, Envelope, PrivacyRequest, Store
from commerce_sync.contracts.budgets import Lane
from commerce_sync.contracts.consent import ConsentStatement, is_opt_out
from commerce_sync.contracts.consent_messages import consent_messages
from commerce_sync.contracts.events import PROFILE_CHANGES
from commerce_sync.delivery.recording import subject_of
from commerce_sync.identity.introducing import Arrival, Introduced, introduce
from commerce_sync.identity.statements import normalize_statements
from commerce_sync.intake import Rejection, Translation, hydrate, people_in, reject, screen, translate
from commerce_sync.intake.catalogue import Code
from commerce_sync.observability import count, named_failures
from commerce_sync.settings import settings_for
from commerce_sync.settings.workers import NormalizationSettings
from commerce_sync.webhooks.envelope import BACKFILL, FOUND_BY, is_about_consent

HELD_UP = "HeldUpDeliveries"
"""Deliveries that go back to their queue: they do for hours before they end among the dead letters."""
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Normalise a batch of envelopes; only the failed ones come back."""
    return dict(
        process_partial_response(
            event=event, record_handler=named_failures(normalize, counted=HELD_UP), processor=processor, context=context
        )
    )


def normalize(record: SQSRecord) -> None:
    """One envelope: archive and translate it, make its people known, set aside what is wrong, pass on the rest."""
    archive = _archive()
    envelope = Envelope.parse(record.body)
    if envelope.archived:
        envelope = archive.fetch(envelope.archive_key)
    else:
        archive.keep(envelope)
    translation = _translated(envelope)
    _state(envelope, translation)
    introduced = introduce(translation, _arrival(envelope), resolver_of(_settings()), _first_look())
    _leave_traces(envelope, introduced)
    _quarantine(envelope, [*translation.rejections, *_refused(introduced)])
    _pass_on(envelope, introduced.events)
    _ask(envelope, introduced.privacy)
    if introduced.forgotten:
        _forget(envelope, introduced.forgotten)


def _state(envelope: Envelope, translation: Translation) -> None:
    """Pass on what a delivery says of consent, opt-outs before everything else; set aside what names no address.

    Of history only opt-outs: what somebody once agreed to is the baseline's business, and a backfill raises nobody.
    """
    stated = translation.consent
    if envelope.headers.get(FOUND_BY) == BACKFILL:
        stated = tuple(filter(is_opt_out, stated))
        if left := len(translation.consent) - len(stated):
            count("OptInsOfHistory", left, source=envelope.source)
    said, unusable = normalize_statements(stated, _store_of(envelope))
    ahead, rest = consent_messages(
        said,
        envelope_id=envelope.envelope_id,
        source=envelope.source,
        store=envelope.store,
        received_at=envelope.received_at,
    )
    send_all(_settings().opt_outs_queue_url, (message.to_json() for message in ahead))
    send_all(_settings().opt_ins_queue_url, (message.to_json() for message in rest))
    _quarantine(envelope, (_addressless(statement, at) for at, statement in enumerate(unusable)))


def _addressless(statement: ConsentStatement, at: int) -> Rejection:
    code: Code = "address_not_usable" if is_opt_out(statement) else "opt_in_without_address"
    return reject(code, f"consent[{at}]", "an email address" if statement.channel == "email" else "a phone number")


def _ask(envelope: Envelope, requests: Iterable[PrivacyRequest]) -> None:
    """Pass privacy requests on, with the delivery that carried them: last, because answering them erases it."""
    carried = {"archive_key": envelope.archive_key}
    bodies = (request.model_copy(update=carried).to_json() for request in requests)
    send_all(_settings().privacy_queue_url, bodies)


def _forget(envelope: Envelope, people: int) -> None:
    """A delivery about somebody who asked to be forgotten is not kept: erased last, because a retry reads it again."""
    _archive().erase([envelope.archive_key])
    count("ForgottenPeople", people, source=envelope.source)


def _translated(envelope: Envelope) -> Translation:
    body = envelope.body_bytes() or b""
    if refused := screen(body):
        return Translation(rejections=(refused,), people=people_in(envelope.topic, body))
    key = envelope.source, envelope.store
    lane: Lane = "urgent" if is_about_consent(envelope.topic) else "live"
    hydrated = hydrate(envelope.source, envelope.topic, body, lambda: records_of(_settings(), *key, lane))
    store, headers = senders_of_properties()[key], envelope.headers
    return translate(envelope.source, envelope.topic, store, body, headers, hydrated, envelope.received_at)


def _store_of(envelope: Envelope) -> Store:
    return configured_stores()[envelope.source, envelope.store]


def _arrival(envelope: Envelope) -> Arrival:
    return Arrival(_store_of(envelope), envelope.received_at, ARCHIVED + envelope.archive_key, _trace_of)


def _trace_of(event: CanonicalEvent) -> str | None:
    """What event_delivery will write about a person: the page of their order or checkout."""
    return None if event.name in PROFILE_CHANGES else ORDERED + subject_of(event)


def _leave_traces(envelope: Envelope, introduced: Introduced) -> None:
    """So that an erasure finds what is kept."""
    expires = envelope.received_at + timedelta(days=_settings().archive_days)
    new = [(whose, trace, expires if leads_here else None) for whose, trace, leads_here in introduced.traces]
    if new:
        _traces().note(new)


def _refused(introduced: Introduced) -> list[Rejection]:
    return [reject("too_many_to_join", "people", "fewer identifiers")] if introduced.refused else []


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


def _pass_on(envelope: Envelope, events: Iterable[CanonicalEvent]) -> None:
    passed = passed_on(envelope, events)
    send_all(_settings().events_queue_url, passed.commerce)
    send_all(_settings().profile_changes_queue_url, passed.changes)
    _quarantine(envelope, passed.rejections)


def _settings() -> NormalizationSettings:
    settings: NormalizationSettings = settings_for(NormalizationSettings)
    return settings


@cache
def _archive() -> Archive:
    return Archive(_settings().archive_bucket)


@cache
def _quarantine_table() -> Quarantine:
    return Quarantine(_settings().quarantine_table)


def _traces() -> Traces:
    return Traces(_settings().traces_table, keys_of(_settings()))


@cache
def _first_look() -> FirstLook:
    return FirstLook(_settings().identity_table, _settings().traces_table)
