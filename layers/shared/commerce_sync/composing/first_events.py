"""Klaviyo's metrics before the first event of each: which there are, and making those that are missing."""

from collections.abc import Callable, Mapping, Sequence

from commerce_sync.config.events import events_rules
from commerce_sync.config.natives import native_apps
from commerce_sync.operating.first_events import Metrics, metrics_of
from commerce_sync.vendors.http import VendorHttp
from commerce_sync.vendors.klaviyo.events import METRICS
from commerce_sync.vendors.klaviyo.first_events import KlaviyoFirstEvents
from commerce_sync.vendors.klaviyo.natives import NOT_APPS
from commerce_sync.vendors.klaviyo.polling import KlaviyoPolling


def metrics_at(http: VendorHttp) -> Metrics:
    """What the account has of the metrics of events that we deliver, of any store."""
    return metrics_of(_delivered(), KlaviyoPolling(http).metrics(), not_apps=NOT_APPS)


def make_metrics(http: VendorHttp, metrics: Metrics, made: Callable[[str], None]) -> None:
    """Make those that are missing; ``made`` hears each name. A second time Klaviyo knows the events, and keeps none."""
    events = KlaviyoFirstEvents(http)
    for name in metrics.missing:
        events.send(name)
        made(name)


def _delivered() -> Mapping[str, Sequence[str]]:
    """Our metrics of what events.toml has us deliver, each with what stores' apps call the same."""
    stores = events_rules().values()
    return {
        metric: [name for app in native_apps().values() for name in app.metrics.get(event, ())]
        for event, metric in METRICS.items()
        if any(rules.to_klaviyo(event) == "deliver" for rules in stores)
    }
