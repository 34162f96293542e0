"""How a call to BigCommerce is dressed: one store's address, and the token of an account of its API."""

from collections.abc import Mapping
from typing import Any

from commerce_sync.errors import PermanentError, RefusedByVendorError
from commerce_sync.vendors.http import Answer, VendorHttp

NOT_FOUND = 404


class BigCommerce:
    """One store. ``base_url`` is ``https://api.bigcommerce.com/stores/{hash}``; paths name the API's version.

    A 429 is a pause for as long as its ``X-Rate-Limit-Time-Reset-Ms`` says; all apps of a store share one quota.
    """

    def __init__(self, base_url: str, token: str, timeout: float) -> None:
        headers = {"X-Auth-Token": token, "Accept": "application/json"}
        self._http = VendorHttp("bigcommerce", base_url, headers, timeout)

    def call(self, method: str, path: str, body: Any = None, params: Mapping[str, str] | None = None) -> Answer:
        """One call; errors as :meth:`VendorHttp.call` names them."""
        return self._http.call(method, path, body, params)

    def read(self, path: str) -> Answer | None:
        """What stands at a path, or None where the store says that nothing does."""
        try:
            return self.call("GET", path)
        except RefusedByVendorError as refusal:
            if refusal.status != NOT_FOUND:
                raise
            return None


def numbered(path: str, record_id: str) -> str:
    """The path of one record.

    :raises PermanentError: the id is no number. Without one the path would be the whole list's, which can be deleted.
    """
    if not (record_id.isascii() and record_id.isdecimal()):
        raise PermanentError("bigcommerce: a record's id is a number")
    return f"{path}/{record_id}"
