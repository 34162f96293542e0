"""How Klaviyo's pages are read, and its filters written."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from commerce_sync.errors import RetriableError
from commerce_sync.vendors.http import Answer, VendorHttp

LARGEST_PAGE = 100
LONGEST_FILTER = 6000
"""Characters of a filter in an address, encoded. Klaviyo names no limit; servers commonly take 8,000."""
Page = tuple[list[Mapping[str, Any]], str | None]


def page(http: VendorHttp, path: str, params: Mapping[str, str], cursor: str | None) -> Page:
    """A page's resources and the next cursor. A cursor is Klaviyo's own link, and only followed back to ``path``."""
    return resources(asked(http, path, params, cursor))


def asked(http: VendorHttp, path: str, params: Mapping[str, str], cursor: str | None) -> Answer:
    """The first page of a query, or the one that a cursor leads to."""
    return http.call("GET", path, params=params) if cursor is None else http.follow(cursor, path)


def pages(http: VendorHttp, path: str, params: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """Every resource of every page."""
    found, cursor = page(http, path, params, None)
    yield from found
    while cursor is not None:
        found, cursor = page(http, path, params, cursor)
        yield from found


def resources(answer: Answer) -> Page:
    """The resources of a page, and the link to the next one."""
    body = answer.json or {}
    if "data" not in body:
        raise RetriableError("klaviyo answered without a page")
    following = (body.get("links") or {}).get("next")
    return list(body["data"] or []), str(following) if following else None


def quoted(value: str | list[str]) -> str:
    """A value in Klaviyo's filter language: text in double quotes, its own ones escaped; lists in brackets."""
    return json.dumps(value, ensure_ascii=False)


def instant(moment: datetime) -> str:
    """A time in Klaviyo's filter language and in its bodies."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def moment_of(value: Any) -> datetime | None:
    """A time that Klaviyo gave; without an offset it is UTC. None where it gave none, or no time."""
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def in_filters(values: Sequence[str]) -> Iterator[list[str]]:
    """Values in the fewest groups that fit a page and an address."""
    group: list[str] = []
    size = 0
    for value in values:
        length = len(quote(quoted(value), safe="")) + 3
        if group and (len(group) == LARGEST_PAGE or size + length > LONGEST_FILTER):
            yield group
            group, size = [], 0
        group.append(value)
        size += length
    if group:
        yield group
