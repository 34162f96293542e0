"""How a call to BigCommerce is dressed: one store's address, and the token of an account of its API."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from commerce_sync.contracts.budgets import Budget
from commerce_sync.errors import PermanentError
from commerce_sync.vendors.http import Answer, VendorHttp

A_CART: Final = re.compile(r"[0-9A-Za-z-]{1,64}")
"""Carts are named by UUIDs."""


def exact(number: str) -> Decimal | str:
    """A JSON number with the digits it was written with; one beyond all numbers stays text."""
    try:
        return Decimal(number)
    except InvalidOperation:
        return number


class _ExactHttp(VendorHttp):
    """A session whose JSON numbers are money."""

    read_number = staticmethod(exact)


class BigCommerce:
    """One store. ``base_url`` is ``https://api.bigcommerce.com/stores/{hash}``; paths name the API's version.

    A 429 is a pause for as long as its ``X-Rate-Limit-Time-Reset-Ms`` says; all apps of a store share one quota. V3
    writes amounts as JSON numbers: they keep the digits that they were written with.
    """

    def __init__(self, base_url: str, token: str, timeout: float, budget: Budget | None = None) -> None:
        headers = {"X-Auth-Token": token, "Accept": "application/json"}
        self._http = _ExactHttp("bigcommerce", base_url, headers, timeout, budget)

    def call(self, method: str, path: str, body: Any = None, params: Mapping[str, str] | None = None) -> Answer:
        """One call; errors as :meth:`VendorHttp.call` names them."""
        return self._http.call(method, path, body, params)

    def read(self, path: str, params: Mapping[str, str] | None = None) -> Answer | None:
        """What stands at a path, or None where the store says that nothing does."""
        return self._http.find(path, params)


def named(path: str, cart_id: str) -> str:
    """The path of one cart.

    :raises PermanentError: the id is none, and would lead to another place of the API.
    """
    if not A_CART.fullmatch(cart_id):
        raise PermanentError("bigcommerce: a cart's id is a UUID")
    return f"{path}/{cart_id}"
