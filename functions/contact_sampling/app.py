"""contact_sampling: once a week, some contacts at random, compared field by field on every side. It reads, and reports.

A second run of one event is harmless: it is the same run, draws the same people, and writes its report anew. A vendor
that asks to wait fails the run, which is tried again. The log holds codes and counts, the report nobody's address.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from commerce_sync.aws.secrets import cached_secret
from commerce_sync.composing.sampling import sample
from commerce_sync.contracts.samples import SampleFigures
from commerce_sync.observability import count, log
from commerce_sync.sampling.reporting import run_id_of
from commerce_sync.settings import settings_for
from commerce_sync.settings.workers import SamplingSettings

LAST_CALL_MILLISECONDS = 60_000
VENDORS = ("hubspot", "klaviyo")


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Sample, as of the event's time; the figures. Without a vendor there is nothing to compare, which is said."""
    settings = settings_for(SamplingSettings)
    tokens = cached_secret(settings.vendor_tokens_id).value()
    if lacking := [vendor for vendor in VENDORS if not tokens.get(vendor)]:
        log("no contacts were compared", no_token=", ".join(lacking))
        return {"no_token": lacking}
    now = datetime.fromisoformat(event["time"]).astimezone(UTC) if "time" in event else datetime.now(UTC)
    figures, _ = sample(settings, settings.sample_size, run_id_of(now), _has_time(context), now)
    _count(figures)
    return figures.model_dump(mode="json")


def _count(figures: SampleFigures) -> None:
    log("contacts were compared", run_id=figures.run_id, contacts=figures.contacts, fields=figures.fields)
    count("ContactsSampled", figures.contacts)
    count("UnexplainedFieldsPercent", figures.unexplained_percent, metric_unit="Percent")
    for code, number in figures.codes.items():
        count("SampledFields", number, code=code)


def _has_time(context: Any) -> Callable[[], bool]:
    return lambda: bool(context.get_remaining_time_in_millis() > LAST_CALL_MILLISECONDS)
