"""``status``: everything that an operator looks at first, read where it stands."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from commerce_sync.aws.audits import Audits
from commerce_sync.aws.control import Control
from commerce_sync.aws.due_rows import DueRows
from commerce_sync.aws.event_checks import EventChecks
from commerce_sync.aws.privacy_requests import PrivacyRequests
from commerce_sync.aws.quarantine import Quarantine
from commerce_sync.aws.queues import depth
from commerce_sync.aws.samples import Samples
from commerce_sync.composing.backfill_commands import backfills_at_a_glance
from commerce_sync.composing.budgets import budgets_status
from commerce_sync.composing.consent_commands import consent_status
from commerce_sync.composing.cursor_commands import polling_status
from commerce_sync.composing.cutting_over import natives_at_a_glance
from commerce_sync.composing.event_checking import standings
from commerce_sync.operating import sampling
from commerce_sync.operating.at_a_glance import at_a_glance
from commerce_sync.operating.events_at_a_glance import events_at_a_glance
from commerce_sync.profiles.looks import OBSERVED_ROW
from commerce_sync.settings.operations import OperationsSettings


def status(settings: OperationsSettings, queues: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Modes, queues, promises, quarantine, events, polls, cursors, privacy, audits, samples, budgets, consent.

    :param queues: by name, the URLs of a queue and of its dead letters.
    """
    control, now = Control(settings.control_table), datetime.now(UTC)
    quarantine = Quarantine(settings.quarantine_table)
    return {
        "modes": {"klaviyo": settings.klaviyo_mode, "hubspot": settings.hubspot_mode},
        "queues": {name: {kind: depth(url) for kind, url in urls.items()} for name, urls in queues.items()},
        **_promises(DueRows(settings.order_book_table)),
        "quarantined": Counter(item["code"] for item in quarantine.items() if "replayed_at" not in item),
        "events": events_at_a_glance(standings(EventChecks(settings.event_checks_table)), now),
        **polling_status(control, now),
        **at_a_glance(PrivacyRequests(settings.privacy_table).all(), Audits(settings.archive_bucket).latest, now),
        **natives_at_a_glance(settings),
        "contact_sample": sampling.at_a_glance(Samples(settings.archive_bucket).latest()),
        "backfills": backfills_at_a_glance(settings.control_table),
        "budgets": budgets_status(settings),
        "consent": consent_status(settings),
    }


def _promises(rows: DueRows) -> dict[str, Any]:
    """What is to be told yet, by reason; who is looked at again stands apart."""
    parked, waiting = list(rows.parked()), list(rows.waiting())
    observed = [item for item in waiting if item["row"] == OBSERVED_ROW]
    waiting = [item for item in waiting if item["row"] != OBSERVED_ROW]
    return {
        "open_promises": len(waiting),
        "open_reasons": Counter(item["reason"] for item in waiting if item.get("reason")),
        "observed": Counter(item.get("reason") for item in observed),
        "parked_promises": Counter(item["reason"] for item in parked),
    }
