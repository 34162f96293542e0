"""Klaviyo profiles: one upsert (operation ``create_or_update_profile``). Never touches consent."""

from collections.abc import Mapping
from typing import Any

from commerce_sync.vendors.http import VendorHttp


class KlaviyoProfiles:
    """Writes profile attributes. Omitted means unchanged and null means clear, so nothing unset is ever sent."""

    def __init__(self, http: VendorHttp) -> None:
        self._http = http

    def upsert(self, email: str, attributes: Mapping[str, str], properties: Mapping[str, str]) -> None:
        """Create or update the profile of an email address. Repeating it changes nothing.

        ``attributes`` are Klaviyo's own (``first_name``, ``country``), ``properties`` custom ones.
        """
        own: dict[str, Any] = {name: value for name, value in attributes.items() if name != "country"}
        if "country" in attributes:
            own["location"] = {"country": attributes["country"]}
        body = {"type": "profile", "attributes": {"email": email, **own, "properties": dict(properties)}}
        self._http.call("POST", "/api/profile-import", {"data": body})
