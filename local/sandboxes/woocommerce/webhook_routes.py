"""The API of webhooks: all of them, and setting one active, paused or disabled."""

from typing import Any

from flask import request

from local.sandboxes.woocommerce.errors import invalid, no_such
from local.sandboxes.woocommerce.gate import PAGING, Route, paged, require_known
from local.sandboxes.woocommerce.state import WooCommerceState

STATUSES = frozenset({"active", "paused", "disabled"})
ORDERINGS = frozenset({"date", "id", "title"})


def webhook_routes(state: WooCommerceState) -> list[Route]:
    """Every operation that is asked for."""

    def listed() -> tuple[Any, dict[str, str]]:
        require_known(PAGING | {"status"})
        wanted = request.args.get("status", "all")
        rows = [hook.shown() for hook in state.hooks.values() if wanted in {"all", hook.status}]
        return paged(rows, ORDERINGS)

    def changed(hook_id: int) -> tuple[Any, dict[str, str]]:
        hook = state.hooks.get(hook_id)
        if hook is None:
            raise no_such("shop_webhook")
        given = request.get_json(silent=True)
        if not isinstance(given, dict) or set(given) - {"status"}:
            raise invalid(body="only the status is changed here.")
        if given.get("status") not in STATUSES:
            raise invalid(status=f"status is not one of {', '.join(sorted(STATUSES))}.")
        state.set_status(hook, given["status"])
        return hook.shown(), {}

    return [("GET", "/webhooks", listed), ("PUT", "/webhooks/<int:hook_id>", changed)]
