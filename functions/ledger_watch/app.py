"""ledger_watch: reads the ledger's stream, and rings when an entry is changed or removed. Nobody may ever do that.

IAM cannot demand that a put is conditional, so a writer's role could replace an entry; the stream shows it. A second,
late or reordered delivery is harmless: nothing is written here, and an alarm that rings once more for the same entry
still is true. New entries say nothing.
"""

from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from commerce_sync.observability import count, log, named_failures


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Look at each change. Only records that could not be read come back."""
    processor = BatchProcessor(event_type=EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)
    response = process_partial_response(
        event=event, record_handler=named_failures(_look), processor=processor, context=context
    )
    return dict(response)


def _look(record: DynamoDBRecord) -> None:
    """Anything but a new entry is told, by ids only: a keyed hash, and a record's id or a number."""
    change = record.raw_event["eventName"]
    if change == "INSERT":
        return
    keys = record.raw_event["dynamodb"]["Keys"]
    log(
        "an entry of the consent ledger was changed or removed",
        change=change,
        address_key=keys["address_key"]["S"],
        entry=keys["entry"]["S"],
    )
    count("LedgerTampered")
