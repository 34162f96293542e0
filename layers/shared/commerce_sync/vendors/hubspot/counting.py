"""How many contacts an account has."""

from commerce_sync.vendors.changed import number_in
from commerce_sync.vendors.hubspot.client import HubSpot
from commerce_sync.vendors.hubspot.merging import CONTACTS


def contacts_known(hubspot: HubSpot) -> int:
    """About how many, archived ones left out: the search counts all that fit, though it shows ten thousand at most."""
    answer = hubspot.call("POST", f"{CONTACTS}/search", {"filterGroups": [], "properties": ["email"], "limit": 1})
    return number_in(answer.json, "total", "hubspot")
