"""The due index: what waits, claimed for another try when its time has come."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from commerce_sync.aws.clients import client
from commerce_sync.aws.marshalling import from_item
from commerce_sync.aws.promise_items import DUE_INDEX, PARKED, SHARDS, moment, shard_of
from commerce_sync.contracts import DueRow


class DueRows:
    """Finds and claims due promises. Two dispatchers never claim one row: the claim is a conditional write."""

    def __init__(self, table: str, shards: Sequence[str] = SHARDS) -> None:
        self._table = table
        self._shards = shards

    def claim(self, now: datetime, lease_seconds: float, claim: str, limit: int) -> Iterator[tuple[DueRow, int]]:
        """Claim due rows, the longest due first in each shard; yields each with its attempts so far."""
        until = moment(now + timedelta(seconds=lease_seconds))
        for item in self._due(moment(now), limit):
            if self._take(item, claim, until):
                yield DueRow(subject=item["subject"], row=item["row"], claim=claim), item["attempts"]

    def waiting(self) -> Iterator[dict[str, Any]]:
        """Every open promise, due or not."""
        for shard in self._shards:
            yield from self._query(shard, "9999", 1_000_000)

    def release(self, item: dict[str, Any], now: datetime) -> bool:
        """Give a parked promise its tries again, from now on. False where it is parked no more."""
        try:
            client("dynamodb").update_item(
                TableName=self._table,
                Key={"subject": {"S": item["subject"]}, "row": {"S": item["row"]}},
                UpdateExpression="SET #status = :pending, due_shard = :shard, due_at = :now, attempts = :none",
                ConditionExpression="#status = :parked",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues={
                    ":pending": {"S": "pending"},
                    ":parked": {"S": "parked"},
                    ":shard": {"S": shard_of(item["subject"])},
                    ":now": {"S": moment(now)},
                    ":none": {"N": "0"},
                },
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def hasten(self, item: dict[str, Any], now: datetime) -> bool:
        """Make a waiting promise due at once. False where it waits no more, or for something else."""
        return self._move(item, {":due": {"S": moment(now)}}, "SET due_at = :due")

    def parked(self) -> Iterator[dict[str, Any]]:
        """Every promise that waits for a person."""
        yield from self._query(PARKED, "9999", 1_000_000)

    def _due(self, now: str, limit: int) -> Iterator[dict[str, Any]]:
        """Shard after shard, another one first each time: a run may end before the last."""
        shards = random.sample(self._shards, len(self._shards))
        for shard in shards if limit >= len(shards) else ():
            yield from self._query(shard, now, limit // len(self._shards))

    def _query(self, shard: str, until: str, limit: int) -> Iterator[dict[str, Any]]:
        pages = (
            client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=self._table,
                IndexName=DUE_INDEX,
                KeyConditionExpression="due_shard = :shard AND due_at <= :until",
                ExpressionAttributeValues={":shard": {"S": shard}, ":until": {"S": until}},
                PaginationConfig={"MaxItems": limit},
            )
        )
        for page in pages:
            yield from (from_item(item) for item in page["Items"])

    def _take(self, item: dict[str, Any], claim: str, until: str) -> bool:
        return self._move(item, {":claim": {"S": claim}, ":due": {"S": until}}, "SET claim = :claim, due_at = :due")

    def _move(self, item: dict[str, Any], values: dict[str, Any], update: str) -> bool:
        try:
            client("dynamodb").update_item(
                TableName=self._table,
                Key={"subject": {"S": item["subject"]}, "row": {"S": item["row"]}},
                UpdateExpression=update,
                ConditionExpression="due_at = :seen AND due_shard = :shard",
                ExpressionAttributeValues={
                    **values,
                    ":seen": {"S": item["due_at"]},
                    ":shard": {"S": item["due_shard"]},
                },
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True
