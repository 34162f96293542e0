"""What privacy_requests works with, and how one message is worked on."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

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
from commerce_sync.observability import count
from commerce_sync.privacy import waiting
from commerce_sync.privacy.closing import Times, finished, stages
from commerce_sync.privacy.needs import Places
from commerce_sync.privacy.receiving import Reception
from commerce_sync.privacy.working import Desk
from commerce_sync.profiles.looks import CONTACT
from commerce_sync.settings.consent import PrivacySettings
from commerce_sync.vendors.hubspot import HubSpotContacts
from commerce_sync.vendors.klaviyo import KlaviyoProfiles

NO_TOKEN_WAIT = 300.0


class PrivacyOffice:
    """One process's: cases, the places where people are kept, and the vendors."""

    def __init__(self, settings: PrivacySettings) -> None:
        self._settings = settings
        self._book = OrderBookTable(settings.order_book_table)
        self._cases = PrivacyRequests(settings.privacy_table)

    def take(self, message: str, may_go_on: Callable[[], bool]) -> None:
        """One message: a new request, or those whose time has come."""
        told = parse_privacy_message(message)
        now = _now()
        until = now + timedelta(seconds=self._settings.lease)
        if isinstance(told, DueWork):
            for promise in self._book.take_over(told.rows, uuid4().hex, until):
                self._work_on(promise, self._cases.find(waiting.case_of(promise)), may_go_on)
            return
        case = self._reception(may_go_on).take(told)
        if case.is_closed:
            return
        promise = waiting.owned(case.case_id, now, uuid4().hex, until)
        self._book.defer(promise)
        self._work_on(promise, case, may_go_on)

    def _reception(self, may_go_on: Callable[[], bool]) -> Reception:
        keys = keys_of(self._settings)
        return Reception(
            self._cases,
            self._places(may_go_on),
            _named,
            lambda name: keys.keys(("request", name)),
            self._settings.deadline_days,
        )

    def _work_on(self, promise: Promise, case: PrivacyCase | None, may_go_on: Callable[[], bool]) -> None:
        if case is None:
            self._book.settle(promise, waiting.settled(promise, None))
            return
        case, due_at = self._desk(may_go_on).go_on(case)
        now = _now()
        self._book.settle(promise, waiting.settled(promise, waiting.next_look(case, due_at, now)))
        count("PrivacyRequests", kind=case.kind, state=case.state)
        if waiting.is_overdue(case, now):
            count("OverduePrivacyRequests", kind=case.kind, state=case.state)
        if case.state in {"waiting", "parked", "ready"}:
            count("PrivacyRequestsWaiting", kind=case.kind, state=case.state)

    def _desk(self, may_go_on: Callable[[], bool]) -> Desk:
        settings = self._settings
        plan = stages(
            self._places(may_go_on), Times(settings.check_after, settings.check_patience, settings.export_days)
        )
        return Desk(self._cases, plan, finished, now=_now, may_go_on=may_go_on, longest_wait=settings.longest_wait)

    def _places(self, may_go_on: Callable[[], bool]) -> Places:
        settings = self._settings
        return Places(
            people=people_of(settings),
            traces=Traces(settings.traces_table, keys_of(settings)),
            archive=Archive(settings.archive_bucket),
            quarantine=Quarantine(settings.quarantine_table),
            orders=ForgettableOrders(self._book, Subjects(settings.order_book_table), CONTACT),
            confirmed=ToldTable(settings.identity_table, keys_of(settings)),
            observed=ObservedTable(settings.identity_table, keys_of(settings)),
            consent=ConsentOfPeople(ledger_of(settings), deciding_now(settings)),
            records=Records(settings.identity_table),
            hubspot=self.hubspot,
            klaviyo=self._klaviyo,
            contact_kind=next(
                record_kind(store) for store in configured_stores().values() if store.source == "hubspot"
            ),
            address_of=address_of,
            keyed=keys_of(settings).key,
            archive_days=settings.archive_days,
            pages=pages_of_shops(),
            now=_now,
            may_go_on=may_go_on,
        )

    def hubspot(self) -> HubSpotContacts | None:
        """HubSpot's contacts, None while HubSpot is not live."""
        settings = self._settings
        return HubSpotContacts(hubspot(settings, self._tokens("hubspot"))) if settings.hubspot_mode == "live" else None

    def _klaviyo(self) -> KlaviyoProfiles | None:
        settings = self._settings
        return KlaviyoProfiles(klaviyo(settings, self._tokens("klaviyo"))) if settings.klaviyo_mode == "live" else None

    def _tokens(self, vendor: str) -> Mapping[str, str]:
        tokens: Mapping[str, str] = cached_secret(self._settings.vendor_tokens_id).value()
        if not tokens.get(vendor):
            raise PausedError(f"{vendor} is live and has no token", retry_after=NO_TOKEN_WAIT)
        return tokens


def _named(request: PrivacyRequest) -> Sequence[Identifier]:
    """The identifiers that a request names, in their normal form."""
    store = configured_stores()[request.source, request.store]
    return identifiers_of(request.person, store, policy_of(identity_rules())) if request.person else ()


def _now() -> datetime:
    return datetime.now(UTC)
