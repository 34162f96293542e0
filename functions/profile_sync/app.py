"""profile_sync: tells Klaviyo and HubSpot what they shall have of people: only what differs from what they have.

A message is a hint to look at somebody: a contact that changed, something that an owner observed, a row that is due.
What is to be told is gathered and written at once for each address, one by one or, from some number on, by bulk import,
whose end is a due row too.

A second or late delivery is harmless: a hint is only a hint, what is observed is kept by its own time, and what a
destination is known to have already is not written again. Only buyers, subscribers and contacts on a selected list
make Klaviyo profiles (Klaviyo bills them). What must wait becomes a due row, and its message is acknowledged; while an
operator has stopped everything, all of it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import uuid4

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from commerce_sync.aws.control import Control
from commerce_sync.aws.order_book_table import OrderBookTable
from commerce_sync.aws.secrets import cached_secret
from commerce_sync.composing.clients import hubspot, klaviyo
from commerce_sync.composing.stopping import Stop
from commerce_sync.composing.telling import Batch, Vendors
from commerce_sync.contracts import CanonicalEvent, DueWork, Promise, parse_event_message
from commerce_sync.contracts.waiting import Patience
from commerce_sync.delivery.promises import Lease
from commerce_sync.errors import PausedError
from commerce_sync.observability import count, named_failures
from commerce_sync.profiles import looks
from commerce_sync.profiles.settling import conclude, settle_imports
from commerce_sync.settings import settings_for
from commerce_sync.settings.workers import ProfileSyncSettings
from commerce_sync.vendors.http import VendorHttp
from commerce_sync.vendors.hubspot import HubSpot

LAST_CALL_MILLISECONDS = 25_000
NO_TOKEN_WAIT = 300.0


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Look at everybody whom a batch of messages hints at. Only messages that could not be read come back."""
    settings, now = settings_for(ProfileSyncSettings), datetime.now(UTC)
    lease = Lease.starting(uuid4().hex, now, settings.lease)
    hints: dict[str, None] = {}
    owned: list[Promise] = []
    observed: list[CanonicalEvent] = []

    def take(record: SQSRecord) -> None:
        message = parse_event_message(record.body)
        if isinstance(message, DueWork):
            owned.extend(_book().take_over(message.rows, lease.claim, lease.until))
        else:
            observed.extend(event for event in message.events if event.name == "property_observed")
            people = (event.person for event in message.events if event.person)
            ids = (person.hubspot_contact_id for person in people if person.hubspot_contact_id)
            hints.update({f"{looks.CONTACT}{contact_id}": None for contact_id in ids})

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    response = process_partial_response(
        event=event, record_handler=named_failures(take), processor=processor, context=context
    )
    for metric, number in _look(hints, observed, owned, now, context.get_remaining_time_in_millis).items():
        count(metric, number)
    return dict(response)


def _look(
    hints: Iterable[str],
    observed: Sequence[CanonicalEvent],
    owned: Sequence[Promise],
    now: datetime,
    milliseconds_left: Callable[[], int],
) -> Counter[str]:
    """Keep what was observed, look at everybody, and write down who must be looked at again."""
    settings = settings_for(ProfileSyncSettings)
    patience = Patience(settings.first_retry, settings.longest_retry, order_patience=0.0)
    counts, vendors = Counter[str](), Vendors(_klaviyo, _hubspot)
    batch = Batch(settings, vendors, lambda: milliseconds_left() > LAST_CALL_MILLISECONDS)
    imports = [one for one in owned if one.row == looks.IMPORT_ROW]
    people = [one for one in owned if one.row != looks.IMPORT_ROW]
    counts += settle_imports(imports, batch.imports(now), _book(), now=now, patience=patience) if imports else Counter()
    source = batch.observed(now)
    kept = source.keep(observed, counts) if observed else []
    subjects = dict.fromkeys([*hints, *kept, *(one.subject for one in people)])
    if subjects:
        again = [one.subject for one in people if one.row == looks.REFUSED_ROW]
        outcome = batch.sync(source).run(subjects, again)
        counts += outcome.counts + conclude(list(subjects), people, outcome, _book(), now=now, patience=patience)
    return counts


def _klaviyo() -> VendorHttp:
    return _klaviyo_session(_token("klaviyo"))


def _hubspot() -> HubSpot:
    return _hubspot_session(_token("hubspot"))


@cache
def _klaviyo_session(token: str) -> VendorHttp:
    return klaviyo(settings_for(ProfileSyncSettings), {"klaviyo": token})


@cache
def _hubspot_session(token: str) -> HubSpot:
    """Kept from batch to batch: what it read of owners and stages is known for some minutes."""
    return hubspot(settings_for(ProfileSyncSettings), {"hubspot": token})


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
