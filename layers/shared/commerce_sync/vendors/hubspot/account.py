"""What HubSpot says of the account itself: its room for properties, its calls of today, its clock and currency."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from commerce_sync.vendors.hubspot.client import HubSpot

TYPE_IDS: Final = {"0-1": "contacts", "0-3": "deals", "0-8": "line_items", "0-123": "orders"}
"""HubSpot's object type ids, as its association table has them."""


@dataclass(frozen=True, slots=True)
class Room:
    """How many custom properties may still be created: in all, and by object type."""

    overall: int
    by_type: Mapping[str, int]


class HubSpotAccount:
    """Preflight reads. Whether a service key may make them HubSpot does not say: each may be refused by itself."""

    def __init__(self, hubspot: HubSpot) -> None:
        self._hubspot = hubspot

    def room(self) -> Room:
        """Room for custom properties; the free plan has about ten in all."""
        said = self._hubspot.call("GET", "/crm/limits/{V}/custom-properties").json
        types = {
            TYPE_IDS[one["objectTypeId"]]: _left(one) for one in said["byObjectType"] if one["objectTypeId"] in TYPE_IDS
        }
        return Room(max(0, int(said["overallLimit"]) - int(said["overallUsage"])), types)

    def details(self) -> Mapping[str, str]:
        """``currency`` (ISO 4217), ``time_zone`` (IANA)."""
        said = self._hubspot.call("GET", "/account-info/{V}/details").json
        return {"currency": str(said["companyCurrency"]), "time_zone": str(said["timeZone"])}

    def calls_today(self) -> Mapping[str, int]:
        """``limit`` and ``used``: all private apps of the account share them until midnight in its time zone."""
        rows = self._hubspot.call("GET", "/account-info/{V}/api-usage/daily/private-apps").json["results"]
        return {name: max((int(row[key]) for row in rows), default=0) for name, key in USAGE.items()}


USAGE: Final = {"limit": "usageLimit", "used": "currentUsage"}


def _left(one: Mapping[str, Any]) -> int:
    return max(0, int(one["limit"]) - int(one["usage"]))
