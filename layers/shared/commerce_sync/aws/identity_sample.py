"""People of the identity table from a random place on: a page of it, never the whole.

A scan goes through a table in the order of a hash of its keys, which knows nothing of who stands there. So the items
behind a made-up key are a random stretch, every item is as likely as another, and none is out of reach. Read only, and
eventually consistent: half the price, and a sample need not be of this second.
"""

from typing import Any, Final

from commerce_sync.aws.clients import client
from commerce_sync.contracts.identity_book import Neighbourhood

NEIGHBOURHOOD: Final = "neighbourhood#"
MOST_ITEMS: Final = 200
"""Read at one place. About one in six is a neighbourhood: the others are pointers, and what was told."""


class IdentitySample:
    """Reads stretches of the table."""

    def __init__(self, table: str) -> None:
        self._table = table

    def behind(self, place: str) -> list[Neighbourhood]:
        """The neighbourhoods of the stretch behind a place; behind the last item the table begins anew."""
        items, is_end = self._page({"key": {"S": f"{NEIGHBOURHOOD}{place}"}})
        if is_end:
            items += self._page(None)[0]
        found = {item["key"]["S"]: Neighbourhood.model_validate_json(item["body"]["S"]) for item in items}
        return list(found.values())

    def _page(self, start: dict[str, Any] | None) -> tuple[list[dict[str, Any]], bool]:
        page = client("dynamodb").scan(
            TableName=self._table,
            Limit=MOST_ITEMS,
            FilterExpression="begins_with(#key, :start)",
            ExpressionAttributeNames={"#key": "key"},
            ExpressionAttributeValues={":start": {"S": NEIGHBOURHOOD}},
            **({"ExclusiveStartKey": start} if start else {}),
        )
        return list(page["Items"]), "LastEvaluatedKey" not in page
