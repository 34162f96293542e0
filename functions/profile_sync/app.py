"""profile_sync: carries what HubSpot knows of a contact to Klaviyo, for people whom a store has met.

When an order changes, it tells HubSpot what its buyer's orders come to. It keeps what owners observe of people
(advanced.toml) and tells both: the newest wins whatever the order, what is kept already changes nothing, and a value
that ends is taken back on its day, by a due row.

A second or late delivery is harmless: a change is only a hint to read the contact again, and what Klaviyo is known to
have already is not written again. Contacts that no store has met make no Klaviyo profile (Klaviyo bills profiles).
What must wait becomes a due row, and its message is acknowledged; while an operator has stopped everything, all of it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any
from uuid import uuid4

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from commerce_sync.aws.confirmed import ConfirmedProfiles
from commerce_sync.aws.control import Control
from commerce_sync.aws.order_book_table import OrderBookTable
from commerce_sync.aws.secrets import cached_secret
from commerce_sync.composing.clients import hubspot, klaviyo
from commerce_sync.composing.identity import keys_of, resolver_of
from commerce_sync.composing.observing import observing_of
from commerce_sync.composing.order_totals import TotalsOfPerson, hubspot_values, person_totals
from commerce_sync.composing.stopping import Stop
from commerce_sync.config.fields import mapped_fields
from commerce_sync.config.stores import configured_stores
from commerce_sync.contracts import CanonicalEvent, DueWork, Promise, Store, parse_event_message
from commerce_sync.contracts.waiting import Patience, parked
from commerce_sync.delivery.promises import Lease
from commerce_sync.errors import PausedError, PermanentError, RetriableError
from commerce_sync.identity.contacts import PROPERTIES, ContactPeople
from commerce_sync.observability import count, named_failures
from commerce_sync.profiles.observed import as_text
from commerce_sync.profiles.observing import Observing
from commerce_sync.profiles.returning import is_about_observed, key_of, looked, promised
from commerce_sync.profiles.syncing import ProfileSync
from commerce_sync.profiles.waiting import TOTALS_ROW, contact_of, deferred, settled
from commerce_sync.settings import settings_for
from commerce_sync.settings.workers import ProfileSyncSettings
from commerce_sync.vendors.hubspot import HubSpotConsentProperties, HubSpotContacts
from commerce_sync.vendors.klaviyo import KlaviyoProfiles

LAST_CALL_MILLISECONDS = 25_000
NO_TOKEN_WAIT = 300.0


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Sync the contacts that a batch of changes names. Only messages that could not be read come back."""
    settings, now = settings_for(ProfileSyncSettings), datetime.now(UTC)
    lease = Lease.starting(uuid4().hex, now, settings.lease)
    contact_ids: dict[str, None] = {}
    owned: list[Promise] = []
    values: list[CanonicalEvent] = []

    def take(record: SQSRecord) -> None:
        message = parse_event_message(record.body)
        if isinstance(message, DueWork):
            owned.extend(_book().take_over(message.rows, lease.claim, lease.until))
        else:
            values.extend(event for event in message.events if event.name == "property_observed")
            people = (event.person for event in message.events if event.person)
            contact_ids.update({person.hubspot_contact_id: None for person in people if person.hubspot_contact_id})

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    response = process_partial_response(
        event=event, record_handler=named_failures(take), processor=processor, context=context
    )

    def may_go_on() -> bool:
        return bool(context.get_remaining_time_in_millis() > LAST_CALL_MILLISECONDS)

    patience = Patience(settings.first_retry, settings.longest_retry, order_patience=0.0)
    contacts = [promise for promise in owned if not is_about_observed(promise) and promise.row != TOTALS_ROW]
    counts = _observe(values, [one for one in owned if is_about_observed(one)], now, may_go_on, patience)
    counts += _sync_contacts(contact_ids, contacts, now, may_go_on, patience)
    counts += _tell_totals([one for one in owned if one.row == TOTALS_ROW], now, patience)
    for metric, number in counts.items():
        count(metric, number)
    return dict(response)


def _observe(
    events: Iterable[CanonicalEvent],
    owned: Sequence[Promise],
    now: datetime,
    may_go_on: Callable[[], bool],
    patience: Patience,
) -> Counter[str]:
    """Keep what is observed and tell it, and look again at those whose time has come."""
    events = list(events)
    if not events and not owned:
        return Counter()
    observing, counts = _observing(now), Counter[str]()
    keys = observing.keep(events, counts)
    kept = observing.run(list(dict.fromkeys([*map(key_of, owned), *keys])), may_go_on)
    for promise in owned:
        after = looked(promise, kept, now, patience)
        _book().settle(promise, after)
        counts["ParkedPromises"] += after.status == "parked"
    looks = (looked(promised(key, now), kept, now, patience) for key in set(keys) - set(map(key_of, owned)))
    for look in looks:
        if look.due_at is not None:
            _book().defer(look)
    return counts + kept.counts


