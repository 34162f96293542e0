"""privacy_requests: forgets a person or a shop everywhere, tells a person what is known, and keeps the proof.

A second delivery is harmless: it finds its case, and no step that the case has noted is done again; one that was done
and not yet noted may be done twice. What fails at one place is tried again later, and holds up no other. A crash
leaves a due row whose lease runs out; due_dispatch gives the request to the next worker, who goes on from there.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any
from uuid import uuid4

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from commerce_sync.aws.archive import Archive
from commerce_sync.aws.observed import ObservedTable
from commerce_sync.aws.order_book_table import OrderBookTable
from commerce_sync.aws.privacy_requests import PrivacyRequests
from commerce_sync.aws.quarantine import Quarantine
from commerce_sync.aws.records import Records
from commerce_sync.aws.secrets import cached_secret
from commerce_sync.aws.subjects import Subjects
from commerce_sync.aws.told import ToldTable
from commerce_sync.aws.traces import Traces
from commerce_sync.composing.clients import hubspot, klaviyo
from commerce_sync.composing.consent_places import deciding_now
from commerce_sync.composing.consent_privacy import ConsentOfPeople
from commerce_sync.composing.identity import keys_of, people_of
from commerce_sync.composing.ledger import ledger_of
from commerce_sync.config.identity import identity_rules
from commerce_sync.config.stores import configured_stores, pages_of_shops
from commerce_sync.contracts import DueWork, PrivacyRequest, Promise
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.privacy import PrivacyCase, parse_privacy_message
from commerce_sync.delivery.forgetting import ForgettableOrders
from commerce_sync.errors import PausedError
from commerce_sync.identity.persons import address_of, identifiers_of, record_kind
from commerce_sync.identity.policy import policy_of
from commerce_sync.observability import count, named_failures
from commerce_sync.privacy import waiting
from commerce_sync.privacy.closing import Times, finished, stages
from commerce_sync.privacy.needs import Places
from commerce_sync.privacy.receiving import Reception
from commerce_sync.privacy.working import Desk
from commerce_sync.profiles.looks import CONTACT
from commerce_sync.settings import settings_for
from commerce_sync.settings.consent import PrivacySettings
from commerce_sync.vendors.hubspot import HubSpotContacts
from commerce_sync.vendors.klaviyo import KlaviyoProfiles

LAST_STEP_MILLISECONDS = 45_000
NO_TOKEN_WAIT = 300.0


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Work on the requests of a batch. Only messages that could not be worked on come back."""

    def may_go_on() -> bool:
        return bool(context.get_remaining_time_in_millis() > LAST_STEP_MILLISECONDS)

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    take = named_failures(partial(_take, may_go_on=may_go_on))
    return dict(process_partial_response(event=event, record_handler=take, processor=processor, context=context))


def _take(record: SQSRecord, may_go_on: Callable[[], bool]) -> None:
    """One message: a new request, or those whose time has come."""
    message = parse_privacy_message(record.body)
    now = _now()
    until = now + timedelta(seconds=_settings().lease)
    if isinstance(message, DueWork):
        for promise in _book().take_over(message.rows, uuid4().hex, until):
            _work_on(promise, _cases().find(waiting.case_of(promise)), may_go_on)
        return
    case = _reception(may_go_on).take(message)
    if case.is_closed:
        return
    promise = waiting.owned(case.case_id, now, uuid4().hex, until)
    _book().defer(promise)
    _work_on(promise, case, may_go_on)


def _reception(may_go_on: Callable[[], bool]) -> Reception:
    keys = keys_of(_settings())
    return Reception(
        _cases(), _places(may_go_on), _named, lambda name: keys.keys(("request", name)), _settings().deadline_days
    )


def _named(request: PrivacyRequest) -> Sequence[Identifier]:
    """The identifiers that a request names, in their normal form."""
    store = configured_stores()[request.source, request.store]
    return identifiers_of(request.person, store, policy_of(identity_rules())) if request.person else ()


def _work_on(promise: Promise, case: PrivacyCase | None, may_go_on: Callable[[], bool]) -> None:
    if case is None:
        _book().settle(promise, waiting.settled(promise, None))
        return
    case, due_at = _desk(may_go_on).go_on(case)
    now = _now()
    _book().settle(promise, waiting.settled(promise, waiting.next_look(case, due_at, now)))
    count("PrivacyRequests", kind=case.kind, state=case.state)
    if waiting.is_overdue(case, now):
        count("OverduePrivacyRequests", kind=case.kind, state=case.state)
    if case.state in {"waiting", "parked", "ready"}:
        count("PrivacyRequestsWaiting", kind=case.kind, state=case.state)


def _desk(may_go_on: Callable[[], bool]) -> Desk:
    settings = _settings()
    plan = stages(_places(may_go_on), Times(settings.check_after, settings.check_patience, settings.export_days))
    return Desk(_cases(), plan, finished, now=_now, may_go_on=may_go_on, longest_wait=settings.longest_wait)


def _places(may_go_on: Callable[[], bool]) -> Places:
    settings = _settings()
    return Places(
        people=people_of(settings),
        traces=Traces(settings.traces_table, keys_of(settings)),
        archive=Archive(settings.archive_bucket),
        quarantine=Quarantine(settings.quarantine_table),
        orders=ForgettableOrders(_book(), Subjects(settings.order_book_table), CONTACT),
        confirmed=ToldTable(settings.identity_table, keys_of(settings)),
        observed=ObservedTable(settings.identity_table, keys_of(settings)),
        consent=ConsentOfPeople(ledger_of(settings), deciding_now(settings)),
        records=Records(settings.identity_table),
        hubspot=_hubspot,
        klaviyo=_klaviyo,
        contact_kind=next(record_kind(store) for store in configured_stores().values() if store.source == "hubspot"),
        address_of=address_of,
        keyed=keys_of(settings).key,
        archive_days=settings.archive_days,
        pages=pages_of_shops(),
        now=_now,
        may_go_on=may_go_on,
    )


def _hubspot() -> HubSpotContacts | None:
    settings = _settings()
    return HubSpotContacts(hubspot(settings, _tokens("hubspot"))) if settings.hubspot_mode == "live" else None


def _klaviyo() -> KlaviyoProfiles | None:
    settings = _settings()
    return KlaviyoProfiles(klaviyo(settings, _tokens("klaviyo"))) if settings.klaviyo_mode == "live" else None


def _tokens(vendor: str) -> Mapping[str, str]:
    tokens: Mapping[str, str] = cached_secret(_settings().vendor_tokens_id).value()
    if not tokens.get(vendor):
        raise PausedError(f"{vendor} is live and has no token", retry_after=NO_TOKEN_WAIT)
    return tokens


def _settings() -> PrivacySettings:
    settings: PrivacySettings = settings_for(PrivacySettings)
    return settings


def _now() -> datetime:
    return datetime.now(UTC)


@cache
def _book() -> OrderBookTable:
    return OrderBookTable(_settings().order_book_table)


@cache
def _cases() -> PrivacyRequests:
    return PrivacyRequests(_settings().privacy_table)
