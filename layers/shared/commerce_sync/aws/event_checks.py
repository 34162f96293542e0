"""Event validation's table: sightings by store and day, and under the store alone what its days came to.

========================== ============================ ==================================================
page                       row                          holds
========================== ============================ ==================================================
``shopify:us#2026-11-28``  event, id, version, receipt  one sighting; expires 40 days after its day
``shopify:us``             ``day#2026-11-28``           what the day came to; expires after 100 days
``shopify:us``             ``standing``                 how the store stands now
========================== ============================ ==================================================

A sighting's key is all that makes it another one, so writing one again writes the same.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from commerce_sync.aws.batch_writes import batch_write
from commerce_sync.aws.clients import client
from commerce_sync.aws.marshalling import from_item, to_item
from commerce_sync.contracts.event_checks import EventTally, Sighting, StoreStanding

SIGHTINGS_KEPT = 40
DAYS_KEPT = 100
STANDING = "standing"
LONGEST_ROW = 900
SCHEMA_VERSION = 1


class EventChecks:
    """Fits :class:`commerce_sync.validation.running.Checks`."""

    def __init__(self, table: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._table = table
        self._sleep = sleep

    def note(self, sightings: Iterable[Sighting], now: datetime) -> None:
        """Write sightings down; those of days that are forgotten by now are left out.

        :raises RetriableError: the table took only a part. Noting all again is harmless.
        """
        items = {(item["page"]["S"], item["row"]["S"]): item for item in map(_item, sightings) if _lives(item, now)}
        requests = [{"PutRequest": {"Item": item}} for item in items.values()]
        batch_write(self._table, requests, self._sleep)

    def sightings(self, store: str, day: date) -> Iterator[Sighting]:
        """Every sighting of a store's day, strongly consistent."""
        pages = (
            client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=self._table,
                KeyConditionExpression="page = :page",
                ExpressionAttributeValues=to_item({":page": _page(store, day)}),
                ConsistentRead=True,
            )
        )
        for page in pages:
            yield from (_sighting(store, day, from_item(item)) for item in page["Items"])

    def ids(self, store: str, day: date, name: str) -> Iterator[str]:
        """The ids of a day's events of one name. One whose row is named by its hash, for its length, is left out."""
        pages = (
            client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=self._table,
                KeyConditionExpression="page = :page AND begins_with(#row, :name)",
                ProjectionExpression="event_id",
                ExpressionAttributeNames={"#row": "row"},
                ExpressionAttributeValues=to_item({":page": _page(store, day), ":name": f"{name}#"}),
                ConsistentRead=True,
            )
        )
        for page in pages:
            yield from (item["event_id"]["S"] for item in page["Items"])

    def day(self, store: str, day: date) -> Mapping[str, EventTally] | None:
        """What a day came to by event, None where it was not looked at."""
        body = self._body(store, f"day#{day.isoformat()}")
        return None if body is None else {name: EventTally(**found) for name, found in json.loads(body).items()}

    def keep_day(self, store: str, day: date, found: Mapping[str, EventTally]) -> None:
        """Write down what a day came to, over what it came to before."""
        body = json.dumps({name: one.model_dump(mode="json", exclude_defaults=True) for name, one in found.items()})
        self._put(store, f"day#{day.isoformat()}", body, expires_at=_seconds(day, DAYS_KEPT))

    def standing(self, store: str) -> StoreStanding | None:
        """How a store stood when it was last looked at, None before the first time."""
        body = self._body(store, STANDING)
        return None if body is None else StoreStanding.model_validate_json(body)

    def keep_standing(self, standing: StoreStanding) -> None:
        """Write down how a store stands."""
        self._put(standing.store, STANDING, standing.model_dump_json(exclude_defaults=True))

    def _body(self, store: str, row: str) -> str | None:
        key = to_item({"page": store, "row": row})
        item = client("dynamodb").get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return None if item is None else str(from_item(item)["body"])

    def _put(self, page: str, row: str, body: str, expires_at: int | None = None) -> None:
        item = {"page": page, "row": row, "body": body, "expires_at": expires_at, "schema_version": SCHEMA_VERSION}
        client("dynamodb").put_item(TableName=self._table, Item=to_item(item))


def _item(one: Sighting) -> dict[str, Any]:
    received = one.received_at.astimezone(UTC).isoformat()
    row = f"{one.name}#{one.event_id}#{one.version}#{received}"
    return to_item(
        {
            "page": _page(one.store, one.day),
            "row": row if len(row.encode()) <= LONGEST_ROW else sha256(row.encode()).hexdigest(),
            "name": one.name,
            "event_id": one.event_id,
            "version": one.version,
            "occurred_at": one.occurred_at.astimezone(UTC).isoformat(),
            "received_at": received,
            "findings": one.findings or None,
            "expires_at": _seconds(one.day, SIGHTINGS_KEPT),
            "schema_version": SCHEMA_VERSION,
        }
    )


def _sighting(store: str, day: date, values: Mapping[str, Any]) -> Sighting:
    return Sighting(
        store=store,
        day=day,
        name=values["name"],
        event_id=values["event_id"],
        version=values["version"],
        occurred_at=datetime.fromisoformat(values["occurred_at"]),
        received_at=datetime.fromisoformat(values["received_at"]),
        findings=values.get("findings", frozenset()),
    )


def _page(store: str, day: date) -> str:
    return f"{store}#{day.isoformat()}"


def _lives(item: Mapping[str, Any], now: datetime) -> bool:
    return int(item["expires_at"]["N"]) > now.timestamp()


def _seconds(day: date, kept: int) -> int:
    """When what belongs to a day expires, in the seconds that DynamoDB wants."""
    return int((datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=kept)).timestamp())
