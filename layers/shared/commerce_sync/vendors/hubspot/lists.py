"""Who is on HubSpot's lists, page by page.

[unverified] No document at hand shows this endpoint in the dated version: its path, ``results[].recordId`` and the
cursor are those of the undated one. Nothing here is called unless fields.toml names a list.
"""

from commerce_sync.errors import RetriableError
from commerce_sync.vendors.hubspot.client import HubSpot
from commerce_sync.vendors.hubspot.paging import next_page

PAGE = "250"


class HubSpotLists:
    """Reads. Scope: ``crm.lists.read``."""

    def __init__(self, hubspot: HubSpot) -> None:
        self._hubspot = hubspot

    def members(self, list_id: str, after: str | None) -> tuple[list[str], str | None]:
        """The contact ids of a page of a list's members, and the cursor of the next page.

        :raises NotAllowedError: lists may not be read.
        :raises RefusedByVendorError: 404, there is no such list.
        """
        asked = {"limit": PAGE, **({"after": after} if after else {})}
        body = self._hubspot.call("GET", f"/crm/lists/{{V}}/{list_id}/memberships", None, asked).json or {}
        if "results" not in body:
            raise RetriableError("hubspot answered without a page")
        following = next_page(body)
        try:
            ids = [str(int(one["recordId"])) for one in body["results"]]
        except (KeyError, TypeError, ValueError):
            raise RetriableError(
                f"hubspot answered for list {list_id} without members in the form that is known"
            ) from None
        return ids, None if following == after else following
