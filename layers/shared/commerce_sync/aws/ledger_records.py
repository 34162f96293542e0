"""Every record of the ledger, page by page, for those who look for the records of one source."""

import json
from collections.abc import Iterator
from typing import Any

from commerce_sync.aws.clients import client
from commerce_sync.aws.ledger_items import record_of
from commerce_sync.aws.marshalling import from_item
from commerce_sync.contracts.consent import ConsentRecord
from commerce_sync.contracts.consent_ledger import CANARY, ENTRY


class LedgerRecords:
    """A scan that can be put down and taken up again. What is written meanwhile may be met or not."""

    def __init__(self, ledger_table: str) -> None:
        self._table = ledger_table

    def pages(self, cursor: str = "", source: str | None = None) -> Iterator[tuple[list[ConsentRecord], str]]:
        """Pages of records without their sealed part, of one source or of all, each with the cursor after it.

        The cursor after the last page is empty.
        """
        asked: dict[str, Any] = {"TableName": self._table, "ConsistentRead": True, **_filtered(source)}
        while True:
            if cursor:
                asked["ExclusiveStartKey"] = json.loads(cursor)
            answer = client("dynamodb").scan(**asked)
            key = answer.get("LastEvaluatedKey")
            cursor = json.dumps(key) if key else ""
            items = [one for one in map(from_item, answer["Items"]) if one["address_key"] != CANARY]
            yield [record_of(one, one["address_key"]) for one in items], cursor
            if not cursor:
                return


def _filtered(source: str | None) -> dict[str, Any]:
    """Entries only; and, since a record stands there as JSON, only those that hold the source's name as written."""
    values = {":entry": {"S": ENTRY}}
    if source is None:
        return {"FilterExpression": "begins_with(entry, :entry)", "ExpressionAttributeValues": values}
    values[":source"] = {"S": f'"source":{json.dumps(source)}'}
    return {
        "FilterExpression": "begins_with(entry, :entry) AND contains(#record, :source)",
        "ExpressionAttributeNames": {"#record": "record"},
        "ExpressionAttributeValues": values,
    }
