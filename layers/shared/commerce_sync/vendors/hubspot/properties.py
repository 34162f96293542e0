"""HubSpot property definitions: what this bundle needs to exist before it writes."""

from collections.abc import Mapping, Sequence
from typing import Any

from commerce_sync.vendors.hubspot.client import HubSpot
from commerce_sync.vendors.hubspot.consent_properties import CONSENT_PROPERTIES

GROUP = "commerce_sync"
ORDER_PROPERTIES: Sequence[Mapping[str, Any]] = (
    {
        "name": "sync_order_key",
        "label": "Sync order key",
        "type": "string",
        "fieldType": "text",
        "hasUniqueValue": True,
    },
    {"name": "sync_original_amount", "label": "Original amount", "type": "number", "fieldType": "number"},
    {"name": "sync_original_currency", "label": "Original currency", "type": "string", "fieldType": "text"},
    {"name": "sync_refunded_amount", "label": "Refunded amount", "type": "number", "fieldType": "number"},
)
WANTED_PROPERTIES: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "orders": ORDER_PROPERTIES,
    "contacts": CONSENT_PROPERTIES,
}


class HubSpotProperties:
    """Reads and creates property definitions."""

    def __init__(self, hubspot: HubSpot) -> None:
        self._hubspot = hubspot

    def names(self, object_type: str) -> list[str]:
        """The names of every property that the account has, but for those that HubSpot calls sensitive."""
        answer = self._hubspot.call("GET", f"/crm/properties/{{V}}/{object_type}")
        return [str(definition["name"]) for definition in answer.json["results"]]

    def missing(self, object_type: str, wanted: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Which of the wanted properties do not exist yet."""
        existing = set(self.names(object_type))
        return [definition for definition in wanted if definition["name"] not in existing]

    def has_group(self, object_type: str) -> bool:
        """Whether our property group exists."""
        answer = self._hubspot.call("GET", f"/crm/properties/{{V}}/{object_type}/groups")
        return any(group["name"] == GROUP for group in answer.json["results"])

    def create_group(self, object_type: str) -> None:
        """Create our property group."""
        body = {"name": GROUP, "label": "Commerce sync"}
        self._hubspot.call("POST", f"/crm/properties/{{V}}/{object_type}/groups", body)

    def create(self, object_type: str, definitions: Sequence[Mapping[str, Any]]) -> None:
        """Create properties in our group."""
        for definition in definitions:
            body = {**definition, "groupName": GROUP, "description": "Written by the commerce sync"}
            self._hubspot.call("POST", f"/crm/properties/{{V}}/{object_type}", body)
