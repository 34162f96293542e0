"""Lists of HubSpot's that come page by page, each with the cursor of the next."""

from collections.abc import Iterator, Mapping
from typing import Any

from commerce_sync.errors import RetriableError
from commerce_sync.vendors.hubspot.client import HubSpot


def pages(hubspot: HubSpot, path: str, asked: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """Every entry of a list, over all its pages.

    :raises RetriableError: an answer was no page.
    """
    after: str | None = None
    while True:
        body = hubspot.call("GET", path, None, {**asked, **({"after": after} if after else {})}).json or {}
        if "results" not in body:
            raise RetriableError("hubspot answered without a page")
        yield from body["results"]
        following = next_page(body)
        if following is None or following == after:
            return
        after = following


def next_page(body: Mapping[str, Any]) -> str | None:
    """The cursor of the next page, if there is one."""
    after = ((body.get("paging") or {}).get("next") or {}).get("after")
    return str(after) if after else None
