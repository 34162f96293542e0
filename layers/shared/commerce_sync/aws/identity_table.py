"""The identity book on DynamoDB: a pointer item under each identifier's key, and an item a neighbourhood.

Only neighbourhoods hold addresses; a pointer's key is a keyed hash. One transaction writes a neighbourhood with all the
pointers that change, on condition that every version still is the one that was read.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from commerce_sync.aws.batch_reads import batch_get_all
from commerce_sync.aws.clients import client
from commerce_sync.aws.marshalling import from_item, to_item
from commerce_sync.contracts.identity_book import Neighbourhood, Pointer, Update
from commerce_sync.errors import RetriableError

LOST_RACES = frozenset({"ConditionalCheckFailed", "TransactionConflict"})


class IdentityTable:
    """Pointers and neighbourhoods."""

    def __init__(self, table: str) -> None:
        self.table = table

    def pointers(self, keys: Sequence[str]) -> Mapping[str, Pointer]:
        """The pointers under these keys, in one strongly consistent read a hundred."""
        return {item["key"]: pointer_of(item) for item in self._items(keys)}

    def neighbourhoods(self, ids: Sequence[str]) -> Mapping[str, Neighbourhood]:
        """Neighbourhoods by id; those that are no more are absent."""
        items = self._items([_key(one) for one in ids])
        found = (Neighbourhood.model_validate_json(item["body"]) for item in items)
        return {one.neighbourhood_id: one for one in found}

    def save(self, update: Update) -> bool:
        """One transaction. False where another worker was faster.

        :raises RetriableError: the table is throttled.
        """
        puts = [self._pointer(key, pointer, fresh=key in update.fresh) for key, pointer in update.pointers.items()]
        gone = [self._gone(one, version) for one, version in update.gone.items()]
        dropped = [{"Delete": {"TableName": self.table, "Key": to_item({"key": key})}} for key in update.dropped]
        items = [*map(self._neighbourhood, update.kept), *gone, *puts, *dropped]
        try:
            client("dynamodb").transact_write_items(TransactItems=items)
        except ClientError as error:
            if error.response["Error"]["Code"] != "TransactionCanceledException":
                raise
            reasons = {reason.get("Code") for reason in error.response.get("CancellationReasons", [])}
            if not reasons & LOST_RACES:
                raise RetriableError("the identity table refused a transaction") from error
            return False
        return True

    def _items(self, keys: Sequence[str]) -> Iterator[dict[str, Any]]:
        return map(from_item, batch_get_all(self.table, [{"key": {"S": key}} for key in keys]))

    def _neighbourhood(self, neighbourhood: Neighbourhood) -> dict[str, Any]:
        body = neighbourhood.model_dump_json(exclude_defaults=True)
        key, version = _key(neighbourhood.neighbourhood_id), neighbourhood.version
        item = to_item({"key": key, "body": body, "version": version, "schema_version": 1})
        return {"Put": {"TableName": self.table, "Item": item, **_still(version - 1)}}

    def _gone(self, neighbourhood_id: str, version: int) -> dict[str, Any]:
        return {"Delete": {"TableName": self.table, "Key": to_item({"key": _key(neighbourhood_id)}), **_still(version)}}

    def _pointer(self, key: str, pointer: Pointer, *, fresh: bool) -> dict[str, Any]:
        put: dict[str, Any] = {"TableName": self.table, "Item": to_item(item_of(key, pointer))}
        if fresh:
            put |= _unclaimed(pointer)
        return {"Put": put}


def pointer_of(item: Mapping[str, Any]) -> Pointer:
    """The pointer that an item holds."""
    erased_at = item.get("erased_at")
    return Pointer(
        profile_id=item.get("profile_id"),
        neighbourhood_id=item.get("neighbourhood_id"),
        wide=bool(item.get("wide", False)),
        met=bool(item.get("met", False)),
        named=bool(item.get("named", False)),
        policy=item.get("policy", ""),
        links=item.get("links", {}),
        erased_at=datetime.fromisoformat(erased_at) if erased_at else None,
    )


def item_of(key: str, pointer: Pointer) -> dict[str, Any]:
    """The item that holds a pointer."""
    values = {
        "profile_id": pointer.profile_id,
        "neighbourhood_id": pointer.neighbourhood_id,
        "wide": pointer.wide or None,
        "met": pointer.met or None,
        "named": pointer.named or None,
        "policy": pointer.policy or None,
        "links": dict(pointer.links) or None,
        "erased_at": pointer.erased_at.isoformat() if pointer.erased_at else None,
    }
    return {"key": key, "schema_version": 1} | {name: value for name, value in values.items() if value is not None}


def _key(neighbourhood_id: str) -> str:
    return f"neighbourhood#{neighbourhood_id}"


def _still(version: int) -> dict[str, Any]:
    """The condition that a neighbourhood is as it was read; 0 is one that must not exist."""
    if not version:
        return {"ConditionExpression": "attribute_not_exists(#key)", "ExpressionAttributeNames": {"#key": "key"}}
    return {
        "ConditionExpression": "version = :was",
        "ExpressionAttributeValues": {":was": {"N": str(version)}},
    }


def _unclaimed(pointer: Pointer) -> dict[str, Any]:
    """The condition that no profile stands there, and no mark of erasure but the one that was read."""
    if pointer.erased_at is None:
        return {"ConditionExpression": "attribute_not_exists(profile_id) AND attribute_not_exists(erased_at)"}
    return {
        "ConditionExpression": "attribute_not_exists(profile_id) AND (erased_at = :read OR attribute_not_exists(#key))",
        "ExpressionAttributeNames": {"#key": "key"},
        "ExpressionAttributeValues": {":read": {"S": pointer.erased_at.isoformat()}},
    }
