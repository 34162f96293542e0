"""Sample events of change_polling and consent_baseline."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from commerce_sync.contracts.baseline import BaselineStep

from local.places import REGION

STARTED = datetime(2026, 11, 28, 10, tzinfo=UTC)


def write_polling_samples(write: Callable[[str, Any], None]) -> None:
    """Write them, each by ``function/name``."""
    for source in ("klaviyo", "hubspot", "shopify", "bigcommerce", "woocommerce", "recharge"):
        write(f"change_polling/{source}", {"source": source})
    for source in ("klaviyo", "hubspot"):
        write(f"change_polling/{source}_records", {"source": source, "read": "records"})
    steps = {
        "reading": BaselineStep(
            schema_version=BaselineStep.VERSION, run_id="20261128T100000Z", started_at=STARTED, system="klaviyo"
        ),
        "settling": BaselineStep(
            schema_version=BaselineStep.VERSION, run_id="20261128T100000Z", started_at=STARTED, stage="settling"
        ),
    }
    for name, step in steps.items():
        write(f"consent_baseline/{name}", sqs_event(step.to_json()))


def sqs_event(body: str) -> dict[str, Any]:
    """A message as a function is handed it."""
    record = {
        "messageId": "00000000-0000-4000-8000-000000000001",
        "receiptHandle": "sample",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1795262400000", "SenderId": "sample"},
        "messageAttributes": {},
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{REGION}:123456789012:sample",
        "awsRegion": REGION,
    }
    return {"Records": [record]}
