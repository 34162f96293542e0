"""Entries, slots and heads of the consent ledger as items, and back."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from commerce_sync.aws.marshalling import from_item, to_item
from commerce_sync.aws.promise_items import moment
from commerce_sync.contracts.consent import CLEAR, Address, ConsentRecord
from commerce_sync.contracts.consent_book import Waits
from commerce_sync.contracts.consent_ledger import ENTRY, SLOT, Head, Stored, entry_name, slot_name
from commerce_sync.errors import PermanentError, RetriableError

SCHEMA_VERSION = 1
LONGEST = 300_000
"""Characters of an entry. DynamoDB takes 400 KB an item."""
SEALED_FIELDS = ("source_event_id", "delivery_id")
"""Beside evidence: ids of vendors' own, which may name a person."""


def clear_record(record: ConsentRecord) -> ConsentRecord:
    """A record with what is readable without its subject's key."""
    evidence = {name: value for name, value in record.evidence.items() if name in CLEAR}
    return record.model_copy(update={"evidence": evidence, **dict.fromkeys(SEALED_FIELDS, "")})


def secret_part(address: Address, record: ConsentRecord) -> bytes:
    """The rest, to be sealed."""
    values = record.model_dump(mode="json")
    evidence = {name: value for name, value in values["evidence"].items() if name not in CLEAR}
    kept = {name: values[name] for name in SEALED_FIELDS}
    return json.dumps({"address": address, "evidence": evidence, **kept}).encode()


def whole_record(record: ConsentRecord, secret: bytes) -> ConsentRecord:
    """A record with its sealed part put back."""
    values = json.loads(secret)
    evidence = {**record.evidence, **values["evidence"]}
    return record.model_copy(update={"evidence": evidence, **{name: values[name] for name in SEALED_FIELDS}})


def entry_values(record: ConsentRecord, seq: int, sealed: str, key_id: str) -> dict[str, Any]:
    """An entry as it is stored and hashed: a record's clear part as JSON, its sealed part, and the key of that.

    :raises PermanentError: it is too large to be stored.
    """
    body = clear_record(record).model_dump(mode="json", exclude_none=True, exclude={"address_key", *SEALED_FIELDS})
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    if len(text) + len(sealed) > LONGEST:
        raise PermanentError("a consent record is too large for the ledger")
    return {
        "address_key": record.address_key,
        "entry": entry_name(record.record_id),
        "seq": seq,
        "record": text,
        "sealed": sealed,
        "key_id": key_id,
        "schema_version": SCHEMA_VERSION,
    }


def slot_values(address_key: str, seq: int, record_id: str, previous: str, hashed: str) -> dict[str, Any]:
    """A slot of the chain."""
    return {
        "address_key": address_key,
        "entry": slot_name(seq),
        "record_id": record_id,
        "prev_hash": previous,
        "entry_hash": hashed,
        "schema_version": SCHEMA_VERSION,
    }


def record_of(stored: Stored, address_key: str) -> ConsentRecord:
    """The record of an entry, its sealed part left out, under the key of its chain.

    :raises RetriableError: it was written by a release that is newer than this one.
    """
    if stored["schema_version"] > SCHEMA_VERSION:
        raise RetriableError("an entry of the ledger is of a newer release")
    return ConsentRecord.model_validate({**json.loads(stored["record"]), "address_key": address_key})


def head_put(
    table: str, before: Head | None, after: Head, at: datetime, waits_since: datetime | None
) -> dict[str, Any]:
    """A head's part in a transaction: the condition by which writers of one chain go one after the other.

    It names what checkpoints cover, too: a head that was sealed meanwhile is read again.
    """
    item = to_item(
        {
            "address_key": after.address_key,
            "seq": after.seq,
            "hash": after.hash,
            "sealed": after.sealed,
            "waits": after.waits,
            "waits_since": moment(waits_since or at) if after.waits else None,
            "unsealed": "1",
            "sealing_after": moment(at),
            "schema_version": SCHEMA_VERSION,
        }
    )
    put: dict[str, Any] = {"TableName": table, "Item": item}
    if before is None:
        return {"Put": put | {"ConditionExpression": "attribute_not_exists(address_key)"}}
    values = {":seq": {"N": str(before.seq)}, ":hash": {"S": before.hash}, ":sealed": {"N": str(before.sealed)}}
    return {
        "Put": {
            **put,
            "ConditionExpression": "seq = :seq AND #hash = :hash AND sealed = :sealed",
            "ExpressionAttributeNames": {"#hash": "hash"},
            "ExpressionAttributeValues": values,
        }
    }


def head_from(item: Mapping[str, Any]) -> Head:
    """A head read back."""
    values = from_item(dict(item))
    waits: Waits | None = values.get("waits")
    return Head(values["address_key"], values["seq"], values["hash"], values.get("sealed", 0), waits)


def new_put(table: str, values: Stored) -> dict[str, Any]:
    """An item's part in a transaction where none may stand yet."""
    item = to_item(dict(values))
    return {"Put": {"TableName": table, "Item": item, "ConditionExpression": "attribute_not_exists(address_key)"}}


def unsoundness(head: Head | None, items: Iterable[Stored]) -> str | None:
    """What is wrong with a partition beside its head: entries or slots that are too few, too many, or others."""
    by_name = {item["entry"]: item for item in items}
    entries = {name for name in by_name if name.startswith(ENTRY)}
    slots = {name: item for name, item in by_name.items() if name.startswith(SLOT)}
    if head is None:
        return "a chain without a head" if by_name else None
    last = slots.get(slot_name(head.seq))
    if last is None or not len(slots) == len(entries) == head.seq:
        return f"a head that counts {head.seq} entries, where there are {len(entries)} in {len(slots)} slots"
    return None if last["entry_hash"] == head.hash else "a head that ends another chain"
