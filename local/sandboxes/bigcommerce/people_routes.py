"""The V3 API of carts and customers, as far as webhooks need them."""

from typing import Any

from flask import request

from local.sandboxes.bigcommerce.errors import invalid, not_found
from local.sandboxes.bigcommerce.gate import Route
from local.sandboxes.bigcommerce.state import BigCommerceState


def people_routes(state: BigCommerceState) -> list[Route]:
    """Reading one cart by its id, and customers by theirs."""

    def cart(cart_id: str) -> tuple[Any, int]:
        found = state.commerce.carts.get(cart_id)
        if found is None:
            raise not_found()
        return {"data": found, "meta": {}}, 200

    def customers() -> tuple[Any, int]:
        if unknown := set(request.args) - {"id:in"}:
            raise invalid(**dict.fromkeys(sorted(unknown), "is not a filter"))
        listed = request.args.get("id:in", "")
        if listed and not all(part.isdecimal() for part in listed.split(",")):
            raise invalid(**{"id:in": "are numbers"})
        wanted = set(map(int, listed.split(","))) if listed else set(state.commerce.customers)
        found = [one for customer_id, one in state.commerce.customers.items() if customer_id in wanted]
        pagination = {"total": len(found), "count": len(found), "per_page": 50, "current_page": 1, "total_pages": 1}
        return {"data": found, "meta": {"pagination": pagination}}, 200

    return [("GET", "/v3/carts/<cart_id>", cart), ("GET", "/v3/customers", customers)]
