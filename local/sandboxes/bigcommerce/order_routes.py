"""The V2 API of orders and their parts, and V3's of refunds, as far as webhooks need them."""

import sys
from collections import Counter
from collections.abc import Set
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
COUNTED_BY = frozenset({"min_date_modified", "min_id"})
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

    def counted() -> tuple[Any, int]:
        return _counted(list(state.commerce.orders.values()), is_filtered=state.settings.count_heeds_filters)

    return [
        ("GET", "/v2/orders", listed),
        ("GET", "/v2/orders/count", counted),
        ("GET", "/v2/orders/<int:order_id>", shown),
        ("GET", "/v2/orders/<int:order_id>/products", products),
        ("GET", "/v2/orders/<int:order_id>/shipments", shipments),
        ("GET", "/v3/orders/<int:order_id>/payment_actions/refunds", refunds),
    ]


def _listed(orders: list[Record]) -> tuple[Any, int]:
    """Orders that changed at or after a moment, from an id on, by id unless asked otherwise, but for archived ones."""
    order = request.args.get("sort", "id:asc")
    if order not in SORTS:
        raise BigCommerceError(400, "The field 'sort' is invalid.")
    rows = sorted(_filtered(orders), key=lambda one: one["id"])
    if order.startswith("date_modified"):
        rows.sort(key=modified_at)
    if order.endswith("desc"):
        rows.reverse()
    return _page(rows, FILTERS)


def _counted(orders: list[Record], *, is_filtered: bool) -> tuple[Any, int]:
    """Orders by their status, and all together."""
    _require_known(COUNTED_BY)
    rows = _filtered(orders) if is_filtered else orders
    statuses = Counter((one["status_id"], one["status"]) for one in rows)
    listed = [{"id": number, "name": name, "count": many} for (number, name), many in sorted(statuses.items())]
    return {"statuses": listed, "count": len(rows)}, 200


def _filtered(orders: list[Record]) -> list[Record]:
    since, least = _moment(request.args.get("min_date_modified")), _number("min_id", 0, sys.maxsize, least=0)
    return [
        one
        for one in orders
        if not one.get("is_deleted") and one["id"] >= least and (since is None or modified_at(one) >= since)
    ]


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
    _require_known({"page", "limit"} | others)
    page, limit = _number("page", 1, 1_000_000), _number("limit", PAGE, LARGEST_PAGE)
    part = rows[(page - 1) * limit : page * limit]
    return (part, 200) if part else (None, 204)


def _require_known(known: Set[str]) -> None:
    if unknown := set(request.args) - known:
        raise BigCommerceError(400, f"unknown parameters: {', '.join(sorted(unknown))}")


def _number(name: str, default: int, most: int, *, least: int = 1) -> int:
    text = request.args.get(name, str(default))
    if not (text.isdecimal() and least <= int(text) <= most):
        raise BigCommerceError(400, f"{name} is a number from {least} to {most}")
    return int(text)
