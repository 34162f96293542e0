"""consent_propagation: writes every consent statement to the ledger and brings every destination to what it says.

A second, late or reordered delivery is harmless: a record's id comes from the source's own act, the ledger writes it
once, and what it means is a fold over the set of records. What must be told is written in the record's own transaction,
due from birth, so a crash costs a lease and loses nothing. Opt-outs are told in the invocation that hears them.
"""

from functools import partial
from typing import Any
from uuid import uuid4

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from commerce_sync.composing.consent import work_of
from commerce_sync.consent.work import ConsentWork
from commerce_sync.contracts.consent import parse_consent_message
from commerce_sync.errors import LedgerLostError
from commerce_sync.observability import count, log, named_failures
from commerce_sync.settings import settings_for
from commerce_sync.settings.consent import ConsentSettings

LAST_CALL_MILLISECONDS = 20_000


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Write down what a batch says, then tell it. Only messages that could not be written down come back."""
    work = work_of(settings_for(ConsentSettings), uuid4().hex)
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    response = process_partial_response(
        event=event, record_handler=named_failures(partial(_take, work)), processor=processor, context=context
    )
    work.keep(lambda: bool(context.get_remaining_time_in_millis() > LAST_CALL_MILLISECONDS))
    for failure in work.failed:
        log("a destination could not be told", failure=failure)
    for metric, number in work.counts.items():
        if number:
            count(metric, number)
    for reason, number in work.refused.items():
        count("RefusedStatements", number, reason=reason)
    return dict(response)


def _take(work: ConsentWork, record: SQSRecord) -> None:
    try:
        work.record(parse_consent_message(record.body))
    except LedgerLostError as error:
        count("LedgerLost")
        log("consent is not written", reason=str(error))
        raise
