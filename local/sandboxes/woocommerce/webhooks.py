"""A shop's webhooks to us: the whole record, signed with the secret, tried once.

A failure is counted and never tried again; one more once five are counted switches the webhook off
(woocommerce/includes/class-wc-webhook.php, ``failed_delivery``). Success is 200 to 302.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import requests

from local.sandboxes.sending import PATIENCE, Sender, is_here
from local.sandboxes.woocommerce.settings import Settings

MOST_FAILURES: Final = 5
HOME: Final = "https://shop.example.com/"


@dataclass
class Hook:
    """One webhook of the shop."""

    hook_id: int
    topic: str
    delivery_url: str
    status: str = "active"
    failures: int = 0
    secret: str = ""
    name: str = ""

    def shown(self) -> dict[str, Any]:
        """As the API shows it. Its secret is written and never shown."""
        resource, _, event = self.topic.partition(".")
        return {
            "id": self.hook_id,
            "name": self.name or self.topic,
            "status": self.status,
            "topic": self.topic,
            "resource": resource,
            "event": event,
            "hooks": [],
            "delivery_url": self.delivery_url,
            "date_created_gmt": "2026-11-01T00:00:00",
            "date_modified_gmt": "2026-11-01T00:00:00",
        }


@dataclass(frozen=True)
class Post:
    """One delivery, or the ping of a webhook that was just created."""

    hook: Hook
    body: bytes
    is_ping: bool = False


class ShopWebhooks:
    """Sends one webhook a request, once. ``lost`` counts those that nobody took."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.lost = 0
        self.sender = Sender("woocommerce-webhooks", self._deliver, 1)

    def ping(self, hook: Hook) -> None:
        """A form that is not signed, by which the shop tries the address."""
        self.sender.put([Post(hook, f"webhook_id={hook.hook_id}".encode(), is_ping=True)])

    def put(self, hook: Hook, record: Mapping[str, Any]) -> None:
        """Queue one, unless the webhook is off."""
        if hook.status == "active":
            body = json.dumps(record, separators=(",", ":")).encode()
            times = 2 if self.settings.webhook_duplicates else 1
            self.sender.put([Post(hook, body)] * times, self.settings.webhook_delay)

    def _deliver(self, posts: Sequence[Post]) -> bool:
        """True whatever came of it: nothing is tried again."""
        for post in posts:
            if not self._sent(post) and not post.is_ping:
                self.lost += 1
                post.hook.status = "disabled" if post.hook.failures > MOST_FAILURES else post.hook.status
                post.hook.failures += 1
            elif not post.is_ping:
                post.hook.failures = 0
        return True

    def _sent(self, post: Post) -> bool:
        if not is_here(post.hook.delivery_url):
            return False
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if post.is_ping else self._headers(post)
        try:
            answer = requests.post(
                post.hook.delivery_url, post.body, headers=headers, timeout=PATIENCE, allow_redirects=False
            )
        except requests.RequestException:
            return False
        return 200 <= answer.status_code <= (200 if post.is_ping else 302)  # noqa: PLR2004 # the vendor's numbers

    def _headers(self, post: Post) -> dict[str, str]:
        resource, _, event = post.hook.topic.partition(".")
        secret = post.hook.secret or self.settings.webhook_secret
        mac = hmac.new(secret.encode(), post.body, hashlib.sha256).digest()
        delivery = hashlib.md5(f"{post.hook.hook_id}{int(time.time())}".encode(), usedforsecurity=False).hexdigest()
        return {
            "Content-Type": "application/json",
            "X-WC-Webhook-Source": HOME,
            "X-WC-Webhook-Topic": post.hook.topic,
            "X-WC-Webhook-Resource": resource,
            "X-WC-Webhook-Event": event,
            "X-WC-Webhook-Signature": base64.b64encode(mac).decode("ascii"),
            "X-WC-Webhook-ID": str(post.hook.hook_id),
            "X-WC-Webhook-Delivery-ID": delivery,
        }
