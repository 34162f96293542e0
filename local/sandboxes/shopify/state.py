"""What a shop remembers: its orders as their newest bodies say, and its customers with their consents."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from local.sandboxes.base import Clock
from local.sandboxes.shopify import consents
from local.sandboxes.shopify.budget import Budget
from local.sandboxes.shopify.customers import Customers, iso
from local.sandboxes.shopify.settings import Settings
from local.sandboxes.shopify.subscriptions import Subscriptions
from local.sandboxes.shopify.webhooks import ShopWebhooks
from local.sandboxes.switches import switch
from local.sandboxes.windows import Window

BUCKET, SECONDS = 40, 20.0
SHOWN = timedelta(days=60)


class ShopifyState:
    """Orders and customers, the leaky bucket of the REST API (40 calls, two a second leak out), GraphQL's budget."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.webhooks = ShopWebhooks(self._subscribed)
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.settings = self.webhooks.settings = Settings()
        self.webhooks.sender.clear()
        self.orders: dict[str, dict[str, Any]] = {}
        self.contracts: dict[str, dict[str, Any]] = {}
        self.customers = Customers()
        self.subscriptions = Subscriptions()
        self.bucket = Window(BUCKET, SECONDS)
        self.budget = Budget(self.clock, self.settings)

    def _subscribed(self, topic: str) -> list[str]:
        return self.subscriptions.addresses(topic)

    @property
    def rate_limits(self) -> bool:
        """Whether calls are counted."""
        return self.settings.rate_limits

    def configure(self, settings: Mapping[str, Any]) -> None:
        """Change switches, fill the shop (``put_orders``, ``put_contracts``, ``put_customers``), let people act
        (``customer_consents``, ``webhooks``: ``{"topic", "uri", "format", "includeFields", "filter"}``).

        An unknown name is a mistake of the test that sends it.
        """
        controls = {"put_orders", "put_contracts", "put_customers", "customer_consents", "webhooks"}
        switch(self.settings, settings, controls)
        for order in settings.get("put_orders", []):
            self.orders[str(order["id"])] = order
        for contract in settings.get("put_contracts", []):
            self.contracts[str(contract["id"])] = contract
        self.customers.put(settings.get("put_customers", []), self.clock.moment())
        for given in settings.get("webhooks", []):
            self.subscriptions.create(self.settings, self.clock.moment(), given["topic"], given)
        consents.act_as_people(self, settings.get("customer_consents", []))

    def snapshot(self) -> dict[str, Any]:
        """All of it, as JSON."""
        return {
            "orders": list(self.orders.values()),
            "customers": [customer.shown() for customer in self.customers.ordered()],
            "webhooks": [
                {"topic": one.topic, "uri": one.uri, "format": one.format, "includeFields": list(one.fields)}
                for one in self.subscriptions.by_number.values()
            ],
            "pending_webhooks": self.webhooks.sender.pending(),
            "lost_webhooks": self.webhooks.sender.lost,
        }

    def close(self) -> None:
        """Stop sending webhooks."""
        self.webhooks.sender.close()

    def echo(self, topic: str, body: dict[str, Any]) -> None:
        """Tell whoever listens."""
        self.webhooks.put(topic, body, iso(self.clock.moment()) or "")

    def changed_since(self, moment: datetime | None, after_id: int, *, closed: bool) -> list[dict[str, Any]]:
        """Orders updated at or after a moment, by id; closed ones only where asked for.

        Those of before the last 60 days only with the scope ``read_all_orders``. The list is ``orders_lag`` behind.
        """
        now = self.clock.moment()
        shown_until = now - timedelta(seconds=self.settings.orders_lag) if self.settings.orders_lag else None
        oldest = now - SHOWN if "read_all_orders" in self.settings.missing_scopes else None
        found = [
            order
            for order in self.orders.values()
            if int(order["id"]) > after_id
            and (closed or not (order.get("closed_at") or order.get("cancelled_at")))
            and (moment is None or datetime.fromisoformat(order["updated_at"]) >= moment)
            and (shown_until is None or datetime.fromisoformat(order["updated_at"]) <= shown_until)
            and (oldest is None or datetime.fromisoformat(order["created_at"]) >= oldest)
        ]
        return sorted(found, key=lambda order: int(order["id"]))
