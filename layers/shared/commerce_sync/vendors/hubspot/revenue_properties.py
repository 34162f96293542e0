"""What HubSpot's orders, deals and line items say of an order, all as text, amounts in the company's currency."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from commerce_sync.contracts.revenue import PricedLine, PricedOrder, RevenueObject

KEY: Final = "sync_order_key"
LINE_KEY: Final = "sync_line_key"
TYPES: Final[Mapping[RevenueObject, str]] = {"order": "orders", "deal": "deals"}
A_MILLIONTH: Final = Decimal("0.000001")


def properties_of(key: str, order: PricedOrder, place: Mapping[str, str], *, knows_currency: bool) -> dict[str, str]:
    """An order's or a deal's properties. ``place`` is its pipeline and stage.

    The total is the current one, after edits. ``knows_currency``: whether HubSpot's account has the company's currency;
    where it has not, only our own properties hold amounts.
    """
    own = _own(key, order)
    money = _amounts(order) if knows_currency else {}
    described = _deal(key, order) if order.object == "deal" else _order(key, order)
    return {**own, **described, **money, **place}


def line_properties(line: PricedLine, currency: str) -> dict[str, str]:
    """A line item's properties. HubSpot's ``discount`` is that of one unit; it works out the amount itself."""
    each = line.discount / line.quantity if line.quantity > 0 else Decimal(0)
    properties = {
        LINE_KEY: line.key,
        "name": line.title,
        "hs_sku": line.sku,
        "quantity": str(line.quantity),
        "price": text(line.unit_price),
        "discount": text(each.quantize(A_MILLIONTH).normalize()),
    }
    return {**properties, "hs_line_item_currency_code": currency} if currency else properties


def text(number: Decimal) -> str:
    """A number without an exponent."""
    return format(number, "f")


def _own(key: str, order: PricedOrder) -> dict[str, str]:
    """Our own properties: what was paid, in what, and how it became the company's."""
    placed = order.order.placed
    return {
        KEY: key,
        "sync_original_amount": text(order.original),
        "sync_original_currency": (placed.currency if placed else None) or "",
        "sync_refunded_amount": text(order.order.refunded),
        "sync_company_amount": text(order.total),
        "sync_company_currency": order.currency,
        "sync_exchange_rate": text(order.rate),
        "sync_rate_date": order.rate_day.isoformat(),
    }


def _order(key: str, order: PricedOrder) -> dict[str, str]:
    placed = order.order.placed
    state = placed.order if placed else None
    return {
        "hs_order_name": (state.name if state else "") or key,
        "hs_source_store": f"{placed.source}:{placed.store}" if placed else "",
        "hs_external_created_date": _moment(placed.occurred_at) if placed else "",
        "hs_payment_status": (state.financial_status if state else None) or "",
        "hs_fulfillment_status": (state.fulfillment_status if state else None) or "",
    }


def _deal(key: str, order: PricedOrder) -> dict[str, str]:
    placed = order.order.placed
    state = placed.order if placed else None
    return {
        "dealname": (state.name if state else "") or key,
        "closedate": _moment(placed.occurred_at) if placed else "",
    }


def _amounts(order: PricedOrder) -> dict[str, str]:
    if order.object == "deal":
        return {"deal_currency_code": order.currency, "amount": text(order.total)}
    money = {
        "hs_total_price": order.total,
        "hs_order_discount": order.discount,
        "hs_tax": order.tax,
        "hs_shipping_cost": order.shipping,
    }
    amounts = {name: text(amount) for name, amount in money.items() if amount is not None}
    return {"hs_currency_code": order.currency, **amounts}


def _moment(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
