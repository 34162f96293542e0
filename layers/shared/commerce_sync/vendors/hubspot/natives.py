"""HubSpot's orders that are not ours: what its own shop apps wrote."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from commerce_sync.contracts.natives import ORDER, Native
from commerce_sync.errors import RetriableError
from commerce_sync.vendors.hubspot.client import HubSpot
from commerce_sync.vendors.hubspot.revenue_properties import KEY

APP: Final = "hs_source_store"
ID: Final = "hs_external_order_id"
CREATED: Final = "hs_external_created_date"
PROPERTIES: Final = [APP, ID, CREATED, "hs_createdate", "hs_total_price", "hs_currency_code"]
NEWEST: Final = 100
PAGE: Final = 200
NOT_OURS: Final = {"propertyName": KEY, "operator": "NOT_HAS_PROPERTY"}


class HubSpotNatives:
    """Searches, at most one after the other: the index shows what was written some moments ago."""

    def __init__(self, hubspot: HubSpot) -> None:
        self._hubspot = hubspot

    def newest(self, apps: Sequence[str] = ()) -> tuple[Native, ...]:
        """When each app last wrote of an order, by what stands in ``hs_source_store``: a call for each of the apps.

        Without any: those that the hundred newest orders name which are not ours.
        """
        filters = [[{"propertyName": APP, "operator": "EQ", "value": app}] for app in apps]
        asked = filters or [[{"propertyName": APP, "operator": "HAS_PROPERTY"}]]
        last: dict[str, datetime] = {}
        for one in asked:
            found = self._search(
                [*one, NOT_OURS], [{"propertyName": "hs_createdate", "direction": "DESCENDING"}], NEWEST
            )
            for order in found:
                app, happened = str(order["properties"].get(APP)), happened_at(order)
                last[app] = max(last.get(app, happened), happened)
        return tuple(Native(app=app, name=ORDER, last=moment) for app, moment in sorted(last.items()))

    def orders(self, app: str, since: datetime, until: datetime) -> Iterator[Mapping[str, Any]]:
        """What an app wrote of the orders of a time, in the order of their ids, so that no page shifts."""
        after = "0"
        between = {"operator": "BETWEEN", "value": _milliseconds(since), "highValue": _milliseconds(until)}
        while True:
            filters = [
                {"propertyName": APP, "operator": "EQ", "value": app},
                NOT_OURS,
                {"propertyName": CREATED, **between},
                {"propertyName": "hs_object_id", "operator": "GT", "value": after},
            ]
            found = self._search(filters, ["hs_object_id"], PAGE)
            yield from found
            if len(found) < PAGE:
                return
            after = str(found[-1]["id"])

    def _search(
        self, filters: Sequence[Mapping[str, str]], sorts: Sequence[Any], limit: int
    ) -> list[Mapping[str, Any]]:
        body = {"filterGroups": [{"filters": list(filters)}], "sorts": sorts, "properties": PROPERTIES, "limit": limit}
        answer = self._hubspot.call("POST", "/crm/objects/{V}/orders/search", body).json or {}
        if "results" not in answer:
            raise RetriableError("hubspot answered without a page")
        return list(answer["results"])


def happened_at(order: Mapping[str, Any]) -> datetime:
    """When an order was placed, or, where its app did not say, when its record was made."""
    text = str(order["properties"].get(CREATED) or order["createdAt"])
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _milliseconds(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))
