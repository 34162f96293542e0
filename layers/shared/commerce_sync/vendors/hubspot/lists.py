"""Who is on HubSpot's lists.

[unverified] No document at hand shows this endpoint in the dated version: its path, ``results[].recordId`` and the
cursor are those of the undated one. Nothing here is called unless fields.toml names a list.
"""

from collections.abc import Iterable, Mapping
from functools import partial

from commerce_sync.vendors.hubspot.client import HubSpot
from commerce_sync.vendors.hubspot.paging import pages
from commerce_sync.vendors.remembering import Remembered

MINUTES = 900.0
PAGE = "250"


class HubSpotLists:
    """Members of the selected lists, each list read whole and kept for some minutes."""

    def __init__(self, hubspot: HubSpot, list_ids: Iterable[str], seconds: float = MINUTES) -> None:
        self._hubspot = hubspot
        self._lists = {one: Remembered(partial(self._members, one), seconds) for one in list_ids}

    def of(self, contact_ids: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """The selected lists (ids) that each contact is on.

        :raises NotAllowedError: lists may not be read.
        """
        members = {one: remembered.value() for one, remembered in self._lists.items()}
        return {
            contact_id: frozenset(one for one, theirs in members.items() if contact_id in theirs)
            for contact_id in contact_ids
        }

    def _members(self, list_id: str) -> frozenset[str]:
        read = pages(self._hubspot, f"/crm/lists/{{V}}/{list_id}/memberships", {"limit": PAGE})
        return frozenset(str(one["recordId"]) for one in read)
