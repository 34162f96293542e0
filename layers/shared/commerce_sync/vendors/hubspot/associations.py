"""Which contacts belong to companies, deals and tickets: HubSpot's associations, read in batches."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from commerce_sync.vendors.hubspot.client import HubSpot, read_results

MOST_READ: Final = 1000


class Tied(NamedTuple):
    """The contacts of one record on a page, and the page to go on with, or None where these are the last."""

    contacts: tuple[str, ...] = ()
    following: str | None = None


class HubSpotAssociations:
    """Reads; repeating a read is harmless."""

    def __init__(self, hubspot: HubSpot) -> None:
        self._hubspot = hubspot

    def contacts_of(self, object_type: str, places: Mapping[str, str | None]) -> dict[str, Tied]:
        """The contacts of up to 1,000 records, each from its page on (None: the first). Who has none may be absent.

        :raises RetriableError: HubSpot could not say it of one of them.
        """
        inputs = [{"id": one} | ({"after": after} if after else {}) for one, after in places.items()]
        if not inputs:
            return {}
        path = f"/crm/associations/{{V}}/{object_type}/contacts/batch/read"
        read = read_results(self._hubspot.call("POST", path, {"inputs": inputs[:MOST_READ]}))
        return {str(one["from"]["id"]): _tied(one) for one in read}


def _tied(result: Mapping[str, Any]) -> Tied:
    """A contact may be tied by several labels: it is one all the same."""
    contacts: Sequence[str] = [str(one["toObjectId"]) for one in result.get("to") or []]
    following = ((result.get("paging") or {}).get("next") or {}).get("after")
    return Tied(tuple(dict.fromkeys(contacts)), str(following) if following else None)
