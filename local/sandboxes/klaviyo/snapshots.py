"""Records as flat objects, for the snapshot a test looks at."""

from typing import Any

from local.sandboxes.klaviyo import rendering
from local.sandboxes.klaviyo.records import IDENTIFIERS, Event, Job, MailingList, Metric, Profile


def profile(record: Profile) -> dict[str, Any]:
    """A profile with everything known, flat."""
    attributes = rendering.profile(record, subscriptions=True)["attributes"]
    anonymous_id = record.identifier("anonymous_id")
    return {"id": record.id, **attributes, "location": record.location, "anonymous_id": anonymous_id}


def event(record: Event) -> dict[str, Any]:
    """An event with the identifiers its sender gave."""
    return {
        "id": record.id,
        "metric": record.metric.name,
        "integration": record.metric.integration,
        "unique_id": record.unique_id,
        "value": record.value,
        "value_currency": record.value_currency,
        "time": rendering.iso(record.time),
        "profile_id": record.profile_id,
        **{name: record.identifiers.get(name) for name in IDENTIFIERS},
        "properties": record.properties,
        "backfill": record.backfill,
    }


def metric(record: Metric) -> dict[str, Any]:
    """A metric, flat."""
    return {"id": record.id, "name": record.name, "integration": record.integration}


def mailing_list(record: MailingList) -> dict[str, Any]:
    """A list with its members."""
    return {
        "id": record.id,
        "name": record.name,
        "opt_in_process": record.opt_in_process,
        "members": list(record.members),
    }


def job(record: Job) -> dict[str, Any]:
    """A job with its counts."""
    return {
        "id": record.id,
        "type": record.type,
        "status": record.status,
        "total_count": record.total,
        "completed_count": record.completed_count,
        "failed_count": record.failed_count,
        "skipped_count": record.skipped_count,
    }
