"""How many contacts an account has."""

from commerce_sync.errors import RetriableError
from commerce_sync.vendors.hubspot.client import HubSpot
from commerce_sync.vendors.hubspot.merging import CONTACTS


def contacts_known(hubspot: HubSpot) -> int:
    """About how many, archived ones left out: the search counts all that fit, though it shows ten thousand at most."""
    answer = hubspot.call("POST", f"{CONTACTS}/search", {"filterGroups": [], "properties": ["email"], "limit": 1})
    total = (answer.json or {}).get("total")
    if not isinstance(total, int):
        raise RetriableError("hubspot answered a search without its total")
    return total
