"""An account's webhooks to us: a record in its resource's key, to an address that ends in its topic.

Signatures carry the real time, not the sandbox's clock: the receiver compares it with its own.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from local.sandboxes.recharge.settings import Settings
from local.sandboxes.sending import Sender, post


class Notice(NamedTuple):
    """One webhook, before it is signed, and where it goes."""

    url: str
    body: bytes


class AccountWebhooks:
    """Sends one webhook a request, and tries again until somebody says 200."""

    def __init__(self, hooked: Callable[[str], Sequence[str]]) -> None:
        self.settings = Settings()
        self._hooked = hooked
        self.sender = Sender("recharge-webhooks", self._deliver, 1)

    def put(self, topic: str, body: Mapping[str, Any]) -> None:
        """Queue one, if anybody listens."""
        if not self.settings.webhook_secret:
            return
        raw = json.dumps(body, separators=(",", ":")).encode()
        own = [f"{self.settings.webhook_url}/{topic}"] if self.settings.webhook_url else []
        for url in (*own, *self._hooked(topic)):
            self.sender.put([Notice(url, raw)], self.settings.webhook_delay)

    def _deliver(self, notices: Sequence[Notice]) -> bool:
        settings, (notice,) = self.settings, notices
        sent = post(notice.url, notice.body, self._headers(notice))
        if sent and settings.webhook_duplicates:
            post(notice.url, notice.body, self._headers(notice))
        return sent

    def _headers(self, notice: Notice) -> dict[str, str]:
        secret, timestamp = self.settings.webhook_secret.encode(), str(int(time.time()))
        old = {"X-Recharge-Hmac-Sha256": hashlib.sha256(secret + notice.body).hexdigest()}
        if self.settings.signs_as_before:
            return {"Content-Type": "application/json", **old}
        mac = hmac.new(secret, f"{timestamp}.".encode() + notice.body, hashlib.sha256).hexdigest()
        new = {"X-Recharge-Webhook-Signature": f"t={timestamp},v1={mac}"}
        return {"Content-Type": "application/json", **old, **new}
