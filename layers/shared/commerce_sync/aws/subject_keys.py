"""The data key of each subject: what of the consent ledger names a person can be read by it alone.

A subject is one address. Its key comes from KMS, bound to the address's key, and is stored wrapped, with the address
sealed under it. To erase a subject is to delete the item: every sealed part in the ledger is noise from then on, in
every process, for none opens anything without having read the item. The table's backups forget it after a week.
"""

import json
import os
from base64 import b64decode, b64encode
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from commerce_sync.aws.clients import client
from commerce_sync.aws.marshalling import from_item, to_item
from commerce_sync.contracts.consent import Address

REMEMBERED = 1024
"""Plain keys that a process remembers: what it works on now."""
NONCE = 12
SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class SubjectKey:
    """A key as it is stored. ``key_id`` is another after each erasure; ``address`` is sealed under the key."""

    address_key: str
    key_id: str
    wrapped: str
    address: str


class SubjectKeys:
    """Makes keys, seals and opens with them, and shreds them."""

    def __init__(self, table: str, kms_key_id: str) -> None:
        self.table = table
        self._kms_key_id = kms_key_id
        self._plain: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def read(self, address_key: str) -> SubjectKey | None:
        """The subject's key, strongly consistent; None where there is none, or no longer."""
        wanted = {"TableName": self.table, "Key": to_item({"address_key": address_key}), "ConsistentRead": True}
        item = client("dynamodb").get_item(**wanted).get("Item")
        return subject_key_from(item) if item else None

    def make(self, address_key: str, address: Address) -> SubjectKey:
        """A new key. It is not stored yet: that belongs in the transaction of the first entry under it."""
        answer = client("kms").generate_data_key(
            KeyId=self._kms_key_id, KeySpec="AES_256", EncryptionContext={"address_key": address_key}
        )
        key_id = uuid4().hex
        self._remember(key_id, answer["Plaintext"])
        bare = SubjectKey(address_key, key_id, b64encode(answer["CiphertextBlob"]).decode(), "")
        return SubjectKey(bare.address_key, key_id, bare.wrapped, self.seal(bare, key_id, json.dumps(address).encode()))

    def seal(self, key: SubjectKey, name: str, plain: bytes) -> str:
        """Encrypt with AES-256-GCM, bound to the subject and to a name (a record's id)."""
        nonce = os.urandom(NONCE)
        sealed = AESGCM(self._plain_key(key)).encrypt(nonce, plain, _bound(key.address_key, name))
        return b64encode(nonce + sealed).decode()

    def open(self, key: SubjectKey, name: str, sealed: str) -> bytes:
        """What was sealed for this subject under this name.

        :raises cryptography.exceptions.InvalidTag: it was not.
        """
        data = b64decode(sealed)
        return AESGCM(self._plain_key(key)).decrypt(data[:NONCE], data[NONCE:], _bound(key.address_key, name))

    def address(self, key: SubjectKey) -> Address:
        """The address that a key belongs to."""
        channel, value = json.loads(self.open(key, key.key_id, key.address))
        return channel, value

    def shred(self, address_key: str) -> bool:
        """Delete the subject's key for good. False where there was none."""
        answer = client("dynamodb").delete_item(
            TableName=self.table, Key=to_item({"address_key": address_key}), ReturnValues="ALL_OLD"
        )
        if not answer.get("Attributes"):
            return False
        with self._lock:
            self._plain.pop(from_item(answer["Attributes"])["key_id"], None)
        return True

    def _plain_key(self, key: SubjectKey) -> bytes:
        with self._lock:
            known = self._plain.get(key.key_id)
        if known is None:
            known = client("kms").decrypt(
                KeyId=self._kms_key_id,
                CiphertextBlob=b64decode(key.wrapped),
                EncryptionContext={"address_key": key.address_key},
            )["Plaintext"]
        self._remember(key.key_id, known)
        return known

    def _remember(self, key_id: str, plain: bytes) -> None:
        with self._lock:
            self._plain[key_id] = plain
            self._plain.move_to_end(key_id)
            while len(self._plain) > REMEMBERED:
                self._plain.popitem(last=False)


def subject_key_put(table: str, key: SubjectKey, *, is_new: bool) -> dict[str, Any]:
    """The key's part in a transaction: to store it, or to require that it is still there.

    A key that stands there is written again as it is: so a key that was shredded meanwhile is never written under.
    """
    put = {"TableName": table, "Item": _item(key)}
    if is_new:
        return {"Put": put | {"ConditionExpression": "attribute_not_exists(address_key)"}}
    values = {":key_id": {"S": key.key_id}}
    return {"Put": put | {"ConditionExpression": "key_id = :key_id", "ExpressionAttributeValues": values}}


def subject_key_from(item: dict[str, Any]) -> SubjectKey:
    """A key read back."""
    values = from_item(item)
    return SubjectKey(values["address_key"], values["key_id"], values["wrapped"], values["address"])


def _item(key: SubjectKey) -> dict[str, Any]:
    values = {"address_key": key.address_key, "key_id": key.key_id, "wrapped": key.wrapped, "address": key.address}
    return to_item({**values, "schema_version": SCHEMA_VERSION})


def _bound(*parts: str) -> bytes:
    """Parts, each after its length: what a sealed text belongs to."""
    return b"".join(len(part.encode()).to_bytes(8, "big") + part.encode() for part in parts)
