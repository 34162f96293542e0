"""change_polling: finds changes of consent at Klaviyo and HubSpot that no webhook told of.

A second or late run is harmless: what was said is said again with the same ids, and a cursor moves only past what is on
its queue. Where the vendor asks to wait or time runs short, the next run goes on from there. A first run begins now:
what was before is the baseline's business.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

from commerce_sync.aws.control import Control
from commerce_sync.aws.secrets import cached_secret
from commerce_sync.composing.consent_saying import Saying, SetAside, account_of
from commerce_sync.composing.polling_hubspot import hubspot_sources
from commerce_sync.composing.polling_hubspot_forms import form_sources
from commerce_sync.composing.polling_klaviyo import klaviyo_sources
from commerce_sync.config.consent import consent_policy
from commerce_sync.errors import ConfigurationError, RetriableError
from commerce_sync.observability import count, log
from commerce_sync.polling.walking import Source, walk
from commerce_sync.settings import settings_for
from commerce_sync.settings.consent import PollingSettings
from commerce_sync.vendors.factory import hubspot, klaviyo

LAST_CALL_MILLISECONDS = 20_000
Began = tuple[Source, datetime | None]


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Read on from every cursor of the source that the schedule names.

    Sources are read one after the other, and one that fails stops none of the others.

    :raises RetriableError: one did fail. Its cursor stands where it was, and the next run goes on.
    """
    settings, vendor = settings_for(PollingSettings), str(event.get("source", ""))
    if vendor not in {"klaviyo", "hubspot"}:
        raise ConfigurationError("the schedule names no source that is polled")
    tokens = cached_secret(settings.vendor_tokens_id).value()
    if not tokens.get(vendor):
        return {"source": vendor, "skipped": "no token"}
    control = Control(settings.control_table)
    told: dict[str, dict[str, Any]] = {}
    failures: list[RetriableError] = []
    for source, begins in _sources(vendor, settings, tokens, control):
        try:
            walked = walk(source, control, _now, lambda: _has_time(context), begins)
        except RetriableError as error:
            failures.append(error)
            log("a source was not read", source=source.name, reason=str(error))
            continue
        told[source.name] = {"ended": walked.ended, "said": walked.said, "through": walked.through.isoformat()}
        if walked.is_first:
            log("a source is read for the first time, from now on", source=source.name)
        if walked.said:
            count("PolledChanges", walked.said, source=vendor)
    if failures:
        count("SourcesNotRead", len(failures), source=vendor)
        raise failures[0]
    return {"source": vendor, "sources": told}


def _sources(vendor: str, settings: PollingSettings, tokens: dict[str, Any], control: Control) -> Iterable[Began]:
    overlap = timedelta(seconds=settings.overlap)
    aside = SetAside(control, vendor, _now)
    saying = Saying(account_of(vendor), settings.opt_outs_queue_url, settings.opt_ins_queue_url, _now, aside)
    if vendor == "klaviyo":
        return klaviyo_sources(klaviyo(settings, tokens), control, overlap, _now(), saying)
    client, policy, account = hubspot(settings, tokens), consent_policy(), account_of(vendor)
    forms = form_sources(client, overlap, saying, policy=policy, store=account.id)
    return chain(
        hubspot_sources(client, control, overlap, _now(), saying, policy=policy), ((form, None) for form in forms)
    )


def _has_time(context: Any) -> bool:
    return bool(context.get_remaining_time_in_millis() > LAST_CALL_MILLISECONDS)


def _now() -> datetime:
    return datetime.now(UTC)
