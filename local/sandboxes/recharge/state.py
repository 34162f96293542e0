"""What an account remembers: customers and subscriptions as its API shows them."""

from collections.abc import Mapping
from typing import Any

from local.sandboxes.base import Clock
from local.sandboxes.recharge.settings import Settings
from local.sandboxes.recharge.webhooks import AccountWebhooks
from local.sandboxes.sending import is_here
from local.sandboxes.switches import switch
from local.sandboxes.windows import Window

KINDS = ("customer", "subscription")


class RechargeState:
    """Records by kind and id, the account's quota, its webhooks. Every change of a record is told."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.webhooks = AccountWebhooks(self._hooked)
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.settings = self.webhooks.settings = Settings()
        self.webhooks.sender.clear()
        self.records: dict[str, dict[int, dict[str, Any]]] = {kind: {} for kind in KINDS}
        self.hooks: dict[int, dict[str, Any]] = {}
        self.calls = Window(self.settings.quota, self.settings.window)

    def configure(self, settings: Mapping[str, Any]) -> None:
        """Change switches, let things happen.

        ``put_customers`` and ``put_subscriptions``: records as the API shows them. ``tell``: ``[topic, id]`` of a
        record that something happened to (``subscription/paused``). ``hooks``: ``{"topic", "address"}``. An unknown
        name is a mistake of the test.
        """
        switch(self.settings, settings, {"put_customers", "put_subscriptions", "tell", "hooks"})
        for kind in KINDS:
            for record in settings.get(f"put_{kind}s", []):
                self._put(kind, record)
        for given in settings.get("hooks", []):
            self.put_hook(given)
        for topic, record_id in settings.get("tell", []):
            self._tell(topic, record_id)

    def snapshot(self) -> dict[str, Any]:
        """All of it, as JSON."""
        return {
            **{f"{kind}s": list(records.values()) for kind, records in self.records.items()},
            "hooks": list(self.hooks.values()),
            "pending_webhooks": self.webhooks.sender.pending(),
            "lost_webhooks": self.webhooks.sender.lost,
        }

    def close(self) -> None:
        """Stop sending webhooks."""
        self.webhooks.sender.close()

    def put_hook(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """A new webhook, or one of a known ``id`` with what is given changed; as the API shows it."""
        hook_id = given.get("id") or max(self.hooks, default=0) + 1
        self.hooks[hook_id] = {"included_objects": [], "version": "2021-11", **given, "id": hook_id}
        return self.hooks[hook_id]

    def _hooked(self, topic: str) -> list[str]:
        """Where a topic is told to, as far as that is this machine."""
        return [one["address"] for one in self.hooks.values() if one["topic"] == topic and is_here(one["address"])]

    def _put(self, kind: str, record: dict[str, Any]) -> None:
        verb = "updated" if record["id"] in self.records[kind] else "created"
        self.records[kind][record["id"]] = record
        self._tell(f"{kind}/{verb}", record["id"])

    def _tell(self, topic: str, record_id: int) -> None:
        kind = topic.partition("/")[0]
        self.webhooks.put(topic, {kind: self.records[kind][record_id]})
