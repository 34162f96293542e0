"""What WooCommerce's orders leave unsaid, as plain values."""

from collections.abc import Mapping
from typing import Any, Final

from commerce_sync.errors import PermanentError
from commerce_sync.vendors.woocommerce.orders import WooCommerceOrders

REFUNDS: Final = "refunds"


class WooCommerceRecords:
    """Fits :class:`commerce_sync.intake.Records`."""

    def __init__(self, orders: WooCommerceOrders) -> None:
        self._orders = orders

    def read(self, kind: str, record_id: str) -> list[Mapping[str, Any]]:
        """The ``refunds`` of an order's id; none of an order that is gone."""
        if kind != REFUNDS:
            raise PermanentError("woocommerce: only refunds are asked for")
        return self._orders.refunds(record_id)
