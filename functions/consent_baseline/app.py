"""consent_baseline: writes down what every connected system knows of consent, before anything is told to anybody.

An operator starts a run; each message goes on with it until its time runs short or a system asks to wait, and sends the
next: a chain that Lambda is told to allow (``RecursiveLoop``), and that has an end of its own. A second, late or
reordered delivery is harmless: records have ids from what the systems show, what was seen is kept under the same
names, progress only moves forward, and a step of a run that another one superseded does nothing.
"""

from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from commerce_sync.composing.baseline import running
from commerce_sync.contracts.baseline import BaselineStep
from commerce_sync.errors import LedgerLostError
from commerce_sync.observability import count, log, named_failures
from commerce_sync.settings import settings_for
from commerce_sync.settings.consent import BaselineSettings

LAST_CALL_MILLISECONDS = 45_000


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Go on with runs as messages say."""
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    response = process_partial_response(
        event=event, record_handler=named_failures(partial(_go_on, context)), processor=processor, context=context
    )
    return dict(response)


def _go_on(context: Any, record: SQSRecord) -> None:
    step = BaselineStep.parse(record.body)
    try:
        became = running(settings_for(BaselineSettings))(
            step, lambda: bool(context.get_remaining_time_in_millis() > LAST_CALL_MILLISECONDS)
        )
    except LedgerLostError as error:
        count("LedgerLost")
        log("consent is not written", reason=str(error))
        raise
    log("a baseline step is done", run_id=step.run_id, system=step.system, stage=step.stage, became=became)
