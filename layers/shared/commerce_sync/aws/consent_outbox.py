"""The consent outbox: rows that say what each destination of an address shall show.

Rows are born in the ledger's transaction. Here they change hands and are settled, each write over the revision that was
read; a row that the ledger wrote anew meanwhile belongs to whoever wrote it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from commerce_sync.aws.clients import client
from commerce_sync.aws.consent_rows import ALL_SHARDS, URGENT, row_from, row_item
from commerce_sync.aws.leases import taken_over
from commerce_sync.aws.promise_items import DUE_INDEX
from commerce_sync.contracts.consent_book import OPEN_ROWS, ConsentPromise, RowStatus, Told
from commerce_sync.contracts.events import DueRow
from commerce_sync.errors import RetriableError

ATTEMPTS = 5
MOST_TOLD = 8
"""Tellings that are remembered: an echo comes within minutes of one."""


class ConsentOutbox:
    """Fits :class:`commerce_sync.consent.keeping.Outbox`."""

    def __init__(self, table: str) -> None:
        self._table = table

    def take_over(self, rows: Iterable[DueRow], claim: str, until: datetime) -> Sequence[ConsentPromise]:
        """The rows that these still claim, now under the worker's own lease, with one attempt more."""
        taken = (taken_over(self._table, row, claim, until, "attempts", "revision") for row in rows)
        return [promise for item in taken if item and (promise := row_from(item)).status in OPEN_ROWS]

    def find(self, subject: str, row: str) -> ConsentPromise | None:
        """One row as it stands."""
        key = {"subject": {"S": subject}, "row": {"S": row}}
        item = client("dynamodb").get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return row_from(item) if item else None

    def settle(self, before: ConsentPromise, after: ConsentPromise) -> ConsentPromise | None:
        """Write an outcome over the revision it was made from; the row as written, None where somebody else owns it.

        What was told meanwhile is noted all the same: by it the echo is known.

        :raises RetriableError: the row kept changing. What was told is told again, which is harmless.
        """
        written = self.rewrite(before, after)
        if written is not None:
            return written
        for told in after.told[len(before.told) :]:
            self._note(before, told)
        return None

    def rewrite(self, before: ConsentPromise, after: ConsentPromise) -> ConsentPromise | None:
        """Write a row over the revision that was read; None, and nothing noted, where somebody else owns it."""
        written = replace(after, revision=before.revision + 1, told=after.told[-MOST_TOLD:])
        return written if self._put(written, before.revision) else None

    def waiting(self, status: RowStatus) -> Iterator[ConsentPromise]:
        """Every row that waits for a person or a mode: ``observed``, ``braked``, ``parked``."""
        yield from self._query(status)

    def open_rows(self) -> Iterator[ConsentPromise]:
        """Every open row, due or not."""
        for shard in ALL_SHARDS:
            yield from self._query(shard)

    def owed_since(self) -> datetime | None:
        """Since when the opt-out waits that has waited longest to be told; None where none waits."""
        rows = (row for shard in URGENT for row in self._query(shard))
        return min((row.owed_since or row.created_at for row in rows), default=None)

    def count(self, status: RowStatus) -> int:
        """How many rows wait for a person or a mode; of ``pending``, how many are open, due or not."""
        shards = ALL_SHARDS if status == "pending" else (status,)
        return sum(page["Count"] for shard in shards for page in self._pages(shard, Select="COUNT"))

    def release(self, promise: ConsentPromise, now: datetime) -> bool:
        """Make a row that waits due at once, with all its tries. False where it changed meanwhile."""
        freed = replace(promise, status="pending", due_at=now, claim=None, attempts=0, checks=0, reason=None)
        return self._put(replace(freed, owed_since=now, revision=promise.revision + 1), promise.revision)

    def _note(self, promise: ConsentPromise, told: Told) -> None:
        for _ in range(ATTEMPTS):
            known = self.find(promise.subject, promise.row)
            if known is None or told in known.told:
                return
            noted = replace(known, told=(*known.told, told)[-MOST_TOLD:], revision=known.revision + 1)
            if self._put(noted, known.revision):
                return
        raise RetriableError("a row of the consent outbox kept changing")

    def _put(self, promise: ConsentPromise, revision: int) -> bool:
        try:
            client("dynamodb").put_item(
                TableName=self._table,
                Item=row_item(promise),
                ConditionExpression="revision = :read",
                ExpressionAttributeValues={":read": {"N": str(revision)}},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def _query(self, shard: str) -> Iterator[ConsentPromise]:
        for page in self._pages(shard):
            yield from map(row_from, page["Items"])

    def _pages(self, shard: str, **more: str) -> Iterable[dict[str, Any]]:
        pages: Iterable[dict[str, Any]] = (
            client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=self._table,
                IndexName=DUE_INDEX,
                KeyConditionExpression="due_shard = :shard",
                ExpressionAttributeValues={":shard": {"S": shard}},
                **more,
            )
        )
        return pages
