"""How a call to a WooCommerce shop is dressed: its address, and a consumer's key and secret over https.

Over plain http a shop wants OAuth 1.0a instead, because the secret would travel in the clear; that is not spoken here.
"""

from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from commerce_sync.contracts.budgets import Budget
from commerce_sync.errors import ConfigurationError, RetriableError
from commerce_sync.vendors.changed import ChangedRecord
from commerce_sync.vendors.http import Answer, VendorHttp

API: Final = "/wp-json/wc/v3"
PAGE: Final = 100
"""The most rows of a page."""
_HERE: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class WooCommerce:
    """One shop. ``base_url`` is its home URL, as ``https://shop.example.com``; paths begin behind ``/wp-json/wc/v3``.

    401 means a wrong key, or one whose owner may not do this: nothing else will be answered either. A shop has no quota
    of its own; what stands before it may answer 429.
    """

    def __init__(self, base_url: str, key: str, secret: str, timeout: float, budget: Budget | None = None) -> None:
        """:raises ConfigurationError: the address is not https, and not this machine."""
        address = urlsplit(base_url)
        if address.scheme != "https" and address.hostname not in _HERE:
            raise ConfigurationError("woocommerce: a shop's address begins with https://")
        proof = b64encode(f"{key}:{secret}".encode()).decode("ascii")
        headers = {"Authorization": f"Basic {proof}", "Accept": "application/json"}
        self._http = VendorHttp("woocommerce", base_url.rstrip("/") + API, headers, timeout, budget)

    def call(self, method: str, path: str, body: Any = None, params: Mapping[str, str] | None = None) -> Answer:
        """One call; errors as :meth:`VendorHttp.call` names them."""
        return self._http.call(method, path, body, params)

    def read(self, path: str, params: Mapping[str, str] | None = None) -> Answer | None:
        """What stands at a path, or None where the shop says that nothing does."""
        return self._http.find(path, params)


def record_in(answer: Answer) -> Mapping[str, Any]:
    """The record of an answer.

    :raises RetriableError: it holds none, so it is not WooCommerce's.
    """
    if not isinstance(answer.json, dict) or "id" not in answer.json:
        raise RetriableError("woocommerce answered without a record")
    return answer.json


def rows_in(answer: Answer) -> list[Mapping[str, Any]]:
    """The rows of an answer.

    :raises RetriableError: it is no list of records, so it is not WooCommerce's.
    """
    rows = answer.json
    if not isinstance(rows, list) or not all(isinstance(row, dict) and "id" in row for row in rows):
        raise RetriableError("woocommerce answered without a list")
    return rows


def dated(row: Mapping[str, Any], name: str) -> ChangedRecord:
    """A row with the time (GMT) that stands under a name, or without one where none can be read there."""
    try:
        at = datetime.fromisoformat(row.get(name) or "")
    except (TypeError, ValueError):
        return ChangedRecord(str(row["id"]), None, row)
    return ChangedRecord(str(row["id"]), at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC), row)


def count_in(answer: Answer, header: str) -> int:
    """A number of WordPress's paging headers (``X-WP-Total``, ``X-WP-TotalPages``).

    :raises RetriableError: it is absent: something between us and the shop dropped it, and the end would be a guess.
    """
    said = answer.headers.get(header, "")
    if not said.isdecimal():
        raise RetriableError(f"woocommerce answered without {header}")
    return int(said)
