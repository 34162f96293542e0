"""What a shop remembers: its orders as their newest bodies say."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from local.sandboxes.base import Clock
from local.sandboxes.windows import Window

BUCKET, SECONDS = 40, 20.0


class ShopifyState:
    """Orders by id, and the leaky bucket of the REST API (40 calls, two a second leak out)."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.orders: dict[str, dict[str, Any]] = {}
        self.rate_limits = True
        self.bucket = Window(BUCKET, SECONDS)

    def configure(self, settings: Mapping[str, Any]) -> None:
        """Put orders into the shop (``put_orders``, webhook-shaped bodies); switch rate limits."""
        self.rate_limits = settings.get("rate_limits", self.rate_limits)
        for order in settings.get("put_orders", []):
            self.orders[str(order["id"])] = order

    def snapshot(self) -> dict[str, Any]:
        """All of it, as JSON."""
        return {"orders": list(self.orders.values())}

    def changed_since(self, moment: datetime | None, after_id: int, *, closed: bool) -> list[dict[str, Any]]:
        """Orders updated at or after a moment, by id; closed ones only where asked for."""
        found = [
            order
            for order in self.orders.values()
            if int(order["id"]) > after_id
            and (closed or not (order.get("closed_at") or order.get("cancelled_at")))
            and (moment is None or datetime.fromisoformat(order["updated_at"]) >= moment)
        ]
        return sorted(found, key=lambda order: int(order["id"]))
