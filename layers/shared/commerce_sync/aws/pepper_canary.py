"""A mark in the identity table by which a lost or changed pepper is noticed before anything is written under it."""

from typing import Protocol

from botocore.exceptions import ClientError

from commerce_sync.aws.clients import client
from commerce_sync.aws.marshalling import from_item, to_item
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.errors import ConfigurationError

CANARY: Identifier = ("canary", "pepper")
KEY = "canary"


class Keys(Protocol):
    """Keys under every pepper."""

    def key(self, identifier: Identifier) -> str:
        """Under the current one."""

    def keys(self, identifier: Identifier) -> tuple[str, ...]:
        """Under all."""


def check_pepper(table: str, keys: Keys, *, leave: bool) -> None:
    """Refuse peppers under which this table's marks cannot be found. The first to write leaves the mark (``leave``).

    A new version beside the old ones is welcome: the old mark is found under it.

    :raises ConfigurationError: the pepper that the table was written under is not among them.
    """
    known = _read(table)
    if known is None and not leave:
        return  # nothing was written yet, so nobody can be missed
    if known is None:
        known = _leave(table, keys.key(CANARY)) or _read(table)
    if known not in keys.keys(CANARY):
        raise ConfigurationError("the pepper is not the one that the identity table was written under: restore it")


def _read(table: str) -> str | None:
    wanted = {table: {"Keys": [to_item({"key": KEY})], "ConsistentRead": True}}
    answer = client("dynamodb").batch_get_item(RequestItems=wanted)
    items = [from_item(item) for item in answer["Responses"].get(table, [])]
    return str(items[0]["hashed"]) if items else None


def _leave(table: str, hashed: str) -> str | None:
    """Leave the mark; None where somebody else was faster."""
    try:
        client("dynamodb").put_item(
            TableName=table,
            Item=to_item({"key": KEY, "hashed": hashed, "schema_version": 1}),
            ConditionExpression="attribute_not_exists(#key)",
            ExpressionAttributeNames={"#key": "key"},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return None
    return hashed
