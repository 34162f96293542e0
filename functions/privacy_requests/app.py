"""privacy_requests: forgets a person or a shop everywhere, tells a person what is known, and keeps the proof.

A second delivery is harmless: it finds its case, and no step that the case has noted is done again; one that was done
and not yet noted may be done twice. What fails at one place is tried again later, and holds up no other. A crash
leaves a due row whose lease runs out; due_dispatch gives the request to the next worker, who goes on from there.
"""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from commerce_sync.composing.privacy_office import PrivacyOffice
from commerce_sync.observability import named_failures
from commerce_sync.settings import settings_for
from commerce_sync.settings.consent import PrivacySettings

LAST_STEP_MILLISECONDS = 45_000


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Work on the requests of a batch. Only messages that could not be worked on come back."""

    def may_go_on() -> bool:
        return bool(context.get_remaining_time_in_millis() > LAST_STEP_MILLISECONDS)

    def take(record: SQSRecord) -> None:
        _office().take(record.body, may_go_on)

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return dict(
        process_partial_response(event=event, record_handler=named_failures(take), processor=processor, context=context)
    )


@cache
def _office() -> PrivacyOffice:
    return PrivacyOffice(settings_for(PrivacySettings))
