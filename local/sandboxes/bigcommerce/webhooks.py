"""A store's webhooks to us: thin bodies, signed by Standard Webhooks with the app's client secret.

Signatures carry the real time, not the sandbox's clock: the receiver compares it with its own.
"""

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.sandboxes.bigcommerce.settings import Settings
from local.sandboxes.sending import Sender, post

STORE_ID, PRODUCER = "1025646", "stores/sandbox"


@dataclass(frozen=True)
class Notice:
    """One webhook, before it is signed, and where it goes."""

    url: str
    delivery_id: str
    body: bytes


class StoreWebhooks:
    """Sends one webhook a request, and tries again until somebody says 2xx. A retry is signed anew."""

    def __init__(self, hooked: Callable[[str], Sequence[str]]) -> None:
        self.settings = Settings()
        self._hooked = hooked
        self.sender = Sender("bigcommerce-webhooks", self._deliver, 1)

    def put(self, scope: str, data: Mapping[str, Any], created_at: int) -> None:
        """Queue one, if anybody listens."""
        if not self.settings.webhook_secret:
            return
        said = {"scope": scope, "store_id": STORE_ID, "data": dict(data)}
        digest = hashlib.sha1(json.dumps([said, created_at]).encode(), usedforsecurity=False).hexdigest()
        body = {**said, "hash": digest, "created_at": created_at, "producer": PRODUCER}
        raw = json.dumps(body, separators=(",", ":")).encode()
        for url in filter(None, (self.settings.webhook_url, *self._hooked(scope))):
            self.sender.put([Notice(url, f"msg_{uuid.uuid4().hex}", raw)], self.settings.webhook_delay)

    def _deliver(self, notices: Sequence[Notice]) -> bool:
        settings, (notice,) = self.settings, notices
        sent = post(notice.url, notice.body, self._headers(notice))
        if sent and settings.webhook_duplicates:
            post(notice.url, notice.body, self._headers(notice))
        return sent

    def _headers(self, notice: Notice) -> dict[str, str]:
        timestamp = str(int(time.time()))
        message = f"{notice.delivery_id}.{timestamp}.".encode() + notice.body
        mac = hmac.new(self.settings.webhook_secret.encode(), message, hashlib.sha256).digest()
        return {
            "Content-Type": "application/json",
            "webhook-id": notice.delivery_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": f"v1,{base64.b64encode(mac).decode('ascii')}",
        }
