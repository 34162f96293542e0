"""Reading chains: heads first, in one call for many addresses, then the partitions of those that have one.

Reads of several items are not one moment: a head may be seen before the entry that was written with it. So what does
not fit is read again a few times before it counts as lost.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from commerce_sync.aws.clients import client
from commerce_sync.aws.consent_rows import row_from
from commerce_sync.aws.ledger_items import head_from, record_of, unsoundness
from commerce_sync.aws.marshalling import from_item, to_item
from commerce_sync.aws.subject_keys import SubjectKey, subject_key_from
from commerce_sync.aws.subjects import row_pages
from commerce_sync.contracts.consent import Address
from commerce_sync.contracts.consent_book import Chain, ConsentPromise
from commerce_sync.contracts.consent_ledger import ENTRY, Head, Stored
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.errors import LedgerLostError, RetriableError

ATTEMPTS = 6
MOST_KEYS = 100


class Keys(Protocol):
    """Keys under every pepper."""

    def key(self, identifier: Identifier) -> str:
        """Under the current one."""

    def keys(self, identifier: Identifier) -> tuple[str, ...]:
        """Under all, the current one first."""


@dataclass(frozen=True, slots=True)
class Places:
    """The tables of the ledger and of what stands beside it."""

    ledger: str
    heads: str
    outbox: str
    subject_keys: str
    control: str


@dataclass(frozen=True, slots=True)
class Standing:
    """An address as it stands: its heads by partition, the current pepper's first, and what is in them.

    There is one partition, or none yet; several where the pepper was changed while somebody wrote.
    """

    address: Address
    key: str
    heads: Mapping[str, Head]
    subject_key: SubjectKey | None = None
    entries: tuple[Stored, ...] = ()
    promises: Mapping[str, ConsentPromise] | None = None

    @property
    def head(self) -> Head | None:
        """The head of the partition that is written to."""
        return self.heads.get(self.key)

    def chain(self) -> Chain:
        """As one chain, whatever partitions it is in; a record that is in two of them is one."""
        by_id = {record.record_id: record for record in (record_of(one, self.key) for one in self.entries)}
        return Chain(
            address=self.address,
            address_key=self.key,
            seq=sum(head.seq for head in self.heads.values()),
            head="+".join(head.hash for head in self.heads.values()),
            records=tuple(by_id.values()),
            promises=self.promises or {},
            waits=self.head.waits if self.head else None,
        )


class LedgerReading:
    """Reads where an address stands."""

    def __init__(self, places: Places, keys: Keys, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._places = places
        self._keys = keys
        self._sleep = sleep

    def standings(self, addresses: Sequence[Address], *, thorough: bool = False) -> Mapping[Address, Standing]:
        """Where these addresses stand. ``thorough`` looks into partitions that have no head, too.

        :raises LedgerLostError: a chain and its head do not belong together, however often they are read.
        """
        found: dict[Address, Standing] = {}
        left = list(dict.fromkeys(addresses))
        problem = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                self._sleep(0.02 * 2**attempt)
            problem = self._read(left, found, thorough=thorough)
            left = [address for address in left if address not in found]
            if not left:
                return found
        raise LedgerLostError(
            f"the consent ledger was lost, recreated or cut short: {problem}. No consent is written: "
            "restore its tables together"
        )

    def keys_of(self, address: Address) -> tuple[str, ...]:
        """Every key that an address may stand under, the current pepper's first."""
        channel, value = address
        return self._keys.keys(("email" if channel == "email" else "phone", value))

    def _read(self, addresses: Sequence[Address], found: dict[Address, Standing], *, thorough: bool) -> str:
        """Add those whose chains are sound to ``found``; returns what is wrong with one of the others."""
        problem = ""
        keys = {address: self.keys_of(address) for address in addresses}
        heads, subject_keys = self._heads([key for some in keys.values() for key in some])
        for address, some in keys.items():
            partitions = [key for key in some if thorough or key in heads]
            items = {key: list(partition(self._places.ledger, key)) for key in partitions}
            wrong = [why for key in partitions if (why := unsoundness(heads.get(key), items[key]))]
            if wrong:
                problem = wrong[0]
                continue
            standing = [key for key in some if key in heads]
            key = standing[0] if standing else some[0]
            found[address] = Standing(
                address,
                key,
                {one: heads[one] for one in standing},
                subject_keys.get(key),
                tuple(entry for one in reversed(standing) for entry in entries_of(items[one])),
                {row: promise for one in reversed(standing) for row, promise in self._rows(one)},
            )
        return problem

    def _heads(self, keys: Sequence[str]) -> tuple[Mapping[str, Head], Mapping[str, SubjectKey]]:
        heads: dict[str, Head] = {}
        subject_keys: dict[str, SubjectKey] = {}
        tables = (self._places.heads, self._places.subject_keys)
        for start in range(0, len(keys), MOST_KEYS // 2):
            wanted = [to_item({"address_key": key}) for key in dict.fromkeys(keys[start : start + MOST_KEYS // 2])]
            items = self._batch({table: {"Keys": wanted, "ConsistentRead": True} for table in tables})
            heads.update({head.address_key: head for head in map(head_from, items[tables[0]])})
            subject_keys.update({key.address_key: key for key in map(subject_key_from, items[tables[1]])})
        return heads, subject_keys

    def _batch(self, request: Mapping[str, Any]) -> Mapping[str, list[dict[str, Any]]]:
        items: dict[str, list[dict[str, Any]]] = {table: [] for table in request}
        for attempt in range(ATTEMPTS):
            answer = client("dynamodb").batch_get_item(RequestItems=request)
            for table, some in answer["Responses"].items():
                items[table] += some
            request = answer.get("UnprocessedKeys") or {}
            if not request:
                return items
            self._sleep(0.02 * 2**attempt)
        raise RetriableError("the ledger's heads answered only in part")

    def _rows(self, address_key: str) -> Iterator[tuple[str, ConsentPromise]]:
        for page in row_pages(self._places.outbox, address_key):
            for promise in map(row_from, page["Items"]):
                yield promise.row, promise


def partition(table: str, address_key: str) -> Iterator[Stored]:
    """Every item of one partition, strongly consistent."""
    pages = (
        client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=table,
            ConsistentRead=True,
            KeyConditionExpression="address_key = :key",
            ExpressionAttributeValues={":key": {"S": address_key}},
        )
    )
    for page in pages:
        yield from map(from_item, page["Items"])


def entries_of(items: Sequence[Stored]) -> list[Stored]:
    """The entries among a partition's items, in the order of the chain."""
    return sorted((item for item in items if item["entry"].startswith(ENTRY)), key=lambda item: int(item["seq"]))
