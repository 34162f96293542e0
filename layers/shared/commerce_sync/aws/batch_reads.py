"""Reads many items at once. DynamoDB answers in part where it is busy, or where the items are more than 16 MB."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from commerce_sync.aws.clients import client
from commerce_sync.errors import RetriableError

MOST_KEYS: Final = 100
MOST_IN_VAIN: Final = 5


def batch_get_all(table: str, keys: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Any number of items, as :func:`batch_get` reads them, a hundred a call."""
    for start in range(0, len(keys), MOST_KEYS):
        yield from batch_get(table, keys[start : start + MOST_KEYS])


def batch_get(
    table: str, keys: Sequence[dict[str, Any]], sleep: Callable[[float], None] = time.sleep, dynamodb: Any = None
) -> list[dict[str, Any]]:
    """Up to a hundred items, as they are now, however many answers it takes; those that are not there are absent.

    :raises RetriableError: DynamoDB gave none of them several times.
    """
    found: list[dict[str, Any]] = []
    left: dict[str, Any] = {table: {"Keys": list(keys), "ConsistentRead": True}}
    in_vain = 0
    while left:
        answer = (dynamodb or client("dynamodb")).batch_get_item(RequestItems=left)
        items = answer["Responses"].get(table, [])
        found += items
        left = answer.get("UnprocessedKeys") or {}
        in_vain = 0 if items else in_vain + 1
        if left and in_vain >= MOST_IN_VAIN:
            raise RetriableError("a table answered only in part")
        if left and in_vain:
            sleep(random.uniform(0, 0.05 * 2**in_vain))  # noqa: S311 # jitter is no secret
    return found
