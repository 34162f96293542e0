"""The V3 API of webhooks (``/hooks``), as reference/webhooks.v3.yml of github.com/bigcommerce/docs has it.

Whether a second hook of one scope and destination is refused, that page does not say: here it is taken, as the harder
case.
"""

import math
from typing import Any
from urllib.parse import urlsplit

from flask import request

from local.sandboxes.bigcommerce.errors import BigCommerceError, invalid, not_found
from local.sandboxes.bigcommerce.gate import Route
from local.sandboxes.bigcommerce.state import BigCommerceState
from local.sandboxes.sending import is_here

HOOKS = "/v3/hooks"
PAGE, LARGEST_PAGE = 50, 250
FIELDS = frozenset({"scope", "destination", "is_active", "headers", "events_history_enabled"})
MOST_OF_ONE_SCOPE = 10


def hook_routes(state: BigCommerceState) -> list[Route]:
    """Every operation that is asked for."""

    def listed() -> tuple[Any, int]:
        if unknown := set(request.args) - {"page", "limit", "is_active", "scope", "destination"}:
            raise invalid(**dict.fromkeys(sorted(unknown), "is not a filter"))
        page, limit = int(request.args.get("page", 1)), int(request.args.get("limit", PAGE))
        if not (1 <= limit <= LARGEST_PAGE and page >= 1):
            raise invalid(limit=f"is a number from 1 to {LARGEST_PAGE}")
        rows = list(state.hooks.values())
        part = rows[(page - 1) * limit : page * limit]
        pagination = {
            "total": len(rows),
            "count": len(part),
            "per_page": limit,
            "current_page": page,
            "total_pages": math.ceil(len(rows) / limit),
        }
        return {"data": part, "meta": {"pagination": pagination}}, 200

    def created() -> tuple[Any, int]:
        given = _body()
        if missing := sorted({"scope", "destination"} - given.keys()):
            raise invalid(**dict.fromkeys(missing, "error.path.missing"))
        if sum(one["scope"] == given["scope"] for one in state.hooks.values()) >= MOST_OF_ONE_SCOPE:
            raise BigCommerceError(422, "Too many hooks of this scope", {"scope": "too many"})
        return {"data": state.put_hook(given), "meta": {}}, 200

    def changed(hook_id: int) -> tuple[Any, int]:
        if hook_id not in state.hooks:
            raise not_found()
        return {"data": state.put_hook({**_body(), "id": hook_id}), "meta": {}}, 200

    return [("GET", HOOKS, listed), ("POST", HOOKS, created), ("PUT", f"{HOOKS}/<int:hook_id>", changed)]


def _body() -> dict[str, Any]:
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        raise BigCommerceError(400, "Input is invalid.")
    wrong = dict.fromkeys(sorted(given.keys() - FIELDS), "is not a field")
    if "scope" in given and not str(given["scope"]).startswith("store/"):
        wrong["scope"] = "is no scope"
    if "destination" in given and not _is_destination(str(given["destination"])):
        wrong["destination"] = "must be https, and served on port 443"
    if not isinstance(given.get("is_active", True), bool):
        wrong["is_active"] = "is true or false"
    if wrong:
        raise invalid(**wrong)
    return given


def _is_destination(url: str) -> bool:
    address = urlsplit(url)
    return is_here(url) or (address.scheme == "https" and address.port in {None, 443})
