"""HubSpot's owners: those at work and those who left, by id."""

from collections.abc import Iterable, Mapping
from typing import Any

from commerce_sync.contracts.crm import Owner
from commerce_sync.vendors.hubspot.client import HubSpot
from commerce_sync.vendors.hubspot.paging import pages
from commerce_sync.vendors.remembering import Remembered

MINUTES = 600.0
PAGE = "100"


class HubSpotOwners:
    """Owners by id, kept for some minutes. Those who left are read only where an id is none of those at work."""

    def __init__(self, hubspot: HubSpot, seconds: float = MINUTES) -> None:
        self._hubspot = hubspot
        self._working = Remembered(lambda: self._all(archived=False), seconds)
        self._gone = Remembered(lambda: self._all(archived=True), seconds)

    def of(self, owner_ids: Iterable[str]) -> Mapping[str, Owner]:
        """The owners of these ids; one that HubSpot does not know is absent.

        :raises NotAllowedError: owners may not be read.
        """
        wanted = set(owner_ids)
        if not wanted:
            return {}
        found = {one: owner for one, owner in self._working.value().items() if one in wanted}
        if wanted - found.keys():
            found |= {one: owner for one, owner in self._gone.value().items() if one in wanted - found.keys()}
        return found

    def everybody(self) -> dict[str, tuple[Owner, bool]]:
        """Every owner as HubSpot lists them now, and whether they left.

        :raises NotAllowedError: owners may not be read.
        """
        listed = ((archived, self._all(archived=archived)) for archived in (True, False))
        return {one: (owner, archived) for archived, owners in listed for one, owner in owners.items()}

    def _all(self, *, archived: bool) -> dict[str, Owner]:
        asked = {"limit": PAGE, "archived": str(archived).lower()}
        read = pages(self._hubspot, "/crm/owners/{V}", asked)
        return {str(one["id"]): _owner(one) for one in read}


def _owner(payload: Mapping[str, Any]) -> Owner:
    """A queue has a name and no email address; somebody without a name is called by their address."""
    name = " ".join(part for part in (payload.get("firstName"), payload.get("lastName")) if part)
    email = payload.get("email") or None
    return Owner(name or email or "", email)
