"""What is read of Klaviyo without webhooks: events of its consent metrics, suppressions, and profiles that changed.

Events tell of acts at once. Profiles are the complete path: whatever happened, they show how it stands.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from commerce_sync.aws.control import Control
from commerce_sync.composing.klaviyo_shown import ListNamed, open_by, shown_by, with_list_named
from commerce_sync.config.consent import consent_policy
from commerce_sync.consent.klaviyo_events import INTEGRATION, METRICS, NEEDED, addresses_of, of_event
from commerce_sync.consent.klaviyo_facts import of_profile
from commerce_sync.consent.naming import named_by
from commerce_sync.contracts.consent import Channel, ConsentStatement
from commerce_sync.errors import RefusedByVendorError, RetriableError
from commerce_sync.polling.cursors import Rule, Sighting, Window
from commerce_sync.polling.walking import Source
from commerce_sync.profiles.bisecting import BLAMES_THE_BODY, sent
from commerce_sync.vendors.http import VendorHttp
from commerce_sync.vendors.klaviyo import KlaviyoPolling, KlaviyoSubscriptions
from commerce_sync.vendors.klaviyo.in_order import updated_at
from commerce_sync.vendors.klaviyo.polling import MetricEvent
from commerce_sync.vendors.klaviyo.subscriptions import Subscription, subscription_of

NAMES: Final = "cursor#klaviyo#names"
NAMES_LAST: Final = timedelta(days=1)
WIDE: Final = timedelta(days=2)
WIDE_EVERY: Final = timedelta(days=1)
Say = Callable[[Sequence[ConsentStatement]], None]


@dataclass(frozen=True)
class MetricSource:
    """The events of one metric."""

    name: str
    metric: str
    metric_id: str
    rule: Rule
    polling: KlaviyoPolling
    subscriptions: KlaviyoSubscriptions
    list_named: ListNamed
    tell: Say

    def page(self, window: Window) -> tuple[Sequence[Sighting], str | None]:
        """Events in the order of their times."""
        events, following = self.polling.events(self.metric_id, window.start, window.page)
        return [Sighting(one.event_id, one.occurred_at, one) for one in events], following

    def say(self, fresh: Sequence[Sighting]) -> None:
        """What the events say, and what their profiles show where an event does not say all."""
        events, channel = [one.what for one in fresh], METRICS[self.metric].channel
        said = [one for event in events if (one := of_event(self.metric, event, self.list_named)) is not None]
        if METRICS[self.metric].shows_profile:
            for address, shown in self._shown(events, channel).items():
                said += map(self._named, of_profile(address, channel, shown))
        self.tell(said)

    def _shown(self, events: Sequence[MetricEvent], channel: Channel) -> Mapping[str, Subscription]:
        """What profiles show, by address; by id those of an address that Klaviyo takes for none: old phone numbers."""
        found: dict[str, Subscription] = {}
        addresses = list(dict.fromkeys(address for event in events for address in addresses_of(event, channel)))
        errors = sent(addresses, lambda some: found.update(self.subscriptions.subscriptions(some, channel)))
        for error in errors.values():
            if not isinstance(error, RefusedByVendorError) or error.status not in BLAMES_THE_BODY:
                raise error
        odd = {addresses[at] for at in errors}
        ids = [event.profile_id for event in events if event.profile_id and odd & {*addresses_of(event, channel)}]
        return self.subscriptions.of_profiles(ids, channel) | found

    def _named(self, said: ConsentStatement) -> ConsentStatement:
        return with_list_named(said, self.list_named)


@dataclass(frozen=True)
class ProfileSource:
    """Profiles that changed, or were suppressed: ``read`` gives a page of those since a moment."""

    name: str
    rule: Rule
    read: Callable[[datetime, str | None], tuple[Sequence[Mapping[str, Any]], str | None]]
    time_of: Callable[[Mapping[str, Any]], datetime | None]
    list_named: ListNamed
    tell: Say

    def page(self, window: Window) -> tuple[Sequence[Sighting], str | None]:
        """Profiles in the order of the times at which they changed so."""
        profiles, following = self.read(window.start, window.page)
        return [self._sighting(one, window) for one in profiles], following

    def say(self, fresh: Sequence[Sighting]) -> None:
        """What the profiles show of each channel, and which of them stand open."""
        said = (said for one in fresh for said in shown_by(one.what, self.list_named, one.at))
        self.tell([*said, *(said for one in fresh for said in open_by(one.what, one.at))])

    def _sighting(self, profile: Mapping[str, Any], window: Window) -> Sighting:
        at = self.time_of(profile) or window.start
        shown = repr((at.isoformat(), (profile.get("attributes") or {}).get("subscriptions")))
        return Sighting(f"{profile['id']}@{sha256(shown.encode()).hexdigest()[:12]}", at, profile)


def klaviyo_sources(
    http: VendorHttp, control: Control, overlap: timedelta, now: datetime, tell: Say
) -> Iterator[tuple[Source, datetime | None]]:
    """Every source of Klaviyo's, opt-outs first, and from when it is read where it was never read before.

    A metric begins to exist with its first event, so one that is new is read from when it was not there yet.
    """
    polling, subscriptions = KlaviyoPolling(http), KlaviyoSubscriptions(http)
    names, looked_before = _names(polling, control, now)
    list_named = named_by(consent_policy(), "klaviyo", names["lists"])
    rule = Rule(overlap, wide=WIDE, wide_every=WIDE_EVERY)
    plain = Rule(overlap)
    of_metrics = [
        MetricSource(
            name=f"klaviyo#{metric_id}",
            metric=metric,
            metric_id=metric_id,
            rule=rule,
            polling=polling,
            subscriptions=subscriptions,
            list_named=list_named,
            tell=tell,
        )
        for metric in METRICS
        if (metric_id := names["metrics"].get(metric))
    ]
    urgent = [one for one in of_metrics if METRICS[one.metric].action == "withdraw"]
    yield from ((one, looked_before) for one in urgent)
    yield (
        ProfileSource("klaviyo#suppressed", plain, polling.suppressed_since, _suppressed_at, list_named, tell),
        None,
    )
    yield (
        ProfileSource("klaviyo#profiles", plain, polling.profiles_updated_since, updated_at, list_named, tell),
        None,
    )
    yield from ((one, looked_before) for one in of_metrics if one not in urgent)


def _names(polling: KlaviyoPolling, control: Control, now: datetime) -> tuple[Mapping[str, Any], datetime | None]:
    """Ids of the consent metrics and names of the lists, and when they were looked up before this time.

    Looked up daily, and each time while a metric that is needed is missing. Where Klaviyo does not answer, as known.
    """
    known, revision = control.read(NAMES)
    looked = datetime.fromisoformat(known["looked_at"]) if known else None
    is_whole = bool(known) and set(known["metrics"]) >= NEEDED
    if looked is not None and is_whole and now - looked < NAMES_LAST:
        return known, datetime.fromisoformat(known["before"]) if known["before"] else None
    is_daily = looked is None or now - datetime.fromisoformat(known["lists_at"]) >= NAMES_LAST
    try:
        metrics = polling.metrics()
        lists = {one.list_id: one.name for one in polling.lists()} if is_daily else known["lists"]
    except RetriableError:
        if not known:
            raise
        return known, looked
    found = {
        "metrics": {name: metrics[name, INTEGRATION] for name in METRICS if (name, INTEGRATION) in metrics},
        "lists": lists,
        "lists_at": now.isoformat() if is_daily else known["lists_at"],
        "looked_at": now.isoformat(),
        "before": looked.isoformat() if looked else "",
    }
    control.write(NAMES, found, revision)
    return found, looked


def _suppressed_at(profile: Mapping[str, Any]) -> datetime | None:
    times = (since for _, since in subscription_of(profile, "email").suppressions)
    return max((one for one in times if one), default=None)
