"""Who is on HubSpot's lists.

[unverified] No document at hand shows this endpoint in the dated version: its path, ``results[].recordId`` and the
cursor are those of the undated one. Nothing here is called unless fields.toml names a list.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Final

from commerce_sync.errors import PausedError, RetriableError
from commerce_sync.vendors.hubspot.client import HubSpot
from commerce_sync.vendors.hubspot.paging import next_page
from commerce_sync.vendors.remembering import Remembered

MINUTES: Final = 900.0
PAGE: Final = "250"
MOST_SECONDS: Final = 10.0
"""How long members are read at a time: whoever reads a hundred thousand of them goes on where it stopped."""


class HubSpotLists:
    """Members of the selected lists, each list read whole, in as many runs as it takes, and kept for some minutes."""

    def __init__(
        self,
        hubspot: HubSpot,
        list_ids: Iterable[str],
        seconds: float = MINUTES,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._hubspot = hubspot
        self._now = now
        self._lists = {one: Remembered(partial(self._members, one), seconds, now) for one in list_ids}
        self._begun: dict[str, tuple[set[str], str | None]] = {}

    def of(self, contact_ids: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """The selected lists (ids) that each contact is on.

        :raises NotAllowedError: lists may not be read.
        :raises RetriableError: they were not read to the end yet; asked again, it goes on from there.
        """
        members = {one: remembered.value() for one, remembered in self._lists.items()}
        return {
            contact_id: frozenset(one for one, theirs in members.items() if contact_id in theirs)
            for contact_id in contact_ids
        }

    def _members(self, list_id: str) -> frozenset[str]:
        members, after = self._begun.get(list_id, (set[str](), None))
        ends = self._now() + MOST_SECONDS
        while True:
            asked = {"limit": PAGE} | ({"after": after} if after else {})
            body = self._hubspot.call("GET", f"/crm/lists/{{V}}/{list_id}/memberships", None, asked).json or {}
            if "results" not in body:
                raise RetriableError("hubspot answered without a page")
            members |= {str(one["recordId"]) for one in body["results"]}
            following = next_page(body)
            if following is None or following == after:
                self._begun.pop(list_id, None)
                return frozenset(members)
            after = following
            self._begun[list_id] = members, after
            if self._now() >= ends:
                raise PausedError("a list of HubSpot's is not read to its end yet", retry_after=1.0)
