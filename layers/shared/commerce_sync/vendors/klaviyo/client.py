"""How a call to Klaviyo is dressed."""

from commerce_sync.contracts.budgets import Budget
from commerce_sync.vendors.http import VendorHttp

MEDIA_TYPE = "application/vnd.api+json"


def klaviyo_http(
    base_url: str, api_key: str, revision: str, timeout: float, budget: Budget | None = None
) -> VendorHttp:
    """A session with the private key and the pinned revision."""
    headers = {
        "Authorization": f"Klaviyo-API-Key {api_key}",
        "revision": revision,
        "Accept": MEDIA_TYPE,
        "Content-Type": MEDIA_TYPE,
    }
    return VendorHttp("klaviyo", base_url, headers, timeout, budget)
