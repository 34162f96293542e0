"""What is observed of people: items beside the identifiers.

Under an identifier's key stands what was said about it, an attribute a property, each written only over what is older:
so the newest stays whatever the order. An item names its identifier, because its owner is to be told of later; an
erasure removes it.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from botocore.exceptions import ClientError

from commerce_sync.aws.batch_reads import batch_get_all
from commerce_sync.aws.clients import client
from commerce_sync.aws.marshalling import from_item, to_item
from commerce_sync.aws.told import Keys
from commerce_sync.contracts.advanced import Said
from commerce_sync.contracts.identity_book import Identifier

OBSERVED: Final = "observed#"
SAID: Final = "said_"


class ObservedTable:
    """Fits :class:`commerce_sync.profiles.observing.Book`."""

    def __init__(self, table: str, keys: Keys) -> None:
        self._table = table
        self._keys = keys

    def keep(self, identifier: Identifier, name: str, said: Said) -> str:
        """Keep what was said, unless something newer stands there; the key that names its person and nobody."""
        key = self._keys.keys(identifier)[0]
        ends = said.expires_at.isoformat() if said.expires_at else None
        entry = {"value": said.value, "observed_at": said.observed_at.isoformat(), "expires_at": ends}
        values = {
            ":said": {**entry, "version": said.version},
            ":kind": identifier[0],
            ":whose": identifier[1],
            ":schema": 1,
            ":version": said.version,
        }
        self._update(
            f"{OBSERVED}{key}",
            "SET #said = :said, kind = :kind, whose = :whose, schema_version = :schema",
            "attribute_not_exists(#said) OR #said.#version < :version",
            values,
            {"#said": f"{SAID}{name}", "#version": "version"},
        )
        return key

    def name(self, identifier: Identifier) -> str:
        """The key that names somebody and nobody, where nothing was said of them too."""
        key = self._keys.keys(identifier)[0]
        item = {"key": f"{OBSERVED}{key}", "kind": identifier[0], "whose": identifier[1], "schema_version": 1}
        with suppress(client("dynamodb").exceptions.ConditionalCheckFailedException):
            client("dynamodb").put_item(
                TableName=self._table,
                Item=to_item(item),
                ConditionExpression="attribute_not_exists(#key)",
                ExpressionAttributeNames={"#key": "key"},
            )
        return key

    def whose(self, key: str) -> Identifier | None:
        """Whom a key names; None where nothing is kept any more."""
        item = self._read([f"{OBSERVED}{key}"]).get(f"{OBSERVED}{key}")
        return (item["kind"], item["whose"]) if item else None

    def sayings(self, identifiers: Sequence[Identifier]) -> Iterable[Mapping[str, Said]]:
        """What was said under each, whichever pepper it was kept under."""
        items = self._read([f"{OBSERVED}{key}" for one in identifiers for key in self._keys.keys(one)])
        return [_sayings(item) for item in items.values()]

    def known(self, identifiers: Sequence[Identifier]) -> list[dict[str, Any]]:
        """What is kept of a person, for an export."""
        items = self._read(self._all(identifiers))
        return [{name: value for name, value in item.items() if name != "key"} for item in items.values()]

    def forget(self, identifiers: Sequence[Identifier]) -> int:
        """Remove what is kept of these identifiers; returns how many items there were. A repeat finds none."""
        gone = 0
        for key in self._all(identifiers):
            wanted = {"key": {"S": key}}
            answer = client("dynamodb").delete_item(TableName=self._table, Key=wanted, ReturnValues="ALL_OLD")
            gone += "Attributes" in answer
        return gone

    def _all(self, identifiers: Sequence[Identifier]) -> list[str]:
        return list(dict.fromkeys(f"{OBSERVED}{key}" for one in identifiers for key in self._keys.keys(one)))

    def _update(
        self, key: str, expression: str, condition: str, values: Mapping[str, Any], names: Mapping[str, str]
    ) -> bool:
        try:
            client("dynamodb").update_item(
                TableName=self._table,
                Key={"key": {"S": key}},
                UpdateExpression=expression,
                ConditionExpression=condition,
                ExpressionAttributeNames=dict(names),
                ExpressionAttributeValues=to_item(dict(values)),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        return True

    def _read(self, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Items by key, as they are now."""
        wanted = [{"key": {"S": key}} for key in dict.fromkeys(keys)]
        return {item["key"]: item for item in map(from_item, batch_get_all(self._table, wanted))}


def _sayings(item: Mapping[str, Any]) -> dict[str, Said]:
    entries = {name.removeprefix(SAID): entry for name, entry in item.items() if name.startswith(SAID)}
    return {
        name: Said(entry.get("value"), datetime.fromisoformat(entry["observed_at"]), _moment(entry.get("expires_at")))
        for name, entry in entries.items()
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
