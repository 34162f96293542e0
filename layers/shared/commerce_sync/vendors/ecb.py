"""The European Central Bank's files of reference rates. No account, no token."""

from typing import Final

import requests

from commerce_sync.errors import RetriableError
from commerce_sync.vendors.http import VendorHttp

FILES: Final = {
    "daily": "/stats/eurofxref/eurofxref-daily.xml",
    "ninety_days": "/stats/eurofxref/eurofxref-hist-90d.xml",
    "history": "/stats/eurofxref/eurofxref-hist.xml",
}
LARGEST: Final = 32 * 1024 * 1024
"""Bytes; four times all days since 1999."""


class EcbFiles(VendorHttp):
    """Reads whole files."""

    def __init__(self, base_url: str, timeout: float) -> None:
        super().__init__("ecb", base_url, {"Accept": "application/xml"}, timeout)

    def read(self, file: str) -> bytes:
        """One file's bytes; errors as :meth:`VendorHttp.call` names them."""
        body: bytes = self.call("GET", FILES[file]).json
        return body

    def _json(self, response: requests.Response) -> bytes:
        """These answers are XML."""
        if not 0 < len(response.content) <= LARGEST:
            raise RetriableError(f"ecb {response.status_code} with {len(response.content)} bytes")
        return response.content
