"""change_polling: finds what no webhook told of: changes of consent at Klaviyo and HubSpot, orders at the stores.

A second or late run is harmless: what was said is said again with the same ids, and a cursor moves only past what is on
its queue. Where the vendor asks to wait or time runs short, the next run goes on from there. A first run begins now:
what was before is the baseline's business, and history's.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from commerce_sync.aws.control import Control
from commerce_sync.aws.secrets import cached_secret
from commerce_sync.composing.polling_customers import CustomerSource
from commerce_sync.composing.polling_lists import MemberSource
from commerce_sync.composing.polling_orders import OrderSource
from commerce_sync.composing.polling_owners import OwnerSource
from commerce_sync.composing.polling_records import ContactSource, TiedSource
from commerce_sync.composing.polling_sources import is_schedule, sources_of
from commerce_sync.composing.polling_stores import note_poll, webhooks_on_again
from commerce_sync.composing.polling_subscriptions import SubscriptionSource
from commerce_sync.errors import (
    CommerceSyncError,
    ConfigurationError,
    NotAllowedError,
    PermanentError,
    RetriableError,
)
from commerce_sync.observability import count, log
from commerce_sync.polling.showing import RUN, failed, noted, told_of
from commerce_sync.polling.walking import Source, Walked, walk
from commerce_sync.settings import settings_for
from commerce_sync.settings.consent import PollingSettings

LAST_CALL_MILLISECONDS = 20_000
StoreSource = OrderSource | SubscriptionSource
UNASKED = (ContactSource, TiedSource, OwnerSource, MemberSource, CustomerSource)
"""What an account may do without: a scope that is missing is said in ``status``, and nothing fails."""


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Read on from every cursor of the source that the schedule names; ``read`` says which of a vendor's two.

    Sources are read one after the other, and one that fails stops none of the others.

    :raises CommerceSyncError: one did fail. Its cursor stands where it was, and the next run goes on.
    """
    settings, vendor = settings_for(PollingSettings), str(event.get("source", ""))
    schedule = f"{vendor}:{event['read']}" if "read" in event else vendor
    if not is_schedule(schedule):
        raise ConfigurationError("the schedule names no source that is polled")
    tokens = cached_secret(settings.vendor_tokens_id).value()
    if not tokens.get(vendor):
        return {"source": vendor, "skipped": "no token"}
    control = Control(settings.control_table)
    answer: dict[str, Any] = {"source": vendor, "sources": {}}
    if vendor == "woocommerce":
        answer["webhooks"] = webhooks_on_again(settings, tokens)
    runs: dict[str, Mapping[str, Any]] = {}
    failures: list[CommerceSyncError] = []
    for source, begins in sources_of(schedule, settings, tokens, control):
        try:
            walked = walk(source, control, _now, _budget(settings, source, context), begins)
        except (PermanentError, RetriableError) as error:
            runs[source.name] = _refused(source, error, failures)
            continue
        answer["sources"][source.name] = _told(source, walked, vendor)
        runs[source.name] = told_of(walked, _now())
        if isinstance(source, StoreSource) and walked.ended == "done":
            note_poll(control, source.store, _now())
    control.change(RUN + schedule, lambda known: noted(known, runs, _now()))
    if failures:
        count("SourcesNotRead", len(failures), source=vendor)
        raise failures[0]
    return answer


def _refused(
    source: Source, error: PermanentError | RetriableError, failures: list[CommerceSyncError]
) -> Mapping[str, Any]:
    """A source that was not read: a failure, unless the account may do without it."""
    log("a source was not read", source=source.name, reason=str(error))
    if isinstance(error, NotAllowedError) and isinstance(source, UNASKED):
        return failed("not_allowed", str(error), _now(), error.scopes)
    failures.append(error)
    return failed("failed", str(error), _now())


def _told(source: Source, walked: Walked, vendor: str) -> dict[str, Any]:
    if walked.is_first:
        log("a source is read for the first time, from now on", source=source.name)
    if walked.said:
        count("PolledChanges", walked.said, source=vendor)
    return {"ended": walked.ended, "said": walked.said, "through": walked.through.isoformat()}


def _budget(settings: PollingSettings, source: Source, context: Any) -> Callable[[], bool]:
    """Whether there is time for another page; of a store also whether its share of calls is not used up."""
    pages = iter(range(settings.most_pages))
    is_store = isinstance(source, StoreSource | CustomerSource)
    return lambda: _has_time(context) and (not is_store or next(pages, None) is not None)


def _has_time(context: Any) -> bool:
    return bool(context.get_remaining_time_in_millis() > LAST_CALL_MILLISECONDS)


def _now() -> datetime:
    return datetime.now(UTC)
