"""What was noted as told by vendors' own apps, read by the time it happened."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from commerce_sync.aws.clients import client
from commerce_sync.aws.marshalling import from_item
from commerce_sync.aws.promise_items import ANCHOR, DUE_INDEX, heading_of, moment, promise_from, read_order
from commerce_sync.contracts import BookedOrder, Promise

MOST_ITEMS = 100
Key = tuple[str, str]


class VerifiedRows:
    """Reads the order book's index and the rows that it names. What was erased meanwhile is left out."""

    def __init__(self, table: str) -> None:
        self._table = table

    def between(self, destination: str, store: str, since: datetime, until: datetime) -> Iterator[Promise]:
        """The promises of a store (``shopify:us``) that happened from a moment up to another, and are verified."""
        keys = self._keys(heading_of(destination, store), moment(since), moment(until))
        for item in self._rows(keys):
            promise = promise_from(item)
            if promise.status == "verified":
                yield promise

    def orders(self, promises: Iterable[Promise]) -> Iterator[tuple[str, BookedOrder]]:
        """The orders that promises are about, as they now stand."""
        for item in self._rows((promise.subject, ANCHOR) for promise in promises):
            yield item["subject"]["S"], read_order(item)

    def _keys(self, heading: str, since: str, until: str) -> Iterator[Key]:
        pages = (
            client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=self._table,
                IndexName=DUE_INDEX,
                KeyConditionExpression="due_shard = :heading AND due_at BETWEEN :since AND :until",
                ExpressionAttributeValues={":heading": {"S": heading}, ":since": {"S": since}, ":until": {"S": until}},
            )
        )
        for page in pages:
            for item in map(from_item, page["Items"]):
                if item["due_at"] < until:
                    yield item["subject"], item["row"]

    def _rows(self, keys: Iterator[Key]) -> Iterator[dict[str, Any]]:
        batch: list[Key] = []
        for key in keys:
            batch.append(key)
            if len(batch) == MOST_ITEMS:
                yield from self._batch(batch)
                batch = []
        if batch:
            yield from self._batch(batch)

    def _batch(self, keys: list[Key]) -> Iterator[dict[str, Any]]:
        wanted = [{"subject": {"S": subject}, "row": {"S": row}} for subject, row in dict.fromkeys(keys)]
        request: Any = {self._table: {"Keys": wanted}}
        while request:
            answer = client("dynamodb").batch_get_item(RequestItems=request)
            yield from answer["Responses"].get(self._table, [])
            request = answer.get("UnprocessedKeys") or {}
