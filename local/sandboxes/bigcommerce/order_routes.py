"""The V2 API of orders and their parts, and V3's of refunds, as far as webhooks need them."""

import sys
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from flask import request

from local.sandboxes.bigcommerce.commerce import Record
from local.sandboxes.bigcommerce.errors import BigCommerceError, not_found
from local.sandboxes.bigcommerce.gate import Route
from local.sandboxes.bigcommerce.state import BigCommerceState

PAGE, LARGEST_PAGE = 50, 250
FILTERS = frozenset({"min_date_modified", "min_id", "sort"})
SORTS = frozenset(f"{field}:{way}" for field in ("id", "date_modified") for way in ("asc", "desc"))


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

    def listed() -> tuple[Any, int]:
        return _listed(list(state.commerce.orders.values()))

    return [
        ("GET", "/v2/orders", listed),
        ("GET", "/v2/orders/<int:order_id>", shown),
        ("GET", "/v2/orders/<int:order_id>/products", products),
        ("GET", "/v2/orders/<int:order_id>/shipments", shipments),
        ("GET", "/v3/orders/<int:order_id>/payment_actions/refunds", refunds),
    ]


def _listed(orders: list[Record]) -> tuple[Any, int]:
    """Orders that changed at or after a moment, from an id on, by id unless asked otherwise, but for archived ones."""
    order, since = request.args.get("sort", "id:asc"), _moment(request.args.get("min_date_modified"))
    if order not in SORTS:
        raise BigCommerceError(400, "The field 'sort' is invalid.")
    least = _number("min_id", 0, sys.maxsize, least=0)
    rows = [
        one
        for one in orders
        if not one.get("is_deleted") and one["id"] >= least and (since is None or modified_at(one) >= since)
    ]
    rows.sort(key=lambda one: one["id"])
    if order.startswith("date_modified"):
        rows.sort(key=modified_at)
    if order.endswith("desc"):
        rows.reverse()
    return _page(rows, FILTERS)


def modified_at(order: Record) -> datetime:
    """When an order changed; V2 writes RFC 2822."""
    return parsedate_to_datetime(order["date_modified"])


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text) if text[:1].isdecimal() else parsedate_to_datetime(text)
    except ValueError:
        raise BigCommerceError(400, "min_date_modified is a date in RFC 2822 or ISO 8601") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _page(rows: list[Record], others: frozenset[str] = frozenset()) -> tuple[Any, int]:
    """A page of a V2 list: 204 without a body where nothing is on it."""
    if unknown := set(request.args) - {"page", "limit"} - others:
        raise BigCommerceError(400, f"unknown parameters: {', '.join(sorted(unknown))}")
    page, limit = _number("page", 1, 1_000_000), _number("limit", PAGE, LARGEST_PAGE)
    part = rows[(page - 1) * limit : page * limit]
    return (part, 200) if part else (None, 204)


def _number(name: str, default: int, most: int, *, least: int = 1) -> int:
    text = request.args.get(name, str(default))
    if not (text.isdecimal() and least <= int(text) <= most):
        raise BigCommerceError(400, f"{name} is a number from {least} to {most}")
    return int(text)
