"""Orders and promises as DynamoDB items. Items carry ``schema_version`` and are lifted when they are read."""

from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from commerce_sync.aws.marshalling import from_item, to_item
from commerce_sync.contracts import OPEN, BookedOrder, CanonicalEvent, Promise

ANCHOR = "order"
DUE_INDEX = "due"
SHARDS = tuple(f"due#{number}" for number in range(4))
PARKED = "parked"
VERIFIED = "verified"
SCHEMA_VERSION = 1
HAVE_A_TIME = OPEN | {"verified"}


def moment(time: datetime) -> str:
    """A UTC time as text that sorts as time does."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def shard_of(subject: str) -> str:
    """Where in the due index a subject's promises stand."""
    return SHARDS[crc32(subject.encode()) % len(SHARDS)]


def verified_heading(promise: Promise) -> str:
    """Where in the due index a destination's and store's verified promises stand: ``verified#klaviyo#shopify:us``."""
    source, _, rest = promise.subject.partition(":")
    return heading_of(promise.row.partition("#")[0], f"{source}:{rest.partition(':')[0]}")


def heading_of(destination: str, store: str) -> str:
    """The same, by name."""
    return f"{VERIFIED}#{destination}#{store}"


def order_item(subject: str, revision: int, order: BookedOrder) -> dict[str, Any]:
    """The anchor of a subject."""
    return to_item(
        {
            "subject": subject,
            "row": ANCHOR,
            "revision": revision,
            "order": order.model_dump_json(exclude_none=True, exclude=None if order.erased else {"erased"}),
            "schema_version": SCHEMA_VERSION,
        }
    )


def read_order(item: dict[str, Any]) -> BookedOrder:
    """The order of an anchor."""
    return BookedOrder.model_validate_json(item["order"]["S"])


def promise_item(promise: Promise) -> dict[str, Any]:
    """A promise. Open ones stand in the due index until they are settled, parked ones under a heading of their own.

    Verified ones stand there by destination and store, at the time they happened: a day of a store is one query.
    """
    shard, due_at = None, None
    if promise.status in OPEN and promise.due_at is not None:
        shard, due_at = shard_of(promise.subject), moment(promise.due_at)
    elif promise.status == "parked":
        shard, due_at = PARKED, moment(promise.created_at)
    elif promise.status == "verified" and promise.due_at is not None:
        shard, due_at = verified_heading(promise), moment(promise.due_at)
    return to_item(
        {
            "subject": promise.subject,
            "row": promise.row,
            "status": promise.status,
            "created_at": moment(promise.created_at),
            "due_shard": shard,
            "due_at": due_at,
            "claim": promise.claim,
            "event": promise.event.model_dump_json(exclude_none=True) if promise.event else None,
            "wanted": promise.wanted,
            "attempts": promise.attempts,
            "reason": promise.reason,
            "told": promise.told or None,
            "schema_version": SCHEMA_VERSION,
        }
    )


def promise_from(item: dict[str, Any]) -> Promise:
    """A promise read back."""
    values = from_item(item)
    event = values.get("event")
    return Promise(
        subject=values["subject"],
        row=values["row"],
        status=values["status"],
        created_at=datetime.fromisoformat(values["created_at"]),
        due_at=datetime.fromisoformat(values["due_at"]) if values["status"] in HAVE_A_TIME else None,
        claim=values.get("claim"),
        event=CanonicalEvent.model_validate_json(event) if event else None,
        wanted=values.get("wanted"),
        attempts=values["attempts"],
        reason=values.get("reason"),
        told=values.get("told", False),
    )
