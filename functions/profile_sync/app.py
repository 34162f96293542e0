"""profile_sync: carries what HubSpot knows of a contact to Klaviyo, for people whom a store has met.

A second or late delivery is harmless: a change is only a hint to read the contact again, and what Klaviyo is known to
have already is not written again. Contacts that no store has met make no Klaviyo profile (Klaviyo bills profiles).
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from commerce_sync.aws.confirmed import ConfirmedProfiles
from commerce_sync.aws.identity_table import IdentityTable
from commerce_sync.aws.secrets import cached_secret
from commerce_sync.config.fields import mapped_fields
from commerce_sync.contracts import DeliveredFacts
from commerce_sync.errors import PermanentError
from commerce_sync.identity import normalize_email
from commerce_sync.observability import count, log
from commerce_sync.profiles.klaviyo_profile import KlaviyoProfile, klaviyo_profile
from commerce_sync.settings import settings_for
from commerce_sync.settings.workers import ProfileSyncSettings
from commerce_sync.vendors.factory import hubspot, klaviyo
from commerce_sync.vendors.hubspot import HubSpotContacts
from commerce_sync.vendors.klaviyo import KlaviyoProfiles


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Sync the contacts that a batch of changes names. Only messages that could not be read come back."""
    contact_ids: dict[str, None] = {}
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    response = process_partial_response(
        event=event,
        record_handler=lambda record: contact_ids.update(dict.fromkeys(_contact_ids(record.body))),
        processor=processor,
        context=context,
    )
    _sync(list(contact_ids))
    return dict(response)


def _contact_ids(body: str) -> Iterator[str]:
    for event in DeliveredFacts.parse(body).events:
        if event.person and event.person.hubspot_contact_id:
            yield event.person.hubspot_contact_id


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
