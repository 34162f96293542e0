"""Writes many items at once. DynamoDB takes a part of them where it is busy."""

import random
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from commerce_sync.aws.clients import client
from commerce_sync.errors import RetriableError

MOST_WRITES: Final = 25
ATTEMPTS: Final = 8


def batch_write(
    table: str,
    requests: Sequence[dict[str, Any]],
    sleep: Callable[[float], None] = time.sleep,
    dynamodb: Any = None,
) -> None:
    """Any number of ``PutRequest`` and ``DeleteRequest``, 25 a call, no two of one key.

    :raises RetriableError: the table took only a part, several times. Writing all again is harmless.
    """
    for start in range(0, len(requests), MOST_WRITES):
        left = list(requests[start : start + MOST_WRITES])
        for attempt in range(ATTEMPTS):
            answer = (dynamodb or client("dynamodb")).batch_write_item(RequestItems={table: left})
            left = answer.get("UnprocessedItems", {}).get(table, [])
            if not left:
                break
            sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311 # jitter is no secret
        else:
            raise RetriableError("a table took only a part of what was written")
