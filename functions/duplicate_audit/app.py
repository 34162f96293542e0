"""duplicate_audit: once a week, which records of HubSpot and of Klaviyo are one person. It reads, and changes nothing.

A schedule starts a run; each message goes on with it in one system, until its time runs short or the vendor asks to
wait, and sends the next: a chain that Lambda is told to allow (``RecursiveLoop``), and that has an end of its own, be
the vendor's pages endless. A second or late delivery is harmless: what it reads is spooled under the same names or
under further ones that overlap, the next message repeats too, and a run that is finished stays as it is.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from commerce_sync.aws.audits import Audits
from commerce_sync.aws.queues import send_all, send_later
from commerce_sync.aws.secrets import cached_secret
from commerce_sync.composing.duplicates import side_of
from commerce_sync.contracts.duplicates import AuditStep, System
from commerce_sync.duplicates.entries import Entry, read_line
from commerce_sync.duplicates.grouping import find_duplicates
from commerce_sync.duplicates.reading import EndlessRunError, read_on
from commerce_sync.duplicates.reporting import figures, listed
from commerce_sync.observability import count, log, named_failures
from commerce_sync.settings import settings_for
from commerce_sync.settings.workers import DuplicateAuditSettings

SYSTEMS: tuple[System, ...] = ("hubspot", "klaviyo")
LAST_CALL_MILLISECONDS = 30_000


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Start a run when the schedule says so; go on with runs as messages say."""
    if "Records" not in event:
        return _start(event)

    def take(record: SQSRecord) -> None:
        _go_on(AuditStep.parse(record.body), context)

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    response = process_partial_response(
        event=event, record_handler=named_failures(take), processor=processor, context=context
    )
    return dict(response)


def _start(event: dict[str, Any]) -> dict[str, Any]:
    """One message for each system that we have a token for. A run is named by its time, so one event makes one run."""
    settings = settings_for(DuplicateAuditSettings)
    moment = datetime.fromisoformat(event["time"]) if "time" in event else datetime.now(UTC)
    run_id = moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    tokens = cached_secret(settings.vendor_tokens_id).value()
    systems = [system for system in SYSTEMS if tokens.get(system)]
    steps = (AuditStep(schema_version=AuditStep.VERSION, run_id=run_id, system=system) for system in systems)
    send_all(settings.audit_queue_url, (step.to_json() for step in steps))
    return {"run_id": run_id, "systems": systems}


def _go_on(step: AuditStep, context: Any) -> None:
    settings = settings_for(DuplicateAuditSettings)
    audits = Audits(settings.archive_bucket)
    if audits.is_finished(step.run_id, step.system):
        return
    if step.stage == "grouping":
        _finish(step, audits, settings.most_sharing)
        return
    side = cache(lambda: side_of(step.system, settings))

    def page(cursor: str | None) -> tuple[list[Entry], str | None]:
        time.sleep(settings.page_pause)
        return side().page(cursor)

    try:
        following, delay = read_on(
            step,
            page,
            lambda name, lines: audits.keep_part(step.run_id, step.system, name, lines),
            lambda: bool(context.get_remaining_time_in_millis() > LAST_CALL_MILLISECONDS),
        )
    except EndlessRunError as error:
        log("an audit was given up", run_id=step.run_id, system=step.system, reason=str(error), part=step.part)
        count("AuditsGivenUp", system=step.system)
        return
    send_later(settings.audit_queue_url, following.to_json(), delay)


def _finish(step: AuditStep, audits: Audits, most_sharing: int) -> None:
    def read() -> Iterator[Entry]:
        return map(read_line, audits.lines(step.run_id, step.system))

    findings = find_duplicates(read, most_sharing)
    audits.keep_report(figures(step.run_id, step.system, findings), listed(findings))
    log("an audit is finished", run_id=step.run_id, system=step.system, records=findings.records)
    count("DuplicateGroups", len(findings.groups), system=step.system)
    count("DuplicateRecords", findings.records - findings.people, system=step.system)
    count("ListInflationPercent", float(findings.inflation), metric_unit="Percent", system=step.system)
