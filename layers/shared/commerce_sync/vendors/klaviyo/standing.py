"""What Klaviyo's profiles hold, flat, for whoever compares or plans; and whose they are. Read only."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from commerce_sync.contracts.fields import ATTRIBUTE
from commerce_sync.vendors.http import VendorHttp
from commerce_sync.vendors.klaviyo.profiles import PAGE_SIZE, PROFILES
from commerce_sync.vendors.klaviyo.reading import in_filters, pages, quoted

EMAIL: Final = f"{ATTRIBUTE}email"


def standing(http: VendorHttp, emails: Sequence[str]) -> dict[str, Mapping[str, object]]:
    """By email address as it was given, the values of a profile; addresses that Klaviyo does not know are absent.

    Klaviyo's own attributes, those of the location too, as ``$first_name``, custom properties by their names, each as
    JSON has it. A hundred a call, or as many as an address holds.
    """
    given = {email.lower(): email for email in emails}
    found: dict[str, Mapping[str, object]] = {}
    for group in in_filters(list(given.values())) if given else ():
        asked = {"filter": f"any(email,{quoted(group)})", "page[size]": PAGE_SIZE}
        for profile in pages(http, PROFILES, asked):
            held = held_by(profile)
            if (email := given.get(str(held.get(EMAIL) or "").lower())) is not None:
                found[email] = held
    return found


def addresses(http: VendorHttp, profile_ids: Sequence[str]) -> dict[str, str]:
    """The email addresses of profiles by id; those that are gone, or have none, are absent. A hundred a call."""
    found: dict[str, str] = {}
    for group in in_filters(list(dict.fromkeys(profile_ids))) if profile_ids else ():
        asked = {"filter": f"any(id,{quoted(group)})", "fields[profile]": "email", "page[size]": PAGE_SIZE}
        profiles = pages(http, PROFILES, asked)
        found |= {
            str(one["id"]): str(email) for one in profiles if (email := (one.get("attributes") or {}).get("email"))
        }
    return found


def held_by(profile: Mapping[str, Any]) -> dict[str, object]:
    """A profile's values, flat."""
    own = dict(profile.get("attributes") or {})
    properties, place = own.pop("properties", None) or {}, own.pop("location", None) or {}
    return {**{f"{ATTRIBUTE}{name}": value for name, value in {**own, **place}.items()}, **properties}
