"""The order book: orders and the promises about them, written together.

One partition a subject. Row ``order`` is the anchor: it holds the order and a revision that every change moves, so
writers of one subject go one after the other; the other rows are promises. A sparse index finds what is due.
"""

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from commerce_sync.aws.batch_reads import batch_get_all
from commerce_sync.aws.batch_writes import batch_write
from commerce_sync.aws.clients import client
from commerce_sync.aws.leases import taken_over
from commerce_sync.aws.promise_items import ANCHOR, order_item, promise_from, promise_item, read_order
from commerce_sync.aws.subjects import row_pages
from commerce_sync.contracts import OPEN, BookedOrder, DueRow, Page, Plan, Promise
from commerce_sync.errors import RetriableError

MOST_ITEMS = 100
ATTEMPTS = 8
CONFLICTS = frozenset({"TransactionCanceledException", "TransactionConflictException"})


class OrderBookTable:
    """Fits :class:`commerce_sync.delivery.work.OrderBook`."""

    def __init__(self, table: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._table = table
        self._sleep = sleep

    def record(self, subject: str, planned: Callable[[Page], Plan]) -> Sequence[Promise]:
        """Read, plan, write; again where another worker was faster. An empty plan writes nothing.

        :raises RetriableError: the subject kept changing under us.
        """
        for attempt in range(ATTEMPTS):
            page = self.page(subject)
            plan = planned(page)
            if plan.is_empty:
                return ()
            if self._write(page, plan):
                return plan.promises
            self._sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 # jitter is no secret
        raise RetriableError("an order kept changing while it was written")

    def page(self, subject: str) -> Page:
        """All that is stored about a subject, in one strongly consistent read."""
        pages = row_pages(self._table, subject)
        items = {item["row"]["S"]: item for page in pages for item in page["Items"]}
        anchor = items.pop(ANCHOR, None)
        promises = {row: promise_from(item) for row, item in items.items()}
        if anchor is None:
            return Page(subject, promises=promises)
        return Page(subject, int(anchor["revision"]["N"]), read_order(anchor), promises)

    def take_over(self, rows: Iterable[DueRow], claim: str, until: datetime) -> Sequence[Promise]:
        """The promises that these rows still claim, now under the worker's own lease, with one attempt more."""
        taken = (taken_over(self._table, row, claim, until, "attempts") for row in rows)
        return [promise for item in taken if item and (promise := promise_from(item)).status in OPEN]

    def orders(self, subjects: Iterable[str]) -> Mapping[str, BookedOrder]:
        """Orders as they now stand."""
        keys = [{"subject": {"S": subject}, "row": {"S": ANCHOR}} for subject in set(subjects)]
        return {item["subject"]["S"]: read_order(item) for item in batch_get_all(self._table, keys)}

    def settle(self, before: Promise, after: Promise) -> None:
        """Write an outcome under the lease it was made under.

        Where the lease has passed on, its new owner decides. Where only what is wanted has changed, the promise is
        due again at once.
        """
        condition = "claim = :claim AND (attribute_not_exists(wanted) OR wanted = :wanted)"
        values = {":claim": {"S": before.claim or ""}, ":wanted": {"S": before.wanted or ""}}
        if not self._put_if(promise_item(after), condition, values):
            self._make_due(before)

    def defer(self, promise: Promise) -> None:
        """Write down one promise that waits. One that is written already starts its wait anew."""
        client("dynamodb").put_item(TableName=self._table, Item=promise_item(promise))

    def defer_all(self, promises: Iterable[Promise]) -> None:
        """The same for many, 25 a call; the last of several about one thing.

        :raises RetriableError: the table took only a part. Writing all again is harmless.
        """
        last = {(promise.subject, promise.row): promise_item(promise) for promise in promises}
        puts = [{"PutRequest": {"Item": item}} for item in last.values()]
        batch_write(self._table, puts, self._sleep)

    def _make_due(self, promise: Promise) -> None:
        try:
            client("dynamodb").update_item(
                TableName=self._table,
                Key={"subject": {"S": promise.subject}, "row": {"S": promise.row}},
                UpdateExpression="SET due_at = created_at REMOVE claim",
                ConditionExpression="claim = :claim",
                ExpressionAttributeValues={":claim": {"S": promise.claim or ""}},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise

    def _put_if(self, item: dict[str, Any], condition: str, values: dict[str, Any]) -> bool:
        try:
            client("dynamodb").put_item(
                TableName=self._table, Item=item, ConditionExpression=condition, ExpressionAttributeValues=values
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        return True

    def _write(self, page: Page, plan: Plan) -> bool:
        """Write a plan in one transaction; beyond a hundred items, promises first and the order with the last ones.

        A crash between two transactions leaves promises without the order's new version: the message comes again
        and finds them promised.
        """
        puts = [self._promise_put(page, promise) for promise in plan.promises]
        order = page.order if plan.order is None else plan.order
        puts.append(self._anchor_put(page, order))
        for start in range(0, len(puts), MOST_ITEMS):
            try:
                client("dynamodb").transact_write_items(TransactItems=puts[start : start + MOST_ITEMS])
            except ClientError as error:
                if error.response["Error"]["Code"] in CONFLICTS:
                    return False
                raise
        return True

    def _anchor_put(self, page: Page, order: BookedOrder) -> dict[str, Any]:
        put: dict[str, Any] = {"TableName": self._table, "Item": order_item(page.subject, page.revision + 1, order)}
        if page.revision == 0:
            return {"Put": put | {"ConditionExpression": "attribute_not_exists(subject)"}}
        values = {":revision": {"N": str(page.revision)}}
        return {"Put": put | {"ConditionExpression": "revision = :revision", "ExpressionAttributeValues": values}}

    def _promise_put(self, page: Page, promise: Promise) -> dict[str, Any]:
        put: dict[str, Any] = {"TableName": self._table, "Item": promise_item(promise)}
        known = page.promises.get(promise.row)
        if known is None:
            return {"Put": put | {"ConditionExpression": "attribute_not_exists(subject)"}}
        values = {":status": {"S": known.status}} | ({":claim": {"S": known.claim}} if known.claim else {})
        unclaimed = "claim = :claim" if known.claim else "attribute_not_exists(claim)"
        return {
            "Put": {
                **put,
                "ConditionExpression": f"#status = :status AND {unclaimed}",
                "ExpressionAttributeValues": values,
                "ExpressionAttributeNames": {"#status": "status"},
            }
        }
