"""A shop's webhooks to us: the raw body signed with the app's client secret, its own event id in a header."""

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from local.sandboxes.sending import Sender, post
from local.sandboxes.shopify.settings import Settings

DOMAIN = "sandbox.myshopify.com"


@dataclass(frozen=True)
class Notice:
    """One webhook, before it is signed, and where it goes."""

    url: str
    topic: str
    body: bytes
    triggered_at: str
    event_id: str


class ShopWebhooks:
    """Sends one webhook a request, as Shopify does; a second try has another webhook id and the same event id."""

    def __init__(self, subscribed: Callable[[str], Sequence[str]]) -> None:
        self.settings = Settings()
        self._subscribed = subscribed
        self.sender = Sender("shopify-webhooks", self._deliver, 1)

    def put(self, topic: str, body: dict[str, Any], triggered_at: str) -> None:
        """Queue one, if anybody listens."""
        if not self.settings.webhook_secret:
            return
        raw, event_id = json.dumps(body, separators=(",", ":")).encode(), str(uuid.uuid4())
        for url in filter(None, (self.settings.webhook_url, *self._subscribed(topic))):
            self.sender.put([Notice(url, topic, raw, triggered_at, event_id)], self.settings.webhook_delay)

    def _deliver(self, notices: Sequence[Notice]) -> bool:
        settings, (notice,) = self.settings, notices
        sent = post(notice.url, notice.body, self._headers(notice))
        if sent and settings.webhook_duplicates:
            post(notice.url, notice.body, self._headers(notice))
        return sent

    def _headers(self, notice: Notice) -> dict[str, str]:
        mischief, self.settings.webhook_mischief = self.settings.webhook_mischief, ""
        secret = self.settings.webhook_secret + "x" * (mischief == "wrong_signature")
        mac = hmac.new(secret.encode(), notice.body, hashlib.sha256).digest()
        return {
            "Content-Type": "application/json",
            "X-Shopify-Topic": notice.topic,
            "X-Shopify-Hmac-Sha256": base64.b64encode(mac).decode("ascii"),
            "X-Shopify-Shop-Domain": DOMAIN,
            "X-Shopify-API-Version": self.settings.webhook_version,
            "X-Shopify-Webhook-Id": str(uuid.uuid4()),
            "X-Shopify-Event-Id": notice.event_id,
            "X-Shopify-Triggered-At": notice.triggered_at,
        }
