"""What each destination is known to have of an address: an item an address and destination, beside the identifiers.

The key is a keyed hash. ``values`` and ``pending`` are JSON: by field, a text or null. Items of before say
``is_unsure`` where a write was in doubt, and then all of it is; a later doubt is noted so, too.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from botocore.exceptions import ClientError

from commerce_sync.aws.batch_reads import batch_get_all
from commerce_sync.aws.clients import client
from commerce_sync.aws.marshalling import from_item, to_item
from commerce_sync.contracts.told import TOLD_AT, Told, ToldAt

TOLD: Final = "observed-told#"
DIGESTS: Final = "klaviyo-confirmed#"
"""Items of before, which nobody reads any more: they go with their person."""
NOTHING: Final = "-"
"""Stood for no value in items of schema 1."""
SCHEMA_VERSION: Final = 2
LONGEST_IMPORT: Final = timedelta(hours=25)
"""Until then a bulk import may be taken up, and its end be noted."""


class Keys(Protocol):
    """The keys that identifiers are stored under."""

    def keys(self, identifier: tuple[str, str]) -> Sequence[str]:
        """All that it may stand under, the one to write under first."""


class ToldTable:
    """Fits :class:`commerce_sync.profiles.destinations.Book`."""

    def __init__(self, table: str, keys: Keys, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._table = table
        self._keys = keys
        self._clock = clock

    def key_of(self, destination: ToldAt, email: str) -> str:
        """What stands for an address at a destination, and names nobody."""
        return self._keys_of(destination, email)[0]

    def told(self, destination: ToldAt, emails: Sequence[str]) -> Mapping[str, Told]:
        """What a destination is known to have of each address, whichever pepper it was noted under."""
        keys = {email: self._keys_of(destination, email) for email in emails}
        items = self._read([key for several in keys.values() for key in several])
        found = {email: [items[key] for key in several if key in items] for email, several in keys.items()}
        return {email: _told(several, keys[email][0], self._clock()) for email, several in found.items()}

    def told_under(self, keys: Sequence[str]) -> Mapping[str, Told]:
        """What is known under these keys; those that are gone are absent."""
        return {key: _told([item], key, self._clock()) for key, item in self._read(keys).items()}

    def begin(self, key: str, told: Told) -> bool:
        """Note that a write begins, unless somebody else began one since the revision before."""
        fresh = told.revision == 1
        condition = "attribute_not_exists(revision)" if fresh else "revision = :before"
        return self._put(key, told, condition, {} if fresh else {":before": {"N": str(told.revision - 1)}})

    def end(self, key: str, told: Told) -> bool:
        """Note how a write ended, if it still is the last one. Else nobody is sure, which is noted too."""
        if self._put(key, told, "revision = :revision", {":revision": {"N": str(told.revision)}}):
            return True
        self.doubt(key)
        return False

    def doubt(self, key: str, over: int | None = None) -> None:
        """Note that nobody is sure of anything there: a write that was overtaken ended after the one that overtook.

        The revision goes on, so that whoever read before notes nothing: also not an import that is ``over``.
        """
        if over is not None and self._doubt(key, str(over)):
            return
        self._doubt(key)

    def _doubt(self, key: str, over: str = "") -> bool:
        """False where there is nothing to doubt, or no import of the revision ``over``."""
        values = {":unsure": {"BOOL": True}, ":one": {"N": "1"}}
        try:
            client("dynamodb").update_item(
                TableName=self._table,
                Key={"key": {"S": key}},
                UpdateExpression="SET is_unsure = :unsure ADD revision :one"
                + (" REMOVE imports.#over" if over else ""),
                ConditionExpression="attribute_exists(imports.#over)" if over else "attribute_exists(#key)",
                ExpressionAttributeNames={"#over": over} if over else {"#key": "key"},
                ExpressionAttributeValues=values,
            )
        except ClientError as error:
            return _is_lost(error)
        return True

    def is_underway(self, emails: Sequence[str]) -> bool:
        """Whether a bulk import at Klaviyo holds one of these, of which nobody knows yet how it ended."""
        items = self._read([key for email in emails for key in self._keys_of("klaviyo", email)])
        return any(_imports(item, self._clock()) for item in items.values())

    def known(self, emails: Sequence[str]) -> list[dict[str, Any]]:
        """What is known of these addresses, for an export."""
        items = self._read([key for email in emails for key in self._all(email)])
        hidden = {"key", "schema_version"}
        return [{name: _plain(value) for name, value in item.items() if name not in hidden} for item in items.values()]

    def forget(self, emails: Sequence[str]) -> int:
        """Remove what is known of these addresses; returns how many items there were. A repeat finds none."""
        gone = 0
        for key in (key for email in emails for key in self._all(email)):
            wanted = {"key": {"S": key}}
            answer = client("dynamodb").delete_item(TableName=self._table, Key=wanted, ReturnValues="ALL_OLD")
            gone += "Attributes" in answer
        return gone

    def _all(self, email: str) -> list[str]:
        digests = [f"{DIGESTS}{key}" for key in self._keys.keys(("email", email))]
        return [*digests, *(key for to in TOLD_AT for key in self._keys_of(to, email))]

    def _keys_of(self, destination: ToldAt, email: str) -> list[str]:
        return [f"{TOLD}{destination}#{key}" for key in self._keys.keys(("email", email))]

    def _put(self, key: str, told: Told, condition: str, values: Mapping[str, Any]) -> bool:
        item = {
            "key": key,
            "values": _json(told.values),
            "pending": _json(told.pending) if told.pending else None,
            "refused": told.refused or None,
            "versions": _json(told.versions) if told.versions else None,
            "corrections": _json(told.corrections) if told.corrections else None,
            "revision": told.revision,
            "imports": {one: at or self._clock().isoformat() for one, at in told.imports.items()} or None,
            "schema_version": SCHEMA_VERSION,
        }
        asked = {"TableName": self._table, "Item": to_item(item), "ConditionExpression": condition}
        try:
            client("dynamodb").put_item(**asked | ({"ExpressionAttributeValues": dict(values)} if values else {}))
        except ClientError as error:
            return _is_lost(error)
        return True

    def _read(self, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Items by key, as they are now."""
        wanted = [{"key": {"S": key}} for key in dict.fromkeys(keys)]
        return {item["key"]: item for item in map(from_item, batch_get_all(self._table, wanted))}


