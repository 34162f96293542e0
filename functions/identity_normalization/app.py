"""identity_normalization: turns each verified delivery into consent statements and events about known profiles.

What it says of consent is passed on first, before anything else is worked on: an opt-out waits for nobody's identity.

A second delivery is harmless: the archive key, the quarantine key, the traces, every statement id and every event id
are made from the delivery's content, and identity is a fold over facts, so doing it all again writes the same and sends
statements and events that consent_propagation and event_delivery already know. What stands behind a body that holds ids
only is asked of its store anew each time: a newer answer makes statements of its own. A delivery about somebody who
asked to be forgotten since brings nobody back.
"""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from commerce_sync.composing.normalizing import Normalizing
from commerce_sync.observability import named_failures
from commerce_sync.settings import settings_for
from commerce_sync.settings.workers import NormalizationSettings

HELD_UP = "HeldUpDeliveries"
"""Deliveries that go back to their queue: they do for hours before they end among the dead letters."""
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Normalise a batch of envelopes; only the failed ones come back."""
    take = named_failures(_normalize, counted=HELD_UP)
    return dict(process_partial_response(event=event, record_handler=take, processor=processor, context=context))


def _normalize(record: SQSRecord) -> None:
    _normalizing().take(record.body)


@cache
def _normalizing() -> Normalizing:
    return Normalizing(settings_for(NormalizationSettings))
