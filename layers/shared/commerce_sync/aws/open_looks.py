"""Looks at people that stand in the order book, by whom they are about: read only, for those who compare."""

from collections.abc import Iterable, Mapping

from commerce_sync.aws.batch_reads import batch_get_all
from commerce_sync.aws.promise_items import promise_from
from commerce_sync.contracts import Promise

Row = tuple[str, str]
"""A subject, and the row of a promise about it."""


class OpenLooks:
    """Reads promises by their keys."""

    def __init__(self, table: str) -> None:
        self._table = table

    def of(self, rows: Iterable[Row]) -> Mapping[Row, Promise]:
        """Those that there are, open or not."""
        wanted = [{"subject": {"S": subject}, "row": {"S": row}} for subject, row in dict.fromkeys(rows)]
        found = map(promise_from, batch_get_all(self._table, wanted))
        return {(one.subject, one.row): one for one in found}
