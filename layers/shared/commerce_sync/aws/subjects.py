"""Whole subjects of the order book: which a store has, and removing what only waits."""

import json
from collections.abc import Sequence

from commerce_sync.aws.clients import client
from commerce_sync.aws.marshalling import following, to_item
from commerce_sync.aws.promise_items import ANCHOR

MOST_ROWS = 500
"""Looked through at once: all that are found are written to before the next cursor is written down."""


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
        pages = (
            client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=self._table,
                KeyConditionExpression="subject = :subject",
                ExpressionAttributeValues={":subject": {"S": subject}},
                ProjectionExpression="subject, #row",
                ExpressionAttributeNames={"#row": "row"},
                ConsistentRead=True,
            )
        )
        keys = [item for page in pages for item in page["Items"]]
        for key in keys:
            client("dynamodb").delete_item(TableName=self._table, Key=key)
        return len(keys)
