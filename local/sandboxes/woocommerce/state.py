"""What a shop remembers: its orders and refunds as its API shows them, and its webhooks."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from local.sandboxes.base import Clock
from local.sandboxes.switches import switch
from local.sandboxes.woocommerce.errors import not_allowed
from local.sandboxes.woocommerce.settings import Settings
from local.sandboxes.woocommerce.webhooks import Hook, ShopWebhooks

TRASH: Final = "trash"


class WooCommerceState:
    """Orders, refunds and webhooks by id. Every change of an order is told by the webhooks of its topic."""

    UTC_OFFSET: Final = timedelta(hours=-3)
    """The shop stands in São Paulo: its own time is three hours behind."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.webhooks = ShopWebhooks()
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.settings = self.webhooks.settings = Settings()
        self.webhooks.sender.clear()
        self.orders: dict[int, dict[str, Any]] = {}
        self.refunds: dict[int, list[dict[str, Any]]] = {}
        self.customers: dict[int, dict[str, Any]] = {}
        self.hooks: dict[int, Hook] = {}

    def configure(self, settings: Mapping[str, Any]) -> None:
        """Change switches, let people act.

        ``put_orders``: orders as the API shows them, changed now unless they say when; ``put_customers``: customers
        likewise. ``refund``: ``{"order_id",
        "refund": {"id", "amount", "reason"}}``; the order shows it and keeps its time. ``trash``, ``delete``: ids of
        orders. ``webhooks``: ``{"id", "topic", "delivery_url"}``, pinged as they are created. An unknown name is a
        mistake of the test.
        """
        acts: dict[str, Callable[[Any], object]] = {
            "webhooks": self._create_hook,
            "put_orders": self._put_order,
            "put_customers": lambda one: self.customers.update({one["id"]: one}),
            "refund": self._refund,
            "trash": self._trash,
            "delete": self._delete,
        }
        switch(self.settings, settings, acts)
        for name, act in acts.items():
            for given in settings.get(name, []):
                act(given)

    def snapshot(self) -> dict[str, Any]:
        """All of it, as JSON."""
        return {
            "orders": list(self.orders.values()),
            "webhooks": [{**hook.shown(), "failures": hook.failures} for hook in self.hooks.values()],
            "pending_webhooks": self.webhooks.sender.pending(),
            "lost_webhooks": self.webhooks.lost,
        }

    def close(self) -> None:
        """Stop sending webhooks."""
        self.webhooks.sender.close()

    def set_status(self, hook: Hook, status: str) -> None:
        """By somebody, or by the API. One that is set active begins to count its failures anew."""
        hook.status = status
        hook.failures = 0 if status == "active" else hook.failures

    def _create_hook(self, given: Mapping[str, Any]) -> None:
        hook = self.add_hook(given, given["id"])
        hook.status = given.get("status", "active")

    def add_hook(self, given: Mapping[str, Any], hook_id: int | None = None) -> Hook:
        """A new webhook, on and pinged."""
        number = hook_id or max(self.hooks, default=0) + 1
        hook = Hook(number, given["topic"], given["delivery_url"], secret=given.get("secret", ""))
        hook.name = given.get("name", "")
        self.hooks[number] = hook
        self.webhooks.ping(hook)
        return hook

    def _put_order(self, order: dict[str, Any]) -> None:
        now = self.clock.moment().replace(tzinfo=None, microsecond=0)
        told = {
            "date_created_gmt": now.isoformat(),
            "date_modified_gmt": now.isoformat(),
            **order,
        }
        is_known = order["id"] in self.orders
        self.orders[order["id"]] = told
        if not is_known:
            self._tell("order.created", told)
        self._tell("order.updated", told)

    def _refund(self, given: Mapping[str, Any]) -> None:
        order, refund = self.orders[given["order_id"]], given["refund"]
        now = self.clock.moment().replace(tzinfo=None, microsecond=0).isoformat()
        self.refunds.setdefault(order["id"], []).append({"date_created_gmt": now, **refund})
        entry = {"id": refund["id"], "reason": refund.get("reason", ""), "total": f"-{refund['amount']}"}
        order["refunds"] = [entry, *order.get("refunds", [])]
        self._tell("order.updated", order)

    def _trash(self, order_id: int) -> None:
        self.orders[order_id]["status"] = TRASH
        self._tell("order.deleted", {"id": order_id})

    def _delete(self, order_id: int) -> None:
        self.orders.pop(order_id)
        self._tell("order.deleted", {"id": order_id})

    def _tell(self, topic: str, record: Mapping[str, Any]) -> None:
        body = dict(record) if self.settings.owner_may_read else not_allowed().body()
        for hook in self.hooks.values():
            if hook.topic == topic:
                self.webhooks.put(hook, body)
