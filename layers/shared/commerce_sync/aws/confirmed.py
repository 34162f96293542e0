"""What Klaviyo is known to have of each profile: the digest last written and accepted."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from botocore.exceptions import ClientError

from commerce_sync.aws.clients import client
from commerce_sync.aws.marshalling import from_item, to_item
from commerce_sync.errors import RetriableError

MOST_KEYS = 100
CONFIRMED = "klaviyo-confirmed#"


class Digested(Protocol):
    """A profile's content."""

    @property
    def email(self) -> str:
        """Whose."""

    @property
    def digest(self) -> str:
        """Equal for equal content."""

    @property
    def version(self) -> str:
        """Sorts as its owner's modified time does."""


Profile = TypeVar("Profile", bound=Digested)


class Keys(Protocol):
    """The keys that identifiers are stored under."""

    def keys(self, identifier: tuple[str, str]) -> Sequence[str]:
        """All that it may stand under, the one to write under first."""


class ConfirmedProfiles:
    """One item an address, beside the identifiers and under a key that names nobody."""

    def __init__(self, table: str, keys: Keys) -> None:
        self._table = table
        self._keys = keys

    def without_known(self, profiles: Sequence[Profile]) -> list[Profile]:
        """Those profiles whose content is not what was last confirmed."""
        known: dict[str, str] = {}
        for start in range(0, len(profiles), MOST_KEYS):
            keys = [{"key": {"S": self._key(profile.email)}} for profile in profiles[start : start + MOST_KEYS]]
            answer = client("dynamodb").batch_get_item(RequestItems={self._table: {"Keys": keys}})
            if answer.get("UnprocessedKeys"):
                raise RetriableError("the identity table answered only in part")
            items = [from_item(item) for item in answer["Responses"].get(self._table, [])]
            known |= {item["key"]: item["digest"] for item in items}
        return [profile for profile in profiles if known.get(self._key(profile.email)) != profile.digest]

    def confirm(self, profile: Digested) -> bool:
        """Remember what was accepted. A crash before this writes the same profile once more.

        False where another worker confirmed a newer version meanwhile: ours may have overwritten it at the vendor,
        so nothing is confirmed any more, and whoever syncs next writes.
        """
        key = self._key(profile.email)
        known = {"key": key, "digest": profile.digest, "version": profile.version, "schema_version": 1}
        try:
            client("dynamodb").put_item(
                TableName=self._table,
                Item=to_item(known),
                ConditionExpression="attribute_not_exists(version) OR version <= :version",
                ExpressionAttributeValues={":version": {"S": profile.version}},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            client("dynamodb").update_item(
                TableName=self._table,
                Key={"key": {"S": key}},
                UpdateExpression="SET digest = :nothing",
                ExpressionAttributeValues={":nothing": {"S": "-"}},
            )
            return False
        return True

    def known(self, emails: Sequence[str]) -> list[dict[str, Any]]:
        """What is known of these addresses."""
        keys = [{"key": {"S": key}} for email in emails for key in self._all(email)]
        answers = (client("dynamodb").get_item(TableName=self._table, Key=key) for key in keys)
        return [from_item(answer["Item"]) for answer in answers if "Item" in answer]

    def forget(self, emails: Sequence[str]) -> int:
        """Remove what is known of these addresses; returns how many there were. A repeat finds none."""
        gone = 0
        for key in (key for email in emails for key in self._all(email)):
            wanted = {"key": {"S": key}}
            answer = client("dynamodb").delete_item(TableName=self._table, Key=wanted, ReturnValues="ALL_OLD")
            gone += "Attributes" in answer
        return gone

    def _key(self, email: str) -> str:
        return self._all(email)[0]

    def _all(self, email: str) -> list[str]:
        return [f"{CONFIRMED}{key}" for key in self._keys.keys(("email", email))]
