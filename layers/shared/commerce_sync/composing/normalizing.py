"""What identity_normalization does with a delivery: archived, translated, its people made known, passed on."""

from collections.abc import Iterable
from datetime import timedelta

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
from commerce_sync.observability import count
from commerce_sync.settings.workers import NormalizationSettings
from commerce_sync.webhooks.envelope import BACKFILL, FOUND_BY, is_about_consent


class Normalizing:
    """One process's: from a verified delivery to statements and events, and everything kept beside them."""

    def __init__(self, settings: NormalizationSettings) -> None:
        self._settings = settings
        self._archive = Archive(settings.archive_bucket)
        self._quarantine = Quarantine(settings.quarantine_table)
        self._first_look = FirstLook(settings.identity_table, settings.traces_table)

    def take(self, message: str) -> None:
        """One envelope: archive and translate it, make its people known, set aside what is wrong, pass on the rest."""
        envelope = Envelope.parse(message)
        if envelope.archived:
            envelope = self._archive.fetch(envelope.archive_key)
        else:
            self._archive.keep(envelope)
        translation = self._translated(envelope)
        self._state(envelope, translation)
        introduced = introduce(translation, _arrival(envelope), resolver_of(self._settings), self._first_look)
        self._leave_traces(envelope, introduced)
        self._set_aside(envelope, [*translation.rejections, *_refused(introduced)])
        self._pass_on(envelope, introduced.events)
        self._ask(envelope, introduced.privacy)
        if introduced.forgotten:
            self._forget(envelope, introduced.forgotten)

    def _state(self, envelope: Envelope, translation: Translation) -> None:
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
        send_all(self._settings.opt_outs_queue_url, (message.to_json() for message in ahead))
        send_all(self._settings.opt_ins_queue_url, (message.to_json() for message in rest))
        self._set_aside(envelope, (_addressless(statement, at) for at, statement in enumerate(unusable)))

    def _ask(self, envelope: Envelope, requests: Iterable[PrivacyRequest]) -> None:
        """Pass privacy requests on, with the delivery that carried them: last, because answering them erases it."""
        carried = {"archive_key": envelope.archive_key}
        bodies = (request.model_copy(update=carried).to_json() for request in requests)
        send_all(self._settings.privacy_queue_url, bodies)

    def _forget(self, envelope: Envelope, people: int) -> None:
        """A delivery about somebody who asked to be forgotten is not kept: erased last, for a retry reads it again."""
        self._archive.erase([envelope.archive_key])
        count("ForgottenPeople", people, source=envelope.source)

    def _translated(self, envelope: Envelope) -> Translation:
        body = envelope.body_bytes() or b""
        if refused := screen(body):
            return Translation(rejections=(refused,), people=people_in(envelope.topic, body))
        key = envelope.source, envelope.store
        lane: Lane = "urgent" if is_about_consent(envelope.topic) else "live"
        hydrated = hydrate(envelope.source, envelope.topic, body, lambda: records_of(self._settings, *key, lane))
        store, headers = senders_of_properties()[key], envelope.headers
        return translate(envelope.source, envelope.topic, store, body, headers, hydrated, envelope.received_at)

    def _leave_traces(self, envelope: Envelope, introduced: Introduced) -> None:
        """So that an erasure finds what is kept."""
        expires = envelope.received_at + timedelta(days=self._settings.archive_days)
        new = [(whose, trace, expires if leads_here else None) for whose, trace, leads_here in introduced.traces]
        if new:
            Traces(self._settings.traces_table, keys_of(self._settings)).note(new)

    def _set_aside(self, envelope: Envelope, rejections: Iterable[Rejection]) -> None:
        for rejection in rejections:
            self._quarantine.keep(
                envelope,
                code=rejection.code,
                path=rejection.path,
                expected=rejection.expected,
                advice=rejection.advice,
            )
            metric = "QuarantinedDeliveries" if rejection.waits else "SettledDeliveries"
            count(metric, source=envelope.source, reason=rejection.code)

    def _pass_on(self, envelope: Envelope, events: Iterable[CanonicalEvent]) -> None:
        passed = passed_on(envelope, events)
        send_all(self._settings.events_queue_url, passed.commerce)
        send_all(self._settings.profile_changes_queue_url, passed.changes)
        self._set_aside(envelope, passed.rejections)


def _addressless(statement: ConsentStatement, at: int) -> Rejection:
    code: Code = "address_not_usable" if is_opt_out(statement) else "opt_in_without_address"
    return reject(code, f"consent[{at}]", "an email address" if statement.channel == "email" else "a phone number")


def _store_of(envelope: Envelope) -> Store:
    return configured_stores()[envelope.source, envelope.store]


def _arrival(envelope: Envelope) -> Arrival:
    return Arrival(_store_of(envelope), envelope.received_at, ARCHIVED + envelope.archive_key, _trace_of)


def _trace_of(event: CanonicalEvent) -> str | None:
    """What event_delivery will write about a person: the page of their order or checkout."""
    return None if event.name in PROFILE_CHANGES else ORDERED + subject_of(event)


def _refused(introduced: Introduced) -> list[Rejection]:
    return [reject("too_many_to_join", "people", "fewer identifiers")] if introduced.refused else []
