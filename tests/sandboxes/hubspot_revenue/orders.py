"""Orders of a shop in euros, priced in dollars, and what HubSpot shows of them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from commerce_sync.contracts import BookedOrder, CanonicalEvent, LineItem, OrderState, Person
from commerce_sync.contracts.revenue import PricedOrder, RevenueObject
from commerce_sync.currency.converting import Conversion
from commerce_sync.delivery.pricing import priced

from local.sandboxes.base import Sandbox

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DOLLARS = Conversion("USD", Decimal("1.0842"), Decimal(1), date(2026, 11, 20))


def line(line_id: str, price: str = "10.00", quantity: int = 1, discount: str = "0") -> LineItem:
    """One line, in euros."""
    return LineItem(
        line_id=line_id,
        sku=f"SKU-{line_id}",
        title=f"Thing {line_id}",
        quantity=quantity,
        unit_price=Decimal(price),
        discount=Decimal(discount),
    )


def order(number: int, kind: RevenueObject, *lines: LineItem, **state: Any) -> tuple[str, PricedOrder]:
    """An order that was paid in euros, in dollars."""
    key = f"shopify:eu:{number}"
    known = {"version": NOON, "digest": "", "name": f"#{number}", "current_value": Decimal("59.90")}
    placed = CanonicalEvent(
        event_id=f"{key}:placed_order",
        name="placed_order",
        source="shopify",
        store="eu",
        occurred_at=NOON,
        value=Decimal("59.90"),
        currency="EUR",
        tax=Decimal("9.56"),
        line_items=lines,
        order=OrderState(**{**known, "financial_status": "paid", **state}),
    )
    return key, priced(key, BookedOrder(placed=placed, buyer=Person(email="ana@example.com")), kind, DOLLARS)


def shown(sandbox: Sandbox, object_type: str) -> list[Mapping[str, str]]:
    """The properties of every record."""
    return [record["properties"] for record in sandbox.state.snapshot()[object_type]]
