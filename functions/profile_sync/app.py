"""profile_sync: carries what HubSpot knows of a contact to Klaviyo, for people whom a store has met.

A second or late delivery is harmless: a change is only a hint to read the contact again, and what Klaviyo is known to
have already is not written again. Contacts that no store has met make no Klaviyo profile (Klaviyo bills profiles).
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from commerce_sync.aws.confirmed import ConfirmedProfiles
from commerce_sync.aws.identity_table import IdentityTable
from commerce_sync.aws.order_book_table import OrderBookTable
from commerce_sync.aws.secrets import cached_secret
from commerce_sync.config.fields import mapped_fields
from commerce_sync.contracts import DeliveredFacts, DueWork, Promise, parse_event_message
from commerce_sync.delivery.settling import Patience, delivered, retried
from commerce_sync.errors import PermanentError, RetriableError
from commerce_sync.identity import normalize_email
from commerce_sync.observability import count, log
from commerce_sync.profiles.klaviyo_profile import KlaviyoProfile, klaviyo_profile
from commerce_sync.profiles.waiting import contact_of, deferred
from commerce_sync.settings import settings_for
from commerce_sync.settings.workers import ProfileSyncSettings
from commerce_sync.vendors.factory import hubspot, klaviyo
from commerce_sync.vendors.hubspot import HubSpotContacts
from commerce_sync.vendors.klaviyo import KlaviyoProfiles


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Sync the contacts that a batch of changes names. Only messages that could not be read come back."""
    contact_ids: dict[str, None] = {}
    owned: list[Promise] = []

    def take(record: SQSRecord) -> None:
        message = parse_event_message(record.body)
        if isinstance(message, DueWork):
            owned.extend(_book().load(message.rows))
        else:
            contact_ids.update(dict.fromkeys(_contact_ids(message)))

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    response = process_partial_response(event=event, record_handler=take, processor=processor, context=context)
    _sync_or_wait(list(contact_ids), owned)
    return dict(response)


def _contact_ids(facts: DeliveredFacts) -> Iterator[str]:
    for event in facts.events:
        if event.person and event.person.hubspot_contact_id:
            yield event.person.hubspot_contact_id


def _sync_or_wait(contact_ids: list[str], owned: list[Promise]) -> None:
    """Sync all; where a vendor asks us to wait, write down who waits, and acknowledge."""
    settings, now = settings_for(ProfileSyncSettings), datetime.now(UTC)
    patience = Patience(settings.first_retry, settings.longest_retry, order_patience=0.0)
    try:
        _sync(list(dict.fromkeys([*contact_ids, *map(contact_of, owned)])))
    except RetriableError as error:
        wait = settings.first_retry if error.retry_after is None else error.retry_after
        for contact_id in contact_ids:
            _book().defer(deferred(contact_id, now, wait, str(error)))
        for promise in owned:
            _book().settle(promise, retried(promise, now, patience, str(error), error.retry_after))
    else:
        for promise in owned:
            _book().settle(promise, delivered(promise))


def _sync(contact_ids: list[str]) -> None:
    settings = settings_for(ProfileSyncSettings)
    tokens = cached_secret(settings.vendor_tokens_id).value()
    fields = mapped_fields()
    wanted = ["email", *(field.source for field in fields)]
    contacts = HubSpotContacts(hubspot(settings, tokens)).read(contact_ids, wanted) if contact_ids else []
    by_email = {normalize_email(contact["properties"].get("email") or ""): contact for contact in contacts}
    profiles = [klaviyo_profile(email, c["properties"], fields) for email, c in by_email.items() if email]
    news = _confirmed().without_known(_met_by_a_store(profiles))
    destination = KlaviyoProfiles(klaviyo(settings, tokens))
    for profile in news:
        _write(profile, destination, live=settings.klaviyo_mode == "live")


def _met_by_a_store(profiles: list[KlaviyoProfile]) -> list[KlaviyoProfile]:
    known = _identities().profiles_of([("email", profile.email) for profile in profiles]) if profiles else {}
    return [profile for profile in profiles if ("email", profile.email) in known]


def _write(profile: KlaviyoProfile, destination: KlaviyoProfiles, *, live: bool) -> None:
    if not live:
        count("ObservedProfiles")
        return
    try:
        destination.upsert(profile.email, profile.attributes, profile.properties)
    except PermanentError as error:
        log("klaviyo refused a profile", reason=str(error))
        count("RefusedProfiles")
        return
    _confirmed().confirm(profile.email, profile.digest)


@cache
def _identities() -> IdentityTable:
    return IdentityTable(settings_for(ProfileSyncSettings).identity_table)


@cache
def _confirmed() -> ConfirmedProfiles:
    return ConfirmedProfiles(settings_for(ProfileSyncSettings).identity_table)


@cache
def _book() -> OrderBookTable:
    return OrderBookTable(settings_for(ProfileSyncSettings).order_book_table)
