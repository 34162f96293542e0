"""The one read of a delivery: its people's pointers, and whether it left its traces already, across two tables."""

from collections.abc import Mapping, Sequence, Set
from typing import Any

from commerce_sync.aws.clients import client
from commerce_sync.aws.identity_table import pointer_of
from commerce_sync.aws.marshalling import from_item
from commerce_sync.contracts.identity_book import Pointer
from commerce_sync.errors import RetriableError

MOST_KEYS = 100
Row = tuple[str, str]


class FirstLook:
    """Reads both tables in one call a hundred keys."""

    def __init__(self, identity_table: str, traces_table: str) -> None:
        self._identity = identity_table
        self._traces = traces_table

    def __call__(self, keys: Sequence[str], rows: Sequence[Row]) -> tuple[Mapping[str, Pointer], Set[Row]]:
        """Pointers by key, and those rows of the traces that exist."""
        wanted = [(self._identity, {"key": {"S": key}}) for key in keys]
        wanted += [(self._traces, {"address": {"S": address}, "trace": {"S": trace}}) for address, trace in rows]
        pointers: dict[str, Pointer] = {}
        traced: set[Row] = set()
        for start in range(0, len(wanted), MOST_KEYS):
            found = self._read(wanted[start : start + MOST_KEYS])
            items = [from_item(item) for item in found.get(self._identity, [])]
            pointers |= {item["key"]: pointer_of(item) for item in items}
            traced |= {(item["address"]["S"], item["trace"]["S"]) for item in found.get(self._traces, [])}
        return pointers, traced

    def _read(self, wanted: Sequence[tuple[str, Any]]) -> Mapping[str, list[dict[str, Any]]]:
        requests: dict[str, dict[str, Any]] = {}
        for table, key in wanted:
            requests.setdefault(table, {"Keys": [], "ConsistentRead": True})["Keys"].append(key)
        answer = client("dynamodb").batch_get_item(RequestItems=requests)
        if answer.get("UnprocessedKeys"):
            raise RetriableError("the identity table answered only in part")
        found: Mapping[str, list[dict[str, Any]]] = answer["Responses"]
        return found
