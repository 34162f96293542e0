"""The control table: small documents by name, with a revision each: cursors, modes, the baseline, the brake."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from commerce_sync.aws.clients import client
from commerce_sync.aws.marshalling import from_item, to_item
from commerce_sync.errors import RetriableError

Document = Mapping[str, Any]
ATTEMPTS = 5


class Control:
    """Documents are JSON objects. A document that is not there reads as ``{}`` with revision 0."""

    def __init__(self, table: str) -> None:
        self._table = table

    def read(self, name: str) -> tuple[Document, int]:
        """A document and its revision, strongly consistent."""
        item = client("dynamodb").get_item(TableName=self._table, Key=to_item({"name": name}), ConsistentRead=True)
        values = from_item(item.get("Item") or {})
        return (json.loads(values["body"]), values["revision"]) if values else ({}, 0)

    def write(self, name: str, document: Document, revision: int) -> bool:
        """Write over the revision that was read. False where somebody else was faster."""
        try:
            client("dynamodb").put_item(
                TableName=self._table,
                Item=document_item(name, document, revision + 1),
                ConditionExpression="attribute_not_exists(#name) OR revision = :read",
                ExpressionAttributeNames={"#name": "name"},
                ExpressionAttributeValues={":read": {"N": str(revision)}},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def change(self, name: str, changed: Callable[[Document], Document]) -> Document:
        """Read, change, write; again where somebody else was faster. Returns what stands there now.

        :raises RetriableError: it kept changing.
        """
        for _ in range(ATTEMPTS):
            document, revision = self.read(name)
            new = changed(document)
            if self.write(name, new, revision):
                return new
        raise RetriableError(f"the control document {name.partition('#')[0]} kept changing")

    def add(self, name: str, number: int) -> int:
        """Add to a counter; returns what it is now."""
        answer = client("dynamodb").update_item(
            TableName=self._table,
            Key=to_item({"name": name}),
            UpdateExpression="ADD counted :number",
            ExpressionAttributeValues={":number": {"N": str(number)}},
            ReturnValues="UPDATED_NEW",
        )
        return int(answer["Attributes"]["counted"]["N"])

    def counted(self, name: str) -> int:
        """What a counter is now; 0 where nothing was counted."""
        item = client("dynamodb").get_item(TableName=self._table, Key=to_item({"name": name}), ConsistentRead=True)
        return int(from_item(item.get("Item") or {}).get("counted", 0))

    def named(self, prefix: str) -> Iterator[tuple[str, Document]]:
        """Every document whose name begins so. The table is small: it is read whole."""
        for page in client("dynamodb").get_paginator("scan").paginate(TableName=self._table, ConsistentRead=True):
            for item in map(from_item, page["Items"]):
                if item["name"].startswith(prefix) and "body" in item:
                    yield item["name"], json.loads(item["body"])


def document_item(name: str, document: Document, revision: int) -> dict[str, Any]:
    """A document as it is stored."""
    return to_item({"name": name, "body": json.dumps(document), "revision": revision, "schema_version": 1})
