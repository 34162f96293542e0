"""Vendor clients from settings and tokens."""

from collections.abc import Mapping
from typing import Protocol

from commerce_sync.vendors.http import VendorHttp
from commerce_sync.vendors.hubspot import HubSpot
from commerce_sync.vendors.klaviyo import klaviyo_http


class VendorAddresses(Protocol):
    """The settings that vendor clients need."""

    @property
    def klaviyo_base_url(self) -> str: ...  # noqa: D102
    @property
    def klaviyo_revision(self) -> str: ...  # noqa: D102
    @property
    def hubspot_base_url(self) -> str: ...  # noqa: D102
    @property
    def hubspot_api_version(self) -> str: ...  # noqa: D102
    @property
    def vendor_timeout(self) -> float: ...  # noqa: D102


def klaviyo(settings: VendorAddresses, tokens: Mapping[str, str]) -> VendorHttp:
    """A session with Klaviyo."""
    return klaviyo_http(
        settings.klaviyo_base_url, tokens["klaviyo"], settings.klaviyo_revision, settings.vendor_timeout
    )


def hubspot(settings: VendorAddresses, tokens: Mapping[str, str]) -> HubSpot:
    """A session with HubSpot."""
    return HubSpot(settings.hubspot_base_url, tokens["hubspot"], settings.hubspot_api_version, settings.vendor_timeout)
