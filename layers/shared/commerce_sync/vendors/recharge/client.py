"""How a call to Recharge is dressed: one account's token, and the API's version by its date."""

from collections.abc import Mapping
from typing import Any

from commerce_sync.contracts.budgets import Budget
from commerce_sync.vendors.http import Answer, VendorHttp


class Recharge:
    """One account. ``base_url`` is ``https://api.rechargeapps.com``."""

    def __init__(self, base_url: str, token: str, version: str, timeout: float, budget: Budget | None = None) -> None:
        headers = {
            "X-Recharge-Access-Token": token,
            "X-Recharge-Version": version,
            "Accept": "application/json",
        }
        self._http = VendorHttp("recharge", base_url, headers, timeout, budget)

    def call(self, method: str, path: str, body: Any = None, params: Mapping[str, str] | None = None) -> Answer:
        """One call; errors as :meth:`VendorHttp.call` names them."""
        return self._http.call(method, path, body, params)

    def listed(self, path: str, params: Mapping[str, str]) -> Answer:
        """A page of a list."""
        return self.call("GET", path, params=params)

    def read(self, path: str) -> Answer | None:
        """What stands at a path, or None where Recharge says that nothing does.

        Errors as :meth:`VendorHttp.call` names them.
        """
        return self._http.find(path)
