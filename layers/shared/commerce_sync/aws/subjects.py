"""Whole subjects of the order book: which a store has, and removing what only waits."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from commerce_sync.aws.clients import client
from commerce_sync.aws.marshalling import following, to_item
from commerce_sync.aws.promise_items import ANCHOR

MOST_ROWS = 500
"""Looked through at once: all that are found are written to before the next cursor is written down."""


def row_pages(table: str, subject: str) -> Iterable[dict[str, Any]]:
    """Every row of a subject, strongly consistent, a page at a time, the anchor first.

    A query is no transaction. Whoever writes against the anchor's revision must have read it before the other rows:
    then a row that was added while we read has moved the revision, and the write fails.
    """
    pages: Iterable[dict[str, Any]] = (
        client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=table,
            KeyConditionExpression="subject = :subject",
            ExpressionAttributeValues={":subject": {"S": subject}},
            ConsistentRead=True,
            ScanIndexForward=False,
        )
    )
    return pages


class Subjects:
    """Beside :class:`commerce_sync.aws.order_book_table.OrderBookTable`, for those who forget."""

    def __init__(self, table: str) -> None:
        self._table = table

    def of_store(self, store: str, cursor: str = "") -> tuple[Sequence[str], str]:
        """Those subjects of a store (``shopify:us``) that one page of the table holds, and where the next page begins.

        A page may hold none: the table is every store's. An empty cursor begins, and ends.
        """
        start = {"ExclusiveStartKey": to_item(json.loads(cursor))} if cursor else {}
        page = client("dynamodb").scan(
            TableName=self._table,
            Limit=MOST_ROWS,
            ProjectionExpression="subject",
            FilterExpression="#row = :order AND begins_with(subject, :store)",
            ExpressionAttributeNames={"#row": "row"},
            ExpressionAttributeValues={":order": {"S": ANCHOR}, ":store": {"S": f"{store}:"}},
            **start,
        )
        return [item["subject"]["S"] for item in page["Items"]], following(page)

    def drop(self, subject: str) -> int:
        """Remove every row of a subject; returns how many there were. A repeat finds none."""
        items = [item for page in row_pages(self._table, subject) for item in page["Items"]]
        keys = [{name: item[name] for name in ("subject", "row")} for item in items]
        for key in keys:
            client("dynamodb").delete_item(TableName=self._table, Key=key)
        return len(keys)
