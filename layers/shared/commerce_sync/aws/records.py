"""The records of one store in the identity table, page by page: for a shop that is to be forgotten."""

import json
from collections.abc import Sequence

from commerce_sync.aws.clients import client
from commerce_sync.aws.marshalling import following, to_item
from commerce_sync.contracts.identity_book import Identifier, Neighbourhood, identifier_of

MOST_ITEMS = 200
"""Looked through at once: all records that are found are forgotten before the next cursor is written down."""


class Records:
    """Fits :class:`commerce_sync.privacy.needs.Records`. Forgetting what a page holds leaves no record out."""

    def __init__(self, table: str) -> None:
        self._table = table

    def page(self, kind: str, cursor: str = "") -> tuple[Sequence[Identifier], str]:
        """The records of a store (``shopify:us``) on one page of the table, and where the next page begins.

        A page may hold none: most items are pointers. An empty cursor begins, and ends.
        """
        start = {"ExclusiveStartKey": to_item(json.loads(cursor))} if cursor else {}
        page = client("dynamodb").scan(
            TableName=self._table,
            Limit=MOST_ITEMS,
            ConsistentRead=True,
            FilterExpression="begins_with(#key, :start)",
            ExpressionAttributeNames={"#key": "key"},
            ExpressionAttributeValues={":start": {"S": "neighbourhood#"}},
            **start,
        )
        near = [Neighbourhood.model_validate_json(item["body"]["S"]) for item in page["Items"]]
        members = (identifier_of(text) for one in near for text in one.members)
        return sorted(one for one in members if one[0] == kind), following(page)
