"""event_delivery: writes the order book, then tells Klaviyo and HubSpot what they do not know yet.

A second delivery is harmless: its facts are in the order book already, so its plan is empty and nothing is promised
or sent again, and what event validation notes of it is noted already. A reordered one folds to the same order. A crash
leaves promises whose lease runs out; due_dispatch gives them to the next worker. An order without a rate to the
company's currency waits for one. Who asked to be forgotten is taken out of facts that are older before anything else.
While an operator has stopped everything, promises are made and wait. What a vendor's own app of the store tells is
noted and not sent, and nothing is sent while it is unknown whether such an app tells it.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from commerce_sync.composing.delivering import Delivering
from commerce_sync.contracts import DeliveredFacts, DueWork, parse_event_message
from commerce_sync.delivery.work import DeliveryWork
from commerce_sync.errors import CommerceSyncError
from commerce_sync.observability import count, named_failures
from commerce_sync.settings import settings_for
from commerce_sync.settings.workers import DeliverySettings

LAST_CALL_MILLISECONDS = 25_000


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Record a batch of facts, then keep what this worker promised. Only messages not recorded come back."""
    delivering = _delivering()
    work = delivering.work()
    readable = dict(_readable(event["Records"]))
    gate = delivering.gate(readable.values())

    def record(message: SQSRecord) -> None:
        told = readable.get(message.message_id) or parse_event_message(message.body)
        work.record(gate.through(told))
        delivering.note(told)

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    response = process_partial_response(
        event=event,
        record_handler=named_failures(record),
        processor=processor,
        context=context,
    )
    work.keep(delivering.pace(lambda: bool(context.get_remaining_time_in_millis() > LAST_CALL_MILLISECONDS)))
    _count(work)
    return dict(response)


def _readable(records: Iterable[dict[str, Any]]) -> Iterator[tuple[str, DeliveredFacts | DueWork]]:
    """Messages by id. One that cannot be read fails where it is recorded, by itself."""
    for record in records:
        with suppress(CommerceSyncError):
            yield record["messageId"], parse_event_message(record["body"])


def _count(work: DeliveryWork) -> None:
    if work.held:
        count("HeldOrders", work.held)
    for (destination, store), number in work.refused.items():
        count("RefusedDeliveries", number, destination=destination, store=store)
    for (destination, outcome), number in work.outcomes.items():
        count("ParkedPromises" if outcome == "parked" else "Promises", number, destination=destination, outcome=outcome)


@cache
def _delivering() -> Delivering:
    return Delivering(settings_for(DeliverySettings))
