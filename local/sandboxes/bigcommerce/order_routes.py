"""The V2 API of orders, as far as webhooks need it: one order by its id."""

from typing import Any

from local.sandboxes.bigcommerce.errors import not_found
from local.sandboxes.bigcommerce.gate import Route
from local.sandboxes.bigcommerce.state import BigCommerceState


def order_routes(state: BigCommerceState) -> list[Route]:
    """Reading one order."""

    def shown(order_id: int) -> tuple[Any, int]:
        order = state.orders.get(order_id)
        if order is None:
            raise not_found()
        return order, 200

    return [("GET", "/v2/orders/<int:order_id>", shown)]
