"""Waits until nothing moves any more: no message in a queue, no open promise, no webhook on its way, no backfill."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from commerce_sync.profiles.looks import OBSERVED_ROW

from local.backfills import backfills, running
from local.emulator import aws
from local.stack import Stack, get_json, invoke

COUNTS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")
OUTBOXES = {"order_book_table": ("due",), "consent_outbox_table": ("urgent", "check", "due")}
"""Where rows wait for their time, and the names of their shards."""
SHARDS = 4
QUIET_READINGS = 3
MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"


def what_is_left(stack: Stack) -> dict[str, int]:
    """What still moves, by name. Dead letters, parked promises and paused backfills wait for a person."""
    endpoint = stack["aws_endpoint_url"]
    left = {name: _messages(endpoint, url) for name, url in stack["queues"].items() if "dead_letters" not in name}
    left["due rows"] = sum(not _is_for_another_day(row) for row in _due_rows(stack))
    left |= {f"webhooks from the {vendor} sandbox": _pending_webhooks(stack, vendor) for vendor in stack["sandboxes"]}
    left |= {f"backfill of {name}": max(1, run["left"] or 0) for name, run in running(backfills(stack)).items()}
    return {name: count for name, count in left.items() if count}


def wait_until_quiet(stack: Stack, timeout: float, progress: Callable[[dict[str, int]], object]) -> dict[str, int]:
    """Returns what is left: nothing, unless the time-out in seconds ran out.

    The schedule gives out due rows every minute; here it is hastened by invoking the dispatcher when something is due.
    """
    deadline = time.monotonic() + timeout
    quiet = 0
    left: dict[str, int] = {}
    while quiet < QUIET_READINGS and time.monotonic() < deadline:
        left = what_is_left(stack)
        quiet = 0 if left else quiet + 1
        progress(left)
        if any(row["due_at"]["S"] <= _now() for row in _due_rows(stack)):
            invoke(stack, "due_dispatch", {})
        time.sleep(0.3)
    return left


def _messages(endpoint: str, url: str) -> int:
    answer = aws(endpoint, "sqs").get_queue_attributes(QueueUrl=url, AttributeNames=list(COUNTS))
    return sum(int(answer["Attributes"].get(name, 0)) for name in COUNTS)


def _due_rows(stack: Stack) -> list[dict[str, Any]]:
    client = aws(stack["aws_endpoint_url"], "dynamodb")
    return [
        item
        for table, kinds in OUTBOXES.items()
        for kind in kinds
        for shard in range(SHARDS)
        for item in client.query(
            TableName=stack["tables"][table],
            IndexName="due",
            KeyConditionExpression="due_shard = :shard",
            ExpressionAttributeValues={":shard": {"S": f"{kind}#{shard}"}},
        )["Items"]
    ]


def _is_for_another_day(row: dict[str, Any]) -> bool:
    """Whether it looks at a person's properties again when the next one ends: that keeps nobody waiting."""
    later = (datetime.now(UTC) + timedelta(hours=1)).strftime(MOMENT)
    return bool(row["row"]["S"] == OBSERVED_ROW and row["due_at"]["S"] > later)


def _pending_webhooks(stack: Stack, vendor: str) -> int:
    sandbox = stack["sandboxes"][vendor]
    return int(get_json(f"{sandbox}/_sandbox/state").get("pending_webhooks", 0))


def _now() -> str:
    return datetime.now(UTC).strftime(MOMENT)
