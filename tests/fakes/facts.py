"""Small invented facts about orders."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from commerce_sync.contracts import CanonicalEvent, DeliveredFacts, LineItem, OrderState, Person, Refund

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ANA = Person(email="ana@example.com", first_name="Ana", country="ES")


def placed(
    order_id: str = "1001",
    *,
    version: int = 0,
    value: str = "59.90",
    person: Person | None = ANA,
    status: str = "paid",
    at: datetime = NOON,
) -> CanonicalEvent:
    """An order as its body of ``version`` minutes after noon tells it."""
    return CanonicalEvent(
        event_id=f"shopify:us:{order_id}:placed_order",
        name="placed_order",
        source="shopify",
        store="us",
        occurred_at=at,
        order_id=order_id,
        value=Decimal("59.90"),
        currency="USD",
        discount=Decimal(0),
        tax=Decimal("4.90"),
        shipping=Decimal(5),
        line_items=(LineItem(line_id="1", sku="MUG-B", title="Blue mug", quantity=2, unit_price=Decimal(25)),),
        person=person,
        order=OrderState(
            version=NOON + timedelta(minutes=version),
            digest=f"{value}{status}",
            name=f"#{order_id}",
            current_value=Decimal(value),
            financial_status=status,
        ),
    )


def refunded(order_id: str = "1001", refund_id: str = "1", amount: str = "10.00") -> CanonicalEvent:
    """Money returned. A refund's body names nobody."""
    return CanonicalEvent(
        event_id=f"shopify:us:{order_id}:refunded_order:{refund_id}",
        name="refunded_order",
        source="shopify",
        store="us",
        occurred_at=NOON + timedelta(hours=1),
        order_id=order_id,
        value=Decimal(amount),
        currency="USD",
        refund=Refund(refund_id=refund_id, amount=Decimal(amount)),
    )


def started_checkout(checkout: str = "c1", person: Person | None = ANA) -> CanonicalEvent:
    """A checkout."""
    return CanonicalEvent(
        event_id=f"shopify:us:{checkout}:started_checkout",
        name="started_checkout",
        source="shopify",
        store="us",
        occurred_at=NOON,
        value=Decimal(20),
        currency="USD",
        person=person,
    )


def facts(*events: CanonicalEvent) -> DeliveredFacts:
    """One delivery's facts."""
    return DeliveredFacts(
        schema_version=DeliveredFacts.VERSION,
        envelope_id="e1",
        source="shopify",
        store="us",
        received_at=NOON,
        events=events,
    )
