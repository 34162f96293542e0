"""The statuses of BigCommerce's orders (docs.bigcommerce.com, Order Status). A shop may rename them, not renumber."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

INCOMPLETE: Final = 0
PARTLY_SHIPPED: Final = 3
DECLINED: Final = 6
REFUNDED: Final = frozenset({4, 14})
FULFILLED: Final = frozenset({2, 10})
"""Shipped and completed: what an order held has left. It is no proof of an arrival."""
ENDED: Final = frozenset({5, DECLINED})
"""Cancelled and declined. A payment that fails leaves its order at 0, so a declined order is one that was placed and
that staff, or a check for fraud, turned down: its revenue has to be taken back as a cancelled order's is, and whoever
was told of the order is told of its end. Both have a cancelled_order, and the reason tells them apart.
"""

NAMES: Final[Mapping[int, str]] = MappingProxyType(
    {
        INCOMPLETE: "incomplete",
        1: "pending",
        2: "shipped",
        PARTLY_SHIPPED: "partially_shipped",
        4: "refunded",
        5: "cancelled",
        DECLINED: "declined",
        7: "awaiting_payment",
        8: "awaiting_pickup",
        9: "awaiting_shipment",
        10: "completed",
        11: "awaiting_fulfillment",
        12: "manual_verification_required",
        13: "disputed",
        14: "partially_refunded",
    }
)
