"""Where a person has left traces: archived deliveries and order-book subjects, under the keys of their identifiers.

``archive#<archive key>`` goes with its object (``expires_at``, seconds since the epoch); ``order#<subject>`` stays as
long as its order. The rows name nobody: the address is a keyed hash.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from commerce_sync.aws.batch_writes import batch_write
from commerce_sync.aws.clients import client
from commerce_sync.aws.marshalling import to_item
from commerce_sync.contracts.identity_book import Identifier

ARCHIVED = "archive#"
ORDERED = "order#"


class Keys(Protocol):
    """The keys that identifiers are stored under."""

    def key(self, identifier: Identifier) -> str:
        """The one to write under."""

    def keys(self, identifier: Identifier) -> Sequence[str]:
        """All to look under."""


class Traces:
    """Fits :class:`commerce_sync.privacy.needs.Traces`."""

    def __init__(self, table: str, keys: Keys, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._table = table
        self._keys = keys
        self._sleep = sleep

    def note(self, rows: Iterable[tuple[Identifier, str, datetime | None]]) -> None:
        """Write down traces: whose, which, until when. Noting one again writes the same.

        :raises RetriableError: the table took only a part. Noting all again is harmless.
        """
        items = {
            (address, trace): to_item(
                {"address": address, "trace": trace, "expires_at": int(until.timestamp()) if until else None}
            )
            for identifier, trace, until in rows
            for address in [self._keys.key(identifier)]
        }
        batch_write(self._table, [{"PutRequest": {"Item": item}} for item in items.values()], self._sleep)

    def of(self, identifiers: Iterable[Identifier]) -> Iterator[str]:
        """The traces of a person under every version of the pepper, each once, in order."""
        addresses = [address for identifier in identifiers for address in self._keys.keys(identifier)]
        yield from sorted({trace for address in dict.fromkeys(addresses) for trace in self._at(address)})

    def remove(self, identifiers: Iterable[Identifier], traces: Collection[str]) -> int:
        """Remove these traces of a person; returns how many rows were gone to. Those not there are no error."""
        wanted = set(traces)
        addresses = dict.fromkeys(address for identifier in identifiers for address in self._keys.keys(identifier))
        rows = [(address, trace) for address in addresses for trace in self._at(address) if trace in wanted]
        keys = [to_item({"address": address, "trace": trace}) for address, trace in rows]
        batch_write(self._table, [{"DeleteRequest": {"Key": key}} for key in keys], self._sleep)
        return len(keys)

    def _at(self, address: str) -> Iterator[str]:
        pages = (
            client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=self._table,
                KeyConditionExpression="address = :address",
                ExpressionAttributeValues={":address": {"S": address}},
                ConsistentRead=True,
            )
        )
        for page in pages:
            yield from (item["trace"]["S"] for item in page["Items"])
