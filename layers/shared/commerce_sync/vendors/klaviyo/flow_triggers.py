"""What starts Klaviyo's flows when profiles change: flows by list, segment or date, and how segments are defined."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from commerce_sync.vendors.http import VendorHttp
from commerce_sync.vendors.klaviyo.reading import pages

UNMOVED: Final = frozenset({"Metric", "Low Inventory", "Price Drop", "Unconfigured"})
"""Trigger types that no change of a profile starts: events, catalogue items, nothing at all."""
Row = Mapping[str, Any]


class KlaviyoFlowTriggers:
    """Reads. Scopes: ``flows:read``, ``segments:read``, for :meth:`metrics` ``metrics:read``."""

    def __init__(self, http: VendorHttp) -> None:
        self._http = http

    def flows(self) -> Iterator[Row]:
        """Flows that are no draft, not archived, and may be started by a change of a profile, with their triggers.

        Only the single read of a flow shows what triggers it; sixty a minute are allowed.
        """
        for flow in pages(self._http, "/api/flows", {"page[size]": "50"}):
            attributes = flow["attributes"]
            if attributes.get("archived") or attributes["status"] == "draft":
                continue
            if attributes.get("trigger_type") in UNMOVED:
                continue
            path, params = f"/api/flows/{flow['id']}", {"additional-fields[flow]": "definition"}
            read = self._http.call("GET", path, params=params).json["data"]["attributes"]
            yield {
                "id": str(flow["id"]),
                "name": str(attributes["name"]),
                "status": str(attributes["status"]),
                "trigger_type": str(attributes.get("trigger_type") or ""),
                "triggers": (read.get("definition") or {}).get("triggers") or [],
            }

    def segments(self) -> Iterator[Row]:
        """Every segment with its definition; Klaviyo shows ten a page."""
        for segment in pages(self._http, "/api/segments", {}):
            attributes = segment["attributes"]
            definition = attributes.get("definition") or {}
            yield {"id": str(segment["id"]), "name": str(attributes["name"]), "definition": definition}

    def metrics(self) -> frozenset[str]:
        """The ids of the metrics that are sent by API, as ours are."""
        found = pages(self._http, "/api/metrics", {})
        return frozenset(
            str(one["id"])
            for one in found
            if str((one["attributes"].get("integration") or {}).get("name") or "") in {"API", ""}
        )
