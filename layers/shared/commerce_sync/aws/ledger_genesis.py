"""The ledger's own first entry: its heads, the subjects' keys and the control table know it, and it knows the pepper.

An empty ledger must never look like permission, nor a lost table of keys like everybody's erasure. All are written in
one transaction, by the first who writes; whoever finds only some of them, or others, or a pepper under which it reads
otherwise, refuses.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from botocore.exceptions import ClientError

from commerce_sync.aws.clients import client
from commerce_sync.aws.control import Control, Document, document_item
from commerce_sync.aws.ledger_items import SCHEMA_VERSION, head_from, head_put, new_put, slot_values
from commerce_sync.aws.ledger_reading import Keys, Places
from commerce_sync.aws.marshalling import from_item, to_item
from commerce_sync.aws.promise_items import moment
from commerce_sync.contracts.consent_ledger import CANARY, GENESIS, Head, Stored, entry_name
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.errors import LedgerLostError

DOCUMENT = "ledger"
PEPPERED: Identifier = ("canary", "ledger")
ATTEMPTS = 4
EntryHash = Callable[[str, Stored], str]


@dataclass(frozen=True, slots=True)
class _Marks:
    """The first entry, its head, what the control table says of them, and the mark among the subjects' keys."""

    entry: Stored | None
    head: Head | None
    document: Document
    keys: Stored | None

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever written."""
        return self.entry is None and self.head is None and not self.document and self.keys is None


def ensure_ledger(
    places: Places,
    keys: Keys,
    entry_hash: EntryHash,
    now: Callable[[], datetime],
    *,
    leave: bool,
    sleep: Callable[[float], None] = time.sleep,
) -> bool:
    """Refuse a ledger that is not the one that was written to. The first to write leaves the marks (``leave``).

    Returns whether the ledger was ever written to: False only where ``leave`` is not set.

    :raises LedgerLostError: the ledger, its heads or the control table was lost or recreated, or the pepper changed.
    """
    problem = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            sleep(0.05 * 2**attempt)  # another's transaction may be seen in part
        marks = _read(places)
        if marks.is_new and not leave:
            return False
        if marks.is_new and _leave(places, keys.key(PEPPERED), entry_hash, now()):
            return True
        problem = _problem(marks, keys, entry_hash)
        if not problem:
            return True
    raise LedgerLostError(f"{problem}: no consent is written. Restore what is missing")


def _problem(marks: _Marks, keys: Keys, entry_hash: EntryHash) -> str:
    """Why this is not the ledger that was written to; nothing where it is."""
    if marks.entry is None or marks.head is None or not marks.document:
        return _loss(marks)
    if marks.document.get("ledger_id") != marks.entry.get("ledger_id"):
        return "the consent ledger is not the one that the control table knows"
    if marks.head.hash != entry_hash("", marks.entry):
        return "the heads are those of another consent ledger"
    if marks.entry.get("marks_keys") and (marks.keys or {}).get("ledger_id") != marks.entry.get("ledger_id"):
        return "the subjects' keys were lost or recreated"
    return "" if marks.entry.get("canary") in keys.keys(PEPPERED) else "the pepper is not the ledger's"


def _loss(marks: _Marks) -> str:
    if marks.is_new:
        return "the consent ledger could not be begun"
    if marks.entry is None:
        return "the consent ledger was lost or recreated"
    if marks.head is None:
        return "the heads of the consent ledger were lost or recreated"
    return "the control table was lost or recreated: it does not know the consent ledger"


def _read(places: Places) -> _Marks:
    document, _ = Control(places.control).read(DOCUMENT)
    entry = _get(places.ledger, {"address_key": CANARY, "entry": entry_name(GENESIS)})
    head = _get(places.heads, {"address_key": CANARY})
    keys = _get(places.subject_keys, {"address_key": CANARY})
    return _Marks(
        from_item(entry) if entry else None,
        head_from(head) if head else None,
        document,
        from_item(keys) if keys else None,
    )


def _get(table: str, key: Mapping[str, str]) -> dict[str, Any] | None:
    answer = client("dynamodb").get_item(TableName=table, Key=to_item(dict(key)), ConsistentRead=True)
    item: dict[str, Any] | None = answer.get("Item")
    return item


def _leave(places: Places, canary: str, entry_hash: EntryHash, now: datetime) -> bool:
    """Begin the ledger. False where somebody else was faster, or where a part of it is there."""
    entry = {
        "address_key": CANARY,
        "entry": entry_name(GENESIS),
        "seq": 1,
        "ledger_id": uuid4().hex,
        "canary": canary,
        "begun_at": moment(now),
        "marks_keys": 1,
        "schema_version": SCHEMA_VERSION,
    }
    hashed = entry_hash("", entry)
    document = document_item(DOCUMENT, {"ledger_id": entry["ledger_id"], "begun_at": entry["begun_at"]}, 1)
    items = [
        new_put(places.ledger, entry),
        new_put(places.ledger, slot_values(CANARY, 1, GENESIS, "", hashed)),
        head_put(places.heads, None, Head(CANARY, 1, hashed), now, None),
        new_put(
            places.subject_keys,
            {"address_key": CANARY, "ledger_id": entry["ledger_id"], "schema_version": SCHEMA_VERSION},
        ),
        {
            "Put": {
                "TableName": places.control,
                "Item": document,
                "ConditionExpression": "attribute_not_exists(#name)",
                "ExpressionAttributeNames": {"#name": "name"},
            }
        },
    ]
    try:
        client("dynamodb").transact_write_items(TransactItems=items)
    except ClientError as error:
        if error.response["Error"]["Code"] != "TransactionCanceledException":
            raise
        return False
    return True
