"""Sends to SQS in as few calls as its limits allow."""

from collections.abc import Iterable, Iterator, Sequence

from commerce_sync.aws.clients import client
from commerce_sync.errors import RetriableError

MOST_MESSAGES = 10
MOST_BYTES = 1024 * 1024


def send_all(queue_url: str, bodies: Iterable[str]) -> None:
    """Send every message, ten or one megabyte at a time.

    :raises RetriableError: SQS kept fewer than all. Sending all again is harmless: consumers know repeats.
    """
    for batch in _batches(bodies):
        entries = [{"Id": str(position), "MessageBody": body} for position, body in enumerate(batch)]
        answer = client("sqs").send_message_batch(QueueUrl=queue_url, Entries=entries)
        if answer.get("Failed"):
            raise RetriableError(f"SQS refused {len(answer['Failed'])} of {len(batch)} messages")


def send_later(queue_url: str, body: str, seconds: int) -> None:
    """Send one message that nobody sees for so long, at most the 900 seconds that SQS allows."""
    client("sqs").send_message(QueueUrl=queue_url, MessageBody=body, DelaySeconds=seconds)


def move_all(source_url: str, target_url: str) -> int:
    """Move every message that is there now; returns how many. A crash between leaves one in both: a repeat."""
    moved = 0
    while True:
        answer = client("sqs").receive_message(
            QueueUrl=source_url, MaxNumberOfMessages=MOST_MESSAGES, WaitTimeSeconds=1
        )
        messages = answer.get("Messages", [])
        if not messages:
            return moved
        send_all(target_url, (message["Body"] for message in messages))
        for message in messages:
            client("sqs").delete_message(QueueUrl=source_url, ReceiptHandle=message["ReceiptHandle"])
        moved += len(messages)


def depth(queue_url: str) -> int:
    """About how many messages wait."""
    name = "ApproximateNumberOfMessages"
    answer = client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=[name])
    return int(answer["Attributes"][name])


def _batches(bodies: Iterable[str]) -> Iterator[Sequence[str]]:
    batch: list[str] = []
    size = 0
    for body in bodies:
        length = len(body.encode())
        if batch and (len(batch) == MOST_MESSAGES or size + length > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(body)
        size += length
    if batch:
        yield batch