def _sync_contacts(
    contact_ids: Iterable[str],
    owned: Sequence[Promise],
    now: datetime,
    may_go_on: Callable[[], bool],
    patience: Patience,
) -> Counter[str]:
    """Sync the contacts that changed, and those that waited."""
    outcome = _sync().run(list(dict.fromkeys([*contact_ids, *map(contact_of, owned)])), may_go_on)
    for contact_id in set(outcome.waiting) - set(map(contact_of, owned)):
        _book().defer(deferred(contact_id, now, outcome.waiting[contact_id], patience))
    for promise in owned:
        after = settled(promise, now, outcome.waiting.get(contact_of(promise)), patience)
        _book().settle(promise, after)
        outcome.counts["ParkedPromises"] += after.status == "parked"
    return outcome.counts


def _tell_totals(owned: Sequence[Promise], now: datetime, patience: Patience) -> Counter[str]:
    """Tell HubSpot what orders come to. One whose rate is not there yet is looked at again, and nothing is guessed."""
    settings = settings_for(ProfileSyncSettings)
    if not owned:
        return Counter()
    totals = person_totals(settings, now).of([one.subject for one in owned])
    wanted = {email: values for one in totals.values() for email in one.emails if (values := hubspot_values(one))}
    late: dict[str, RetriableError] = {}
    refused: dict[str, PermanentError] = {}
    try:
        if settings.hubspot_mode != "live":
            raise PausedError("the destination is not live", retry_after=patience.longest_retry)  # waits
        if wanted:
            contacts = HubSpotConsentProperties(hubspot(settings, {"hubspot": _token("hubspot")}))
            verdicts = contacts.write_by_email({email: as_text(values) for email, values in wanted.items()})
            late = {one.address: one.retriable for one in verdicts if one.retriable}
            refused = {one.address: one.refused for one in verdicts if one.refused}
    except RetriableError as error:
        late = dict.fromkeys(wanted, error)
    for promise in owned:
        found = totals.get(promise.subject, TotalsOfPerson())
        held = RetriableError(found.held.reason, retry_after=patience.longest_retry) if found.held else None
        later = held or next((late[email] for email in found.emails if email in late), None)
        why = next((str(refused[email]) for email in found.emails if email in refused), "")
        _book().settle(promise, parked(promise, why) if why else settled(promise, now, later, patience))
    return Counter(ToldTotals=len(wanted) - len(late) - len(refused), ParkedPromises=len(refused))


def _observing(now: datetime) -> Observing:
    settings = settings_for(ProfileSyncSettings)
    return observing_of(
        settings,
        lambda: KlaviyoProfiles(klaviyo(settings, {"klaviyo": _token("klaviyo")})),
        lambda: HubSpotConsentProperties(hubspot(settings, {"hubspot": _token("hubspot")})),
        now,
    )


def _sync() -> ProfileSync:
    settings = settings_for(ProfileSyncSettings)
    return ProfileSync(
        live=settings.klaviyo_mode == "live",
        fields=[one for one in mapped_fields() if one.transform == "as_is" and not one.is_worked_out],
        contacts=lambda: HubSpotContacts(hubspot(settings, {"hubspot": _token("hubspot")})),
        klaviyo=lambda: KlaviyoProfiles(klaviyo(settings, {"klaviyo": _token("klaviyo")})),
        identities=ContactPeople(resolver_of(settings), _portal(), partial(count, "RefusedMerges", source="hubspot")),
        confirmed=ConfirmedProfiles(settings.identity_table, keys_of(settings)),
        identity_properties=PROPERTIES,
    )


def _portal() -> Store:
    return next(store for (source, _), store in configured_stores().items() if source == "hubspot")


def _token(vendor: str) -> str:
    _stop().require_unset()
    tokens = cached_secret(settings_for(ProfileSyncSettings).vendor_tokens_id).value()
    if not tokens.get(vendor):
        raise PausedError(f"{vendor} is live and has no token", retry_after=NO_TOKEN_WAIT)
    return str(tokens[vendor])


@cache
def _stop() -> Stop:
    return Stop(Control(settings_for(ProfileSyncSettings).control_table))


@cache
def _book() -> OrderBookTable:
    return OrderBookTable(settings_for(ProfileSyncSettings).order_book_table)