def _is_lost(error: ClientError) -> bool:
    """False for a condition that does not hold; any other error is raised."""
    if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
        raise error
    return False


def _told(items: Sequence[Mapping[str, Any]], current: str, now: datetime) -> Told:
    """What stands under an older pepper may stand at the vendor still: nobody is sure until it was told again."""
    own = next((item for item in items if item["key"] == current), None)
    doubted = {name: value for item in items if item is not own for name, value in _values(item, "values").items()}
    if own is None:
        return Told({}, doubted)
    values = _values(own, "values")
    doubted = {name: value for name, value in doubted.items() if name not in values}
    pending = {**doubted, **(values if own.get("is_unsure") else {}), **_values(own, "pending")}
    versions = json.loads(own.get("versions", "{}"))
    corrections = {name: tuple(times) for name, times in json.loads(own.get("corrections", "{}")).items()}
    return Told(values, pending, own.get("refused", ""), versions, own["revision"], _imports(own, now), corrections)


def _imports(item: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """The imports that may still be taken up; of one that nobody saw the end of (a worker died) the time is over."""
    noted = (item.get("imports") or {}).items()
    return {one: at for one, at in noted if now - datetime.fromisoformat(at) < LONGEST_IMPORT}


def _values(item: Mapping[str, Any], name: str) -> dict[str, str | None]:
    kept = item.get(name, "{}")
    if isinstance(kept, str):
        found: dict[str, str | None] = json.loads(kept)
        return found
    return {field: None if value == NOTHING else value for field, value in kept.items()}


def _plain(kept: Any) -> Any:
    return json.loads(kept) if isinstance(kept, str) and kept.startswith("{") else kept


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
