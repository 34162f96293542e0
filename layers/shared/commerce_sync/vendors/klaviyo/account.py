"""What Klaviyo says of the account, and which scopes its key lacks, which only trying shows."""

from collections.abc import Mapping
from typing import Final

from commerce_sync.errors import NotAllowedError
from commerce_sync.vendors.http import VendorHttp

ONE: Final[Mapping[str, str]] = {"page[size]": "1"}
READ_BY: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "profiles:read": ("/api/profiles", ONE),
    "events:read": ("/api/events", ONE),
    "metrics:read": ("/api/metrics", {}),
    "lists:read": ("/api/lists", {}),
    "flows:read": ("/api/flows", ONE),
    "segments:read": ("/api/segments", {}),
}
"""By scope the cheapest read that needs it; metrics, lists and segments take no page size.

What only writes need is not tried: nothing is written to find out.
"""


def details(http: VendorHttp) -> dict[str, str]:
    """``currency`` (ISO 4217), ``time_zone`` (IANA)."""
    shown = http.call("GET", "/api/accounts").json["data"][0]["attributes"]
    return {"currency": str(shown["preferred_currency"]), "time_zone": str(shown["timezone"])}


def scopes_lacking(http: VendorHttp) -> list[str]:
    """The scopes without which a read is refused; what only writes need shows when it is first written."""
    lacking = []
    for scope, (path, params) in READ_BY.items():
        try:
            http.call("GET", path, params=params)
        except NotAllowedError:
            lacking.append(scope)
    return lacking
