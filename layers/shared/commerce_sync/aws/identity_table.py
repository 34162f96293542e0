"""Identifiers and the profiles that hold them: one item an identifier, one item a profile."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from commerce_sync.aws.clients import client
from commerce_sync.aws.marshalling import from_item, to_item
from commerce_sync.errors import RetriableError

MOST_KEYS = 100


class IdentityTable:
    """Claims identifiers by conditional writes."""

    def __init__(self, table: str) -> None:
        self._table = table

    def profiles_of(self, identifiers: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        """The profile ids of those identifiers that are known, in one strongly consistent read a hundred."""
        keys = {_key(*identifier): identifier for identifier in identifiers}
        return {keys[item["key"]]: item["profile_id"] for item in self._items(list(keys))}

    def _items(self, keys: Sequence[str]) -> Iterator[dict[str, Any]]:
        for start in range(0, len(keys), MOST_KEYS):
            wanted = [{"key": {"S": key}} for key in keys[start : start + MOST_KEYS]]
            answer = client("dynamodb").batch_get_item(
                RequestItems={self._table: {"Keys": wanted, "ConsistentRead": True}}
            )
            if answer.get("UnprocessedKeys"):
                raise RetriableError("the identity table answered only in part")
            yield from (from_item(item) for item in answer["Responses"].get(self._table, []))

    def claim(self, profile_id: str, identifiers: Sequence[tuple[str, str]]) -> bool:
        """Give unclaimed identifiers to a profile in one transaction. False where one was claimed meanwhile."""
        keys = [_key(*identifier) for identifier in identifiers]
        puts = [self._put(key, profile_id) for key in keys]
        join = {
            "TableName": self._table,
            "Key": {"key": {"S": f"profile#{profile_id}"}},
            "UpdateExpression": "ADD identifiers :identifiers SET schema_version = :version",
            "ExpressionAttributeValues": {":identifiers": {"SS": keys}, ":version": {"N": "1"}},
        }
        try:
            client("dynamodb").transact_write_items(TransactItems=[*puts, {"Update": join}])
        except ClientError as error:
            if error.response["Error"]["Code"] == "TransactionCanceledException":
                return False
            raise
        return True

    def _put(self, key: str, profile_id: str) -> dict[str, object]:
        item = to_item({"key": key, "profile_id": profile_id, "schema_version": 1})
        condition = {"ConditionExpression": "attribute_not_exists(#key)", "ExpressionAttributeNames": {"#key": "key"}}
        return {"Put": {"TableName": self._table, "Item": item, **condition}}


def _key(kind: str, value: str) -> str:
    return f"{kind}#{value}"
