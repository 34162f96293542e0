"""Looks at people that stand in the order book, by whom they are about: read only, for those who compare."""

from collections.abc import Iterable, Mapping
from typing import Any

from commerce_sync.aws.clients import client
from commerce_sync.aws.promise_items import promise_from
from commerce_sync.contracts import Promise

MOST_KEYS = 100
Row = tuple[str, str]
"""A subject, and the row of a promise about it."""


class OpenLooks:
    """Reads promises by their keys."""

    def __init__(self, table: str) -> None:
        self._table = table

    def of(self, rows: Iterable[Row]) -> Mapping[Row, Promise]:
        """Those that there are, open or not."""
        wanted = [{"subject": {"S": subject}, "row": {"S": row}} for subject, row in dict.fromkeys(rows)]
        items: list[dict[str, Any]] = []
        for start in range(0, len(wanted), MOST_KEYS):
            request = {self._table: {"Keys": wanted[start : start + MOST_KEYS], "ConsistentRead": True}}
            while request:
                answer = client("dynamodb").batch_get_item(RequestItems=request)
                items += answer["Responses"].get(self._table, [])
                request = answer.get("UnprocessedKeys") or {}
        return {(one.subject, one.row): one for one in map(promise_from, items)}
