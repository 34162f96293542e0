"""The own order system's CloudEvents, from the story."""

from datetime import datetime
from typing import Any

from local.sample_day.story import Happening, Order

Body = dict[str, Any]


def completed(order: Order) -> Body:
    """An order was placed."""
    person = order.buyer
    data = {
        "order_id": str(order.order_id),
        "order_name": order.name,
        "total": str(order.total),
        "tax": str(order.tax),
        "shipping": str(order.shipping),
        "discount": str(order.discount),
        "currency": order.currency,
        "payment_status": "paid",
        "customer": {
            "id": str(person.number),
            "email": person.email,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "country": person.country,
        }
        if person
        else None,
        "products": [
            {
                "line_id": str(line.line_id),
                "product_id": line.sku,
                "sku": line.sku,
                "name": line.title,
                "quantity": line.quantity,
                "price": str(line.unit_price),
                "discount": str(line.discount),
            }
            for line in order.lines
        ],
    }
    return _event("com.example.order.completed", f"placed-{order.order_id}", order.placed_at, data)


def fulfilled(happening: Happening) -> Body:
    """A parcel left."""
    data = {"order_id": str(happening.order.order_id), "tracking_number": f"W{happening.number}"}
    return _event("com.example.order.fulfilled", f"fulfilled-{happening.number}", happening.at, data)


def refunded(happening: Happening) -> Body:
    """Money went back."""
    data = {
        "order_id": str(happening.order.order_id),
        "refund_id": str(happening.number),
        "amount": str(happening.amount),
        "currency": happening.order.currency,
        "reason": "wrong colour",
    }
    return _event("com.example.order.refunded", f"refunded-{happening.number}", happening.at, data)


def _event(kind: str, event_id: str, at: datetime, data: Body) -> Body:
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": "https://wholesale.example.com/orders",
        "type": kind,
        "time": at.isoformat(timespec="seconds"),
        "datacontenttype": "application/json",
        "data": data,
    }
