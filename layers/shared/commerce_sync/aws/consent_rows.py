"""Rows of the consent outbox as DynamoDB items: one an address and destination."""

import json
from datetime import datetime
from typing import Any

from commerce_sync.aws.marshalling import from_item, to_item
from commerce_sync.aws.promise_items import SHARDS, moment, shard_of
from commerce_sync.contracts.consent_book import OPEN_ROWS, ConsentPromise, Told

SCHEMA_VERSION = 1
URGENT = tuple(shard.replace("due#", "urgent#") for shard in SHARDS)
"""Where rows stand that take something back: apart, so that no number of others is handed out before them."""
CHECKS = tuple(shard.replace("due#", "check#") for shard in SHARDS)
"""Where such rows stand once they are told, until they are read back: so what is not told yet is found alone."""
ALL_SHARDS = (*URGENT, *CHECKS, *SHARDS)


def row_item(promise: ConsentPromise) -> dict[str, Any]:
    """A row. Open ones stand in the due index under their shard, those that wait for a person under their status."""
    shard, due_at = None, None
    if promise.status in OPEN_ROWS and promise.due_at is not None:
        shard, due_at = _shard(promise), moment(promise.due_at)
    elif promise.status in {"observed", "braked", "parked"}:
        shard, due_at = promise.status, moment(promise.created_at)
    told = [
        [one.wanted, one.direction, moment(one.at), moment(one.granted_at) if one.granted_at else ""]
        for one in promise.told
    ]
    return to_item(
        {
            "subject": promise.subject,
            "row": promise.row,
            "channel": promise.channel,
            "status": promise.status,
            "created_at": moment(promise.created_at),
            "owed_since": moment(promise.owed_since) if promise.owed_since else None,
            "due_shard": shard,
            "due_at": due_at,
            "claim": promise.claim,
            "seq": promise.seq,
            "wanted": promise.wanted,
            "urgent": promise.urgent,
            "settle_at": moment(promise.settle_at) if promise.settle_at else None,
            "attempts": promise.attempts,
            "checks": promise.checks,
            "told": json.dumps(told) if told else None,
            "reason": promise.reason,
            "revision": promise.revision,
            "schema_version": SCHEMA_VERSION,
        }
    )


def row_put(table: str, promise: ConsentPromise) -> dict[str, Any]:
    """A row in a transaction, over the revision before its own: nothing that its owner noted meanwhile is lost."""
    put: dict[str, Any] = {"TableName": table, "Item": row_item(promise)}
    if promise.revision <= 1:
        return {"Put": put | {"ConditionExpression": "attribute_not_exists(subject)"}}
    values = {":read": {"N": str(promise.revision - 1)}}
    return {"Put": put | {"ConditionExpression": "revision = :read", "ExpressionAttributeValues": values}}


def row_from(item: dict[str, Any]) -> ConsentPromise:
    """A row read back."""
    values = from_item(item)
    due_at = values.get("due_at") if values["status"] in OPEN_ROWS else None
    return ConsentPromise(
        subject=values["subject"],
        row=values["row"],
        channel=values["channel"],
        status=values["status"],
        created_at=datetime.fromisoformat(values["created_at"]),
        seq=values["seq"],
        wanted=values["wanted"],
        urgent=values["urgent"],
        due_at=datetime.fromisoformat(due_at) if due_at else None,
        claim=values.get("claim"),
        settle_at=_moment(values.get("settle_at")),
        attempts=values["attempts"],
        checks=values["checks"],
        told=tuple(_told(one) for one in json.loads(values.get("told", "[]"))),
        reason=values.get("reason"),
        revision=values["revision"],
        owed_since=_moment(values.get("owed_since")),
    )


def _shard(promise: ConsentPromise) -> str:
    number = SHARDS.index(shard_of(promise.subject))
    if not promise.urgent:
        return SHARDS[number]
    return (URGENT if promise.status == "pending" else CHECKS)[number]


def _told(entry: list[str]) -> Told:
    wanted, direction, at, granted_at = entry
    return Told(wanted, direction, datetime.fromisoformat(at), _moment(granted_at))  # type: ignore[arg-type] # as written


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
