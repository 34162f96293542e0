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
MADE: Final = "hs_createdate"
PROPERTIES: Final = [APP, ID, CREATED, MADE, "hs_total_price", "hs_currency_code"]
NEWEST: Final = 100
PAGE: Final = 200
NOT_OURS: Final = {"propertyName": KEY, "operator": "NOT_HAS_PROPERTY"}


class HubSpotNatives:
    """Searches, at most one after the other: the index shows what was written some moments ago."""

    def __init__(self, hubspot: HubSpot) -> None:
        self._hubspot = hubspot

    def newest(self, apps: Sequence[str] = ()) -> tuple[Native, ...]:
        """When each app last wrote of an order, by what stands in ``hs_source_store``: a call for each of the apps.

        Without any: those that the hundred newest orders name which are not ours. An app that is asked for is called as
        it was asked for, because ``EQ`` tells no capitals from small letters.
        """
        last: dict[str, datetime] = {}
        wanted: Sequence[str | None] = apps or [None]
        for asked in wanted:
            which = {"operator": "EQ", "value": asked} if asked else {"operator": "HAS_PROPERTY"}
            newest_first = [{"propertyName": MADE, "direction": "DESCENDING"}]
            for order in self._search([[{"propertyName": APP, **which}, NOT_OURS]], newest_first, NEWEST):
                app, happened = asked or str(order["properties"].get(APP)), _heard_at(order)
                last[app] = max(last.get(app, happened), happened)
        return tuple(Native(app=app, name=ORDER, last=moment) for app, moment in sorted(last.items()))

    def orders(self, app: str, since: datetime, until: datetime) -> Iterator[Mapping[str, Any]]:
        """What an app wrote of the orders of a time, in the order of their ids, so that no page shifts.

        Orders of which it wrote no time are those whose records were made then, as :func:`happened_at` has it.
        """
        after = "0"
        between = {"operator": "BETWEEN", "value": _milliseconds(since), "highValue": _milliseconds(until)}
        dated = [{"propertyName": CREATED, **between}]
        undated = [{"propertyName": CREATED, "operator": "NOT_HAS_PROPERTY"}, {"propertyName": MADE, **between}]
        while True:
            behind = {"propertyName": "hs_object_id", "operator": "GT", "value": after}
            theirs = [{"propertyName": APP, "operator": "EQ", "value": app}, NOT_OURS, behind]
            found = self._search([[*theirs, *dated], [*theirs, *undated]], ["hs_object_id"], PAGE)
            yield from found
            if len(found) < PAGE:
                return
            after = str(found[-1]["id"])

    def _search(
        self, groups: Sequence[Sequence[Mapping[str, str]]], sorts: Sequence[Any], limit: int
    ) -> list[Mapping[str, Any]]:
        either = [{"filters": list(filters)} for filters in groups]
        body = {"filterGroups": either, "sorts": sorts, "properties": PROPERTIES, "limit": limit, "after": "0"}
        answer = self._hubspot.call("POST", "/crm/objects/{V}/orders/search", body).json or {}
        if "results" not in answer:
            raise RetriableError("hubspot answered without a page")
        return list(answer["results"])


def happened_at(order: Mapping[str, Any]) -> datetime:
    """When an order was placed, or, where its app did not say (or no time), when its record was made."""
    return _moment(order["properties"].get(CREATED)) or _made_at(order)


def _heard_at(order: Mapping[str, Any]) -> datetime:
    """When its app was heard of: an order that is dated ahead must not make those placed until then the app's."""
    return min(happened_at(order), _made_at(order))


def _made_at(order: Mapping[str, Any]) -> datetime:
    if (made := _moment(order.get("createdAt"))) is None:
        raise RetriableError("hubspot showed an order that was never made")
    return made


def _moment(said: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(said)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _milliseconds(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))
