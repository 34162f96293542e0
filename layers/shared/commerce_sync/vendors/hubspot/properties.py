"""HubSpot property definitions: what this bundle needs to exist before it writes."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from commerce_sync.contracts.revenue import RevenueObject
from commerce_sync.vendors.hubspot.client import HubSpot
from commerce_sync.vendors.hubspot.consent_properties import CONSENT_PROPERTIES
from commerce_sync.vendors.hubspot.revenue_properties import TYPES

GROUP = "commerce_sync"
FIELD_TYPES = {"number": "number", "string": "text", "date": "date"}


def _unique(name: str, label: str) -> Mapping[str, Any]:
    return {"name": name, "label": label, "type": "string", "fieldType": "text", "hasUniqueValue": True}


def _plain(name: str, label: str, kind: str) -> Mapping[str, Any]:
    return {"name": name, "label": label, "type": kind, "fieldType": FIELD_TYPES[kind]}


ORDER_PROPERTIES: Sequence[Mapping[str, Any]] = (
    _unique("sync_order_key", "Sync order key"),
    _plain("sync_original_amount", "Original amount", "number"),
    _plain("sync_original_currency", "Original currency", "string"),
    _plain("sync_refunded_amount", "Refunded amount (original currency)", "number"),
    _plain("sync_company_amount", "Amount in company currency", "number"),
    _plain("sync_company_currency", "Company currency", "string"),
    _plain("sync_exchange_rate", "Exchange rate to company currency", "number"),
    _plain("sync_rate_date", "Date of the exchange rate", "date"),
)
"""Orders and deals have the same."""
LINE_ITEM_PROPERTIES: Sequence[Mapping[str, Any]] = (_unique("sync_line_key", "Sync line key"),)


def wanted_properties(
    revenue_objects: Collection[RevenueObject], *, line_items: bool
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """What must exist, by object type, where revenue is shown as these objects, with line items or without."""
    lines = {"line_items": LINE_ITEM_PROPERTIES} if line_items else {}
    revenue = {TYPES[kind]: ORDER_PROPERTIES for kind in sorted(revenue_objects, reverse=True)}
    return {**revenue, "contacts": CONSENT_PROPERTIES, **lines}


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
