"""Looks at people that stand in the order book, by whom they are about: read only, for those who compare."""

from collections.abc import Iterable, Mapping

from commerce_sync.aws.batch_reads import batch_get
from commerce_sync.aws.promise_items import promise_from
from commerce_sync.contracts import Promise

MOST_KEYS = 100
Row = tuple[str, str]
"""A subject, and the row of a promise about it."""


class OpenLooks:
    """Reads promises by their keys."""

    def __init__(self, table: str) -> None:
        self._table = table

    def of(self, rows: Iterable[Row]) -> Mapping[Row, Promise]:
        """Those that there are, open or not."""
        wanted = [{"subject": {"S": subject}, "row": {"S": row}} for subject, row in dict.fromkeys(rows)]
        starts = range(0, len(wanted), MOST_KEYS)
        items = (item for start in starts for item in batch_get(self._table, wanted[start : start + MOST_KEYS]))
        return {(one.subject, one.row): one for one in map(promise_from, items)}
