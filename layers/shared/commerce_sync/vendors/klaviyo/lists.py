"""Members of Klaviyo's lists: added and removed. That neither subscribes nor unsubscribes anybody.

What does (``profile-subscription-bulk-create-jobs``, with a list) is nowhere near here.
"""

from collections.abc import Sequence

from commerce_sync.errors import RefusedByVendorError, RetriableError
from commerce_sync.vendors.http import NOT_FOUND, VendorHttp
from commerce_sync.vendors.klaviyo.reading import LARGEST_PAGE, in_filters, pages, quoted

PROFILES = "/api/profiles"
PAGE_SIZE = str(LARGEST_PAGE)


class KlaviyoLists:
    """Scopes: ``lists:read``, ``lists:write``, ``profiles:read``."""

    def __init__(self, http: VendorHttp) -> None:
        self._http = http

    def ids(self, emails: Sequence[str]) -> dict[str, str]:
        """The profiles' ids of those email addresses that Klaviyo knows, as they were given; a hundred a call."""
        given = {email.lower(): email for email in emails}
        found = {}
        for group in in_filters(list(given.values())):
            asked = {"filter": f"any(email,{quoted(group)})", "fields[profile]": "email", "page[size]": PAGE_SIZE}
            for profile in pages(self._http, PROFILES, asked):
                email = given.get(str((profile.get("attributes") or {}).get("email") or "").lower())
                if email is not None:
                    found[email] = str(profile["id"])
        return found

    def add(self, list_id: str, profile_ids: Sequence[str]) -> None:
        """Put up to a thousand profiles on a list.

        :raises RefusedByVendorError: 404, the list is not there.
        :raises RetriableError: one of the profiles went meanwhile.
        """
        self._change("POST", list_id, profile_ids)

    def remove(self, list_id: str, profile_ids: Sequence[str]) -> None:
        """Take up to a thousand profiles off a list; errors as :meth:`add` has them."""
        self._change("DELETE", list_id, profile_ids)

    def _change(self, method: str, list_id: str, profile_ids: Sequence[str]) -> None:
        body = {"data": [{"type": "profile", "id": one} for one in profile_ids]}
        try:
            self._http.call(method, f"/api/lists/{list_id}/relationships/profiles", body)
        except RefusedByVendorError as refusal:
            if refusal.status != NOT_FOUND:
                raise
            self._http.call("GET", f"/api/lists/{list_id}")
            raise RetriableError("klaviyo knows the list, and one of the profiles no more") from None
