"""What DynamoDB would bill for the calls of a test, by its rules for items of these sizes.

A strongly consistent read costs one unit for each 4 kB of each item, found or not; a write one for each kB, and two in
a transaction (docs.aws.amazon.com, "DynamoDB read and write operations"). moto bills nothing, so the calls are counted.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from commerce_sync.aws.clients import client

READ_UNIT = 4096
WRITE_UNIT = 1024


@dataclass
class Meter:
    """Calls by operation, and units by table."""

    calls: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)

    def note(self, operation: str, request: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        """Add one call."""
        self.calls[operation] += 1
        if operation == "BatchGetItem":
            for table, asked in request["RequestItems"].items():
                found = answer["Responses"].get(table, [])
                missing = len(asked["Keys"]) - len(found)
                self.read[table] += sum(ceil(_size(item) / READ_UNIT) for item in found) + missing
        elif operation == "TransactWriteItems":
            for action in (one for item in request["TransactItems"] for one in item.values()):
                self.written[action["TableName"]] += 2 * ceil(_size(action.get("Item", {})) / WRITE_UNIT or 1)
        elif operation == "BatchWriteItem":
            for table, puts in request["RequestItems"].items():
                self.written[table] += sum(ceil(_size(put["PutRequest"]["Item"]) / WRITE_UNIT) for put in puts)
        elif operation == "PutItem":
            self.written[request["TableName"]] += ceil(_size(request["Item"]) / WRITE_UNIT)


@contextmanager
def metered() -> Iterator[Meter]:
    """Meter every call to DynamoDB that is made by the bundle's own client."""
    meter, asked = Meter(), list[Mapping[str, Any]]()
    events = client("dynamodb").meta.events

    def before(params: Mapping[str, Any], **_: Any) -> None:
        asked.append(json.loads(json.dumps(params)))

    def after(model: Any, parsed: Mapping[str, Any], **_: Any) -> None:
        meter.note(model.name, asked.pop(), parsed)

    events.register("before-parameter-build.dynamodb", before)
    events.register("after-call.dynamodb", after)
    try:
        yield meter
    finally:
        events.unregister("before-parameter-build.dynamodb", before)
        events.unregister("after-call.dynamodb", after)


def _size(item: Mapping[str, Any]) -> int:
    """An item's size in bytes, a little too large: names and values with their types."""
    return len(json.dumps(item, separators=(",", ":")).encode())
