"""What each schedule of change_polling reads."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any, Final

from commerce_sync.aws.control import Control
from commerce_sync.composing.clients import hubspot, klaviyo
from commerce_sync.composing.consent_saying import Saying, SetAside, account_of
from commerce_sync.composing.hints import Hints
from commerce_sync.composing.polling_customers import customer_sources
from commerce_sync.composing.polling_drift import drift_source
from commerce_sync.composing.polling_hubspot import hubspot_sources
from commerce_sync.composing.polling_hubspot_forms import form_sources
from commerce_sync.composing.polling_klaviyo import klaviyo_sources
from commerce_sync.composing.polling_lists import KeptLists, member_sources
from commerce_sync.composing.polling_owners import owner_sources
from commerce_sync.composing.polling_records import record_sources
from commerce_sync.composing.polling_stores import POLLED, store_sources
from commerce_sync.composing.polling_subscriptions import subscription_sources
from commerce_sync.config.consent import consent_policy
from commerce_sync.config.fields import field_map
from commerce_sync.polling.walking import Source
from commerce_sync.settings.consent import PollingSettings
from commerce_sync.vendors.hubspot import HubSpot
from commerce_sync.vendors.hubspot.lists import HubSpotLists

OPT_OUTS: Final = "urgent"
"""Consent is read from the share of calls that opt-outs have: one that is not heard of is not passed on either."""
OF_ACCOUNTS: Final = frozenset({"klaviyo", "klaviyo:records", "hubspot", "hubspot:records"})
Began = tuple[Source, datetime | None]


def is_schedule(schedule: str) -> bool:
    """Whether anything is read by a schedule of this name."""
    return schedule in OF_ACCOUNTS or schedule in POLLED


def sources_of(schedule: str, settings: PollingSettings, tokens: dict[str, Any], control: Control) -> Iterable[Began]:
    """The sources of a schedule, each with when it begins where it was never read."""
    if schedule == "recharge":
        return ((source, None) for source in subscription_sources(settings, tokens, control, _now))
    if schedule in POLLED:
        asked = settings, tokens, control, schedule, _now
        sold: Iterable[Source] = chain[Source](store_sources(*asked), customer_sources(*asked))
        return ((source, None) for source in sold)
    overlap = timedelta(seconds=settings.overlap)
    if schedule == "klaviyo:records":
        return [(drift_source(settings, klaviyo(settings, tokens), control, _now), None)]
    if schedule == "hubspot:records":
        return _records(settings, hubspot(settings, tokens), control, overlap)
    aside = SetAside(control, schedule, _now)
    saying = Saying(account_of(schedule), settings.opt_outs_queue_url, settings.opt_ins_queue_url, _now, aside)
    if schedule == "klaviyo":
        return klaviyo_sources(klaviyo(settings, tokens, OPT_OUTS), control, overlap, _now(), saying)
    client, policy, account = hubspot(settings, tokens, OPT_OUTS), consent_policy(), account_of(schedule)
    forms = form_sources(client, overlap, saying, policy=policy, store=account.id)
    return chain(
        hubspot_sources(client, control, overlap, _now(), saying, policy=policy), ((form, None) for form in forms)
    )


def _records(settings: PollingSettings, client: HubSpot, control: Control, overlap: timedelta) -> Iterator[Began]:
    """HubSpot's records, then its owners and the contacts of those that changed, then the members of lists."""
    hints = Hints(account_of("hubspot"), settings.profile_changes_queue_url, _now)
    yield from ((source, None) for source in record_sources(client, overlap, hints))
    yield from owner_sources(client, control, overlap, hints, _now)
    members = member_sources(HubSpotLists(client), KeptLists(control, field_map().lists), overlap, _now(), hints)
    yield from ((source, None) for source in members)


def _now() -> datetime:
    return datetime.now(UTC)
