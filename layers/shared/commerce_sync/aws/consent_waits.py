"""Who waits for a person, by why and since when: the sparse index over the ledger's heads."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from commerce_sync.aws.clients import client
from commerce_sync.aws.marshalling import from_item
from commerce_sync.aws.promise_items import moment
from commerce_sync.contracts.consent_book import Waiting, Waits

INDEX = "waits"


class ConsentWaits:
    """The index is a moment behind: what it shows is looked at again in the ledger."""

    def __init__(self, heads_table: str) -> None:
        self._table = heads_table

    def waiting(self, why: Waits, since: datetime | None = None) -> Iterator[Waiting]:
        """Addresses that wait for one reason, those that wait longest first; from a moment on."""
        for page in client("dynamodb").get_paginator("query").paginate(**self._asked(why, since, None)):
            for values in map(from_item, page["Items"]):
                yield Waiting(values["address_key"], why, datetime.fromisoformat(values["waits_since"]))

    def count(self, why: Waits, since: datetime | None = None, until: datetime | None = None) -> int:
        """How many wait for one reason, of those that began in a half-open window."""
        pages = client("dynamodb").get_paginator("query").paginate(**self._asked(why, since, until), Select="COUNT")
        return sum(page["Count"] for page in pages)

    def _asked(self, why: Waits, since: datetime | None, until: datetime | None) -> dict[str, Any]:
        asked: dict[str, Any] = {"TableName": self._table, "IndexName": INDEX}
        values = {":why": {"S": why}, ":since": {"S": moment(since) if since else "0"}}
        condition = "waits = :why AND waits_since >= :since"
        if until is not None:
            condition = "waits = :why AND waits_since BETWEEN :since AND :until"
            values[":until"] = {"S": _before(moment(until))}
        return {**asked, "KeyConditionExpression": condition, "ExpressionAttributeValues": values}


def _before(text: str) -> str:
    """The text that sorts just before a moment's own, so that a window is half-open: ``Z`` is the last character."""
    return text[:-1]
