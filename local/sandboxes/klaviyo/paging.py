"""Query parameters, sorting and cursor pages; ``links.next`` holds the whole next request, to be followed verbatim."""

import base64
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request

from local.sandboxes.klaviyo.errors import invalid_parameter

Item = TypeVar("Item")
Rank = Callable[[Any], tuple[Any, str]]


@dataclass(frozen=True)
class Pages:
    """How a collection is paged: the default and the largest page, the sort keys (a value and the id), the default."""

    size: int
    most: int
    ranks: Mapping[str, Rank]
    sort: str


@dataclass(frozen=True)
class Page:
    """One page and its links."""

    items: list[Any]
    links: dict[str, str | None]


def allow(*names: str) -> None:
    """Refuse query parameters the endpoint does not know."""
    for name in request.args:
        if name not in names:
            invalid_parameter(f"'{name}' is not a valid query parameter for this endpoint.", name)


def words(parameter: str, allowed: Collection[str]) -> list[str]:
    """A comma-separated parameter whose words must be known."""
    given = [word for word in request.args.get(parameter, "").split(",") if word]
    for word in given:
        if word not in allowed:
            invalid_parameter(f"'{word}' is not a valid value for '{parameter}'.", parameter)
    return given


def page_of(items: Sequence[Any], pages: Pages) -> Page:
    """The page the request asks for."""
    sort = request.args.get("sort", pages.sort)
    rank = pages.ranks.get(sort.lstrip("-"))
    if rank is None or sort.startswith("--"):
        invalid_parameter(f"'{sort}' is not a valid sort. Allowed: {', '.join(pages.ranks)}.", "sort")
    descending = sort.startswith("-")
    ordered = sorted(items, key=rank, reverse=descending)
    after = _cursor()
    if after is not None:
        ordered = [item for item in ordered if _follows(rank(item), after, descending=descending)]
    size = _size(pages)
    shown, rest = ordered[:size], ordered[size:]
    following = _link(rank(shown[-1])) if rest else None
    return Page(shown, {"self": request.url, "next": following, "prev": None})


def _follows(mine: tuple[Any, str], after: tuple[Any, str], *, descending: bool) -> bool:
    try:
        return mine < after if descending else mine > after
    except TypeError:
        invalid_parameter("Invalid cursor.", "page[cursor]")


def _size(pages: Pages) -> int:
    raw = request.args.get("page[size]", str(pages.size))
    if not raw.isdecimal() or not 1 <= int(raw) <= pages.most:
        invalid_parameter(f"Page size must be an integer between 1 and {pages.most}.", "page[size]")
    return int(raw)


def _cursor() -> tuple[Any, str] | None:
    """The vendor's own client sends the cursor with the ``=`` before it, so that must be let pass."""
    raw = request.args.get("page[cursor]")
    if raw is None:
        return None
    bare = raw.lstrip("=")
    try:
        value, identifier = json.loads(base64.b32decode(bare + "=" * (-len(bare) % 8)))
    except (ValueError, TypeError):
        invalid_parameter("Invalid cursor.", "page[cursor]")
    return value, identifier


def _link(rank: tuple[Any, str]) -> str:
    cursor = base64.b32encode(json.dumps(rank).encode()).decode().strip("=")
    return f"{request.base_url}?{urlencode({**request.args, 'page[cursor]': cursor})}"
