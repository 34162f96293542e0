"""Whole subjects of the order book: which a store has, and removing what only waits."""

from collections.abc import Iterator

from commerce_sync.aws.clients import client
from commerce_sync.aws.promise_items import ANCHOR


class Subjects:
    """Beside :class:`commerce_sync.aws.order_book_table.OrderBookTable`, for those who forget."""

    def __init__(self, table: str) -> None:
        self._table = table

    def of_store(self, store: str, after: str = "") -> Iterator[str]:
        """Every subject of a store (``shopify:us``), in the table's own order, after one of them."""
        start = {"ExclusiveStartKey": {"subject": {"S": after}, "row": {"S": ANCHOR}}} if after else {}
        while True:
            page = client("dynamodb").scan(
                TableName=self._table,
                ProjectionExpression="subject",
                FilterExpression="#row = :order AND begins_with(subject, :store)",
                ExpressionAttributeNames={"#row": "row"},
                ExpressionAttributeValues={":order": {"S": ANCHOR}, ":store": {"S": f"{store}:"}},
                **start,
            )
            yield from (item["subject"]["S"] for item in page["Items"])
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

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
