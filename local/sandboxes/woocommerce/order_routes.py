"""The API of orders: pages of those that changed, one of them, the refunds of one; and of customers, all of them."""

from datetime import datetime
from typing import Any

from flask import request

from local.sandboxes.woocommerce.errors import invalid, no_such
from local.sandboxes.woocommerce.gate import PAGING, Route, paged, require_known
from local.sandboxes.woocommerce.state import TRASH, WooCommerceState

FILTERS = frozenset({"status", "modified_after", "dates_are_gmt"})
ORDERINGS = frozenset({"date", "id", "include", "title", "slug"})
CUSTOMER_ORDERINGS = frozenset({"id", "include", "name", "registered_date"})


def order_routes(state: WooCommerceState) -> list[Route]:
    """Every operation that is asked for."""

    def listed() -> tuple[Any, dict[str, str]]:
        require_known(PAGING | FILTERS)
        wanted, since = request.args.get("status", "any"), _since(state)
        rows = [
            order
            for order in state.orders.values()
            if (order["status"] == wanted or (wanted == "any" and order["status"] != TRASH))
            and (since is None or datetime.fromisoformat(order["date_modified_gmt"]) > since)
        ]
        return paged(rows, ORDERINGS)

    def shown(order_id: int) -> tuple[Any, dict[str, str]]:
        return _order(order_id), {}

    def refunds(order_id: int) -> tuple[Any, dict[str, str]]:
        require_known(PAGING)
        _order(order_id)
        return paged(state.refunds.get(order_id, []), ORDERINGS)

    def customers() -> tuple[Any, dict[str, str]]:
        require_known(PAGING | {"role"})
        return paged(list(state.customers.values()), CUSTOMER_ORDERINGS)

    def _order(order_id: int) -> dict[str, Any]:
        order = state.orders.get(order_id)
        if order is None:
            raise no_such("shop_order")
        return order

    return [
        ("GET", "/customers", customers),
        ("GET", "/orders", listed),
        ("GET", "/orders/<int:order_id>", shown),
        ("GET", "/orders/<int:order_id>/refunds", refunds),
    ]


def _since(state: WooCommerceState) -> datetime | None:
    """The moment after which changes are wanted, in UTC; in the shop's own time unless ``dates_are_gmt`` says so."""
    said = request.args.get("modified_after")
    if said is None or not state.settings.knows_modified_after:
        return None
    try:
        moment = datetime.fromisoformat(said).replace(tzinfo=None)
    except ValueError:
        raise invalid(modified_after="Invalid date.") from None
    return moment if request.args.get("dates_are_gmt") == "true" else moment - state.UTC_OFFSET
