"""What a store remembers: the newsletter's list, and what it sells."""

from collections.abc import Callable, Mapping
from typing import Any

from local.sandboxes.base import Clock
from local.sandboxes.bigcommerce.commerce import Commerce
from local.sandboxes.bigcommerce.settings import Settings
from local.sandboxes.bigcommerce.subscribers import CONSENTS, Row
from local.sandboxes.bigcommerce.webhooks import StoreWebhooks
from local.sandboxes.sending import is_here
from local.sandboxes.switches import switch
from local.sandboxes.windows import Window

STORE_HASH = "sandbox"
NEWSLETTER = CONSENTS[0]


class BigCommerceState:
    """Rows by id, what is sold, the store's quota, its webhooks. Every change is told."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.webhooks = StoreWebhooks(self._hooked)
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.settings = self.webhooks.settings = Settings()
        self.webhooks.sender.clear()
        self.rows: dict[int, Row] = {}
        self.commerce = Commerce(self._tell)
        self.calls = Window(self.settings.quota, self.settings.window)
        self.hooks: dict[int, dict[str, Any]] = {}
        self._last_id = 0

    def configure(self, settings: Mapping[str, Any]) -> None:
        """Change switches, let people act.

        ``sign_up``: bodies of subscribers who come by themselves (``source`` ``storefront`` unless told otherwise).
        ``leave``: addresses whose consents are emptied, as by the link in a newsletter. ``remove``: addresses that
        staff delete. ``put_products``, ``put_orders``, ``put_shipments``, ``put_refunds``, ``put_carts``,
        ``put_customers``: records as the API shows them. ``hooks``: ``{"scope", "destination", "is_active"}``. An
        unknown name is a mistake of the test.
        """
        acts: dict[str, Callable[[Any], object]] = {
            "sign_up": self._sign_up,
            "leave": lambda email: self.change(self.row_of(email), {"consents": []}),
            "remove": lambda email: self.remove(self.row_of(email).row_id),
            "put_products": self.commerce.put_product,
            "put_orders": self.commerce.put_order,
            "put_shipments": self.commerce.put_shipment,
            "put_refunds": self.commerce.put_refund,
            "put_carts": self.commerce.put_cart,
            "put_customers": self.commerce.put_customer,
            "hooks": self.put_hook,
        }
        switch(self.settings, settings, acts)
        for name, act in acts.items():
            for given in settings.get(name, []):
                act(given)

    def snapshot(self) -> dict[str, Any]:
        """All of it, as JSON."""
        return {
            "subscribers": [row.shown(knows_consents=True) for row in self.rows.values()],
            "orders": list(self.commerce.orders.values()),
            "hooks": list(self.hooks.values()),
            "pending_webhooks": self.webhooks.sender.pending(),
            "lost_webhooks": self.webhooks.sender.lost,
        }

    def close(self) -> None:
        """Stop sending webhooks."""
        self.webhooks.sender.close()

    def find(self, email: str) -> Row | None:
        """The row of an address."""
        return next((row for row in self.rows.values() if row.email.lower() == email.lower()), None)

    def row_of(self, email: str) -> Row:
        """The same, which must be there."""
        row = self.find(email)
        if row is None:
            raise ValueError("nobody on the list has that address")
        return row

    def add(self, given: Mapping[str, Any]) -> Row:
        """A new row at the end of the list."""
        now = self.clock.moment()
        self._last_id += 1
        row = Row(row_id=self._last_id, created=now, modified=now, **_values(given))
        self.rows[row.row_id] = row
        self._tell_of_row("created", row.row_id)
        return row

    def change(self, row: Row, given: Mapping[str, Any]) -> Row:
        """What is given changes; the rest stays."""
        for name, value in _values(given).items():
            setattr(row, name, value)
        row.modified = self.clock.moment()
        self._tell_of_row("updated", row.row_id)
        return row

    def remove(self, row_id: int) -> None:
        """A row is gone for good."""
        if self.rows.pop(row_id, None) is not None:
            self._tell_of_row("deleted", row_id)

    def put_hook(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """A new webhook, or one of a known ``id`` with what is given changed; as the API shows it."""
        hook_id = given.get("id") or max(self.hooks, default=18_048_286) + 1
        now = int(self.clock.now())
        fresh = {"client_id": "sandbox-client", "store_hash": STORE_HASH, "created_at": now, "headers": None}
        known = self.hooks.get(hook_id, {"id": hook_id, **fresh, "is_active": True})
        self.hooks[hook_id] = {**known, **given, "updated_at": now}
        return self.hooks[hook_id]

    def _hooked(self, scope: str) -> list[str]:
        """Where a scope is told to, as far as that is this machine."""
        active = (one for one in self.hooks.values() if one["is_active"] and is_here(one["destination"]))
        return [
            one["destination"]
            for one in active
            if one["scope"] == scope or (one["scope"].endswith("/*") and scope.startswith(one["scope"][:-1]))
        ]

    def _sign_up(self, given: Mapping[str, Any]) -> None:
        self.add({"source": "storefront", "consents": [NEWSLETTER], **given})

    def _tell_of_row(self, verb: str, row_id: int) -> None:
        self._tell(f"store/subscriber/{verb}", {"type": "subscriber", "id": row_id})

    def _tell(self, scope: str, data: Mapping[str, Any]) -> None:
        self.webhooks.put(scope, data, int(self.clock.now()))


def _values(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if name == "consents" else value for name, value in given.items()}
