"""The ledger and its heads as a verification reads them: everything, as it is stored, page by page."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from commerce_sync.aws.clients import client
from commerce_sync.aws.ledger_items import head_from
from commerce_sync.aws.marshalling import to_item
from commerce_sync.contracts.consent_ledger import Head, Leaf, Stored
from commerce_sync.errors import RetriableError

MOST_KEYS = 100
UNSEALED_INDEX = "unsealed"


class LedgerScan:
    """Fits ``Chains`` of verifying and ``Heads`` of sealing. The ledger is only read."""

    def __init__(self, ledger: str, heads: str) -> None:
        self._ledger = ledger
        self._heads = heads

    def entries(self) -> Iterator[Stored]:
        """Every item of the ledger: a scan gives those of one partition together."""
        for page in client("dynamodb").get_paginator("scan").paginate(TableName=self._ledger, ConsistentRead=True):
            yield from map(as_stored, page["Items"])

    def heads(self) -> Iterator[Head]:
        """Every head."""
        for page in client("dynamodb").get_paginator("scan").paginate(TableName=self._heads, ConsistentRead=True):
            yield from map(_head, page["Items"])

    def chain(self, address_key: str) -> tuple[Sequence[Stored], Head | None]:
        """One chain, after its head: what was written between the two looks like more entries than the head counts."""
        pages = (
            client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=self._ledger,
                ConsistentRead=True,
                KeyConditionExpression="address_key = :key",
                ExpressionAttributeValues={":key": {"S": address_key}},
            )
        )
        key = to_item({"address_key": address_key})
        head = client("dynamodb").get_item(TableName=self._heads, Key=key, ConsistentRead=True).get("Item")
        items = [as_stored(item) for page in pages for item in page["Items"]]
        return items, _head(head) if head else None

    def unsealed(self, most: int) -> Sequence[Head]:
        """Chains that have grown since they were sealed, those that wait longest first.

        The index may lag, so each head is read again: what is sealed twice would be counted twice.
        """
        found = client("dynamodb").query(
            TableName=self._heads,
            IndexName=UNSEALED_INDEX,
            KeyConditionExpression="unsealed = :yes",
            ExpressionAttributeValues={":yes": {"S": "1"}},
            Limit=most,
        )["Items"]
        keys = [{"address_key": item["address_key"]} for item in found]
        items = [
            item for start in range(0, len(keys), MOST_KEYS) for item in self._get(keys[start : start + MOST_KEYS])
        ]
        return sorted((head_from(item) for item in items if "unsealed" in item), key=lambda head: head.address_key)

    def mark(self, leaf: Leaf) -> None:
        """Note how far a chain is sealed. One that has grown since stays among those to be sealed."""
        values = {":seq": {"N": str(leaf.seq)}}
        if self._update(leaf, "SET sealed = :seq REMOVE unsealed, sealing_after", "seq = :seq", values):
            return
        self._update(leaf, "SET sealed = :seq", "seq > :seq AND sealed < :seq", values)

    def _update(self, leaf: Leaf, change: str, condition: str, values: Mapping[str, Any]) -> bool:
        try:
            client("dynamodb").update_item(
                TableName=self._heads,
                Key=to_item({"address_key": leaf.address_key}),
                UpdateExpression=change,
                ConditionExpression=condition,
                ExpressionAttributeValues=values,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        return True

    def _get(self, keys: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        request = {self._heads: {"Keys": keys, "ConsistentRead": True}}
        answer = client("dynamodb").batch_get_item(RequestItems=request)
        if answer.get("UnprocessedKeys"):
            raise RetriableError("the ledger's heads answered only in part")
        items: list[dict[str, Any]] = answer["Responses"].get(self._heads, [])
        return items


def as_stored(item: Mapping[str, Any]) -> Stored:
    """An item as plain values, whatever somebody may have put in: what has no form of ours is told by its type."""
    return {name: _plain(*next(iter(attribute.items()))) for name, attribute in item.items()}


def _plain(kind: str, value: Any) -> str | int:
    if kind == "S":
        return str(value)
    if kind == "N" and str(value).lstrip("-").isdecimal():
        return int(value)
    return f"{kind}:{json.dumps(value, default=repr, sort_keys=True)}"


def _head(item: Mapping[str, Any]) -> Head:
    """A head, whatever somebody may have put in it."""
    values = as_stored(item)
    seq = values.get("seq")
    return Head(str(values["address_key"]), seq if isinstance(seq, int) else -1, str(values.get("hash")))
