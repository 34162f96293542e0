"""The V3 API of carts and customers, as far as webhooks need them."""

from datetime import datetime
from typing import Any

from flask import request

from local.sandboxes.bigcommerce.errors import invalid, not_found
from local.sandboxes.bigcommerce.gate import Route
from local.sandboxes.bigcommerce.state import BigCommerceState

FLOORS = {"date_modified:min": "date_modified", "date_created:min": "date_created"}


def people_routes(state: BigCommerceState) -> list[Route]:
    """Reading one cart by its id, and customers by theirs."""

    def cart(cart_id: str) -> tuple[Any, int]:
        found = state.commerce.carts.get(cart_id)
        if found is None:
            raise not_found()
        return {"data": found, "meta": {}}, 200

    def customers() -> tuple[Any, int]:
        if unknown := set(request.args) - {"id:in", *FLOORS, "sort", "limit", "page"}:
            raise invalid(**dict.fromkeys(sorted(unknown), "is not a filter"))
        listed = request.args.get("id:in", "")
        if listed and not all(part.isdecimal() for part in listed.split(",")):
            raise invalid(**{"id:in": "are numbers"})
        wanted = set(map(int, listed.split(","))) if listed else set(state.commerce.customers)
        found = [one for customer_id, one in state.commerce.customers.items() if customer_id in wanted]
        for floor, name in FLOORS.items():
            if since := request.args.get(floor):
                found = [one for one in found if datetime.fromisoformat(one[name]) >= datetime.fromisoformat(since)]
        found.sort(key=lambda one: (str(one.get("date_created") or ""), one["id"]))
        size, number = int(request.args.get("limit", 50)), int(request.args.get("page", 1))
        page = found[(number - 1) * size : number * size]
        pagination = {
            "total": len(found),
            "count": len(page),
            "per_page": size,
            "current_page": number,
            "total_pages": -(-len(found) // size),
        }
        return {"data": page, "meta": {"pagination": pagination}}, 200

    return [("GET", "/v3/carts/<cart_id>", cart), ("GET", "/v3/customers", customers)]
