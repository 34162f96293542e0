"""What verified deliveries got wrong, kept with its reason until someone decides. It never expires."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from botocore.exceptions import ClientError

from commerce_sync.aws.clients import client
from commerce_sync.aws.marshalling import following, from_item, to_item
from commerce_sync.contracts import Envelope

RECEIVED_INDEX = "received"
MOST_ENTRIES = 100
"""Read at once: each may cost a look into the archive before the next cursor is written down."""


class Quarantine:
    """One item a rejection. Its key is made from the envelope and the place, so a replay finds it there already."""

    def __init__(self, table: str) -> None:
        self._table = table

    def keep(self, envelope: Envelope, *, code: str, path: str, expected: str, advice: str) -> None:
        """Record one rejection; the body stays in the archive, under ``archive_key``."""
        place = sha256(f"{code}\x1f{path}".encode()).hexdigest()[:16]
        item = {
            "envelope_id": envelope.envelope_id,
            "place": place,
            "code": code,
            "path": path,
            "expected": expected,
            "advice": advice,
            "source": envelope.source,
            "store": envelope.store,
            "topic": envelope.topic,
            "received_at": envelope.received_at.isoformat(),
            "received_day": envelope.received_at.astimezone(UTC).date().isoformat(),
            "archive_key": envelope.archive_key,
            "schema_version": 1,
        }
        client("dynamodb").put_item(TableName=self._table, Item=to_item(item))

    def items(self) -> Iterator[dict[str, Any]]:
        """Everything that was set aside; what went through again since has ``replayed_at``."""
        for page in client("dynamodb").get_paginator("scan").paginate(TableName=self._table):
            yield from (from_item(item) for item in page["Items"])

    def received_on(self, day: date) -> Iterator[dict[str, Any]]:
        """Everything that was set aside of one day's deliveries (UTC), without its advice; eventually consistent."""
        pages = (
            client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=self._table,
                IndexName=RECEIVED_INDEX,
                KeyConditionExpression="received_day = :day",
                ExpressionAttributeValues=to_item({":day": day.isoformat()}),
            )
        )
        for page in pages:
            yield from (from_item(item) for item in page["Items"])

    def claim(self, items: Iterable[Mapping[str, Any]], now: datetime) -> None:
        """Note that deliveries are about to go through again. One that is wrong again is recorded without this note.

        One that was taken out since it was read, because its person was erased, stays out.
        """
        for item in items:
            self._note(item, "SET replaying = :now", "attribute_exists(envelope_id)", now)

    def mark_replayed(self, items: Iterable[Mapping[str, Any]], now: datetime) -> None:
        """Note that claimed deliveries are on their way; one that was recorded anew since it was claimed waits on."""
        for item in items:
            self._note(item, "SET replayed_at = :now REMOVE replaying", "replaying = :now", now)

    def _note(self, item: Mapping[str, Any], update: str, condition: str, now: datetime) -> None:
        try:
            client("dynamodb").update_item(
                TableName=self._table,
                Key=to_item({"envelope_id": item["envelope_id"], "place": item["place"]}),
                UpdateExpression=update,
                ConditionExpression=condition,
                ExpressionAttributeValues=to_item({":now": now.isoformat()}),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise

    def page(self, cursor: str = "") -> tuple[Sequence[Mapping[str, Any]], str]:
        """Up to a hundred entries, and where the next ones begin. An empty cursor begins, and ends."""
        start = {"ExclusiveStartKey": to_item(json.loads(cursor))} if cursor else {}
        page = client("dynamodb").scan(TableName=self._table, Limit=MOST_ENTRIES, **start)
        return [from_item(item) for item in page["Items"]], following(page)

    def remove(self, envelope_ids: Iterable[str]) -> int:
        """Take all entries of deliveries out: what they were about was erased. Those not there are no error."""
        keys = [key for envelope_id in envelope_ids for key in self._keys(envelope_id)]
        for key in keys:
            client("dynamodb").delete_item(TableName=self._table, Key=key)
        return len(keys)

    def _keys(self, envelope_id: str) -> Iterator[dict[str, Any]]:
        pages = (
            client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=self._table,
                KeyConditionExpression="envelope_id = :envelope",
                ExpressionAttributeValues={":envelope": {"S": envelope_id}},
                ProjectionExpression="envelope_id, place",
                ConsistentRead=True,
            )
        )
        for page in pages:
            yield from page["Items"]
