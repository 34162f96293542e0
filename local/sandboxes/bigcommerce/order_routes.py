"""The V2 API of orders and their parts, and V3's of refunds, as far as webhooks need them."""

from typing import Any

from flask import request

from local.sandboxes.bigcommerce.commerce import Record
from local.sandboxes.bigcommerce.errors import BigCommerceError, not_found
from local.sandboxes.bigcommerce.gate import Route
from local.sandboxes.bigcommerce.state import BigCommerceState

PAGE, LARGEST_PAGE = 50, 250


def order_routes(state: BigCommerceState) -> list[Route]:
    """Reading one order, and what belongs to it."""

    def order(order_id: int) -> Record:
        found = state.commerce.orders.get(order_id)
        if found is None:
            raise not_found()
        return found

    def shown(order_id: int) -> tuple[Any, int]:
        return order(order_id), 200

    def products(order_id: int) -> tuple[Any, int]:
        order(order_id)
        return _page(state.commerce.products.get(order_id, []))

    def shipments(order_id: int) -> tuple[Any, int]:
        order(order_id)
        return _page(state.commerce.shipments.get(order_id, []))

    def refunds(order_id: int) -> tuple[Any, int]:
        order(order_id)
        return {"data": sorted(state.commerce.refunds.get(order_id, []), key=lambda one: one["id"]), "meta": {}}, 200

    return [
        ("GET", "/v2/orders/<int:order_id>", shown),
        ("GET", "/v2/orders/<int:order_id>/products", products),
        ("GET", "/v2/orders/<int:order_id>/shipments", shipments),
        ("GET", "/v3/orders/<int:order_id>/payment_actions/refunds", refunds),
    ]


def _page(rows: list[Record]) -> tuple[Any, int]:
    """A page of a V2 list: 204 without a body where nothing is on it."""
    if unknown := set(request.args) - {"page", "limit"}:
        raise BigCommerceError(400, f"unknown parameters: {', '.join(sorted(unknown))}")
    page, limit = _number("page", 1, 1_000_000), _number("limit", PAGE, LARGEST_PAGE)
    part = rows[(page - 1) * limit : page * limit]
    return (part, 200) if part else (None, 204)


def _number(name: str, default: int, most: int) -> int:
    text = request.args.get(name, str(default))
    if not (text.isdecimal() and 1 <= int(text) <= most):
        raise BigCommerceError(400, f"{name} is a number from 1 to {most}")
    return int(text)
