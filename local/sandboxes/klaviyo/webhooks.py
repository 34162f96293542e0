"""System webhooks to us: native events, several a request, signed over the body and the timestamp's text.

Klaviyo makes a webhook's topic of the metric's name (``event:klaviyo.clicked_email``); the names of the others follow
that example and are unverified. So is what it does when nobody answers: here it tries again.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from local.sandboxes.klaviyo import event_shapes
from local.sandboxes.klaviyo.accounts import ACCOUNT_ID
from local.sandboxes.klaviyo.records import Event
from local.sandboxes.klaviyo.routes import REVISION
from local.sandboxes.klaviyo.state import KlaviyoState
from local.sandboxes.sending import Sender, post

MOST_EVENTS = 1000
TOO_OLD = 600.0
OTHER_WEBHOOK = "01HOTHER"


class KlaviyoWebhooks:
    """Tells whoever listens of native events. A second try carries the same external ids."""

    def __init__(self, state: KlaviyoState) -> None:
        self._state = state
        self.sender = Sender("klaviyo-webhooks", self._deliver, MOST_EVENTS)

    def announce(self, event: Event) -> None:
        """Queue an event, if anybody listens."""
        settings = self._state.settings
        if not (settings.webhook_url and settings.webhook_secret):
            return
        payload: dict[str, Any] = {"data": event_shapes.shown(self._state, event)}
        if settings.webhook_includes_profile:
            payload["included"] = event_shapes.related(self._state, event, ("profile",))
        item = {"external_id": event.id, "topic": topic(event.metric.name), "payload": payload}
        self.sender.put([item], settings.webhook_delay)

    def _deliver(self, items: Sequence[dict[str, Any]]) -> bool:
        settings = self._state.settings
        sent = self._post(items)
        if sent and settings.webhook_duplicates:
            self._post(items)
        return sent

    def _post(self, items: Sequence[dict[str, Any]]) -> bool:
        settings = self._state.settings
        mischief, settings.webhook_mischief = settings.webhook_mischief, ""
        age = TOO_OLD if mischief == "old_timestamp" else 0.0
        sent_at = datetime.fromtimestamp(int(time.time() - age), UTC)
        timestamp = sent_at.isoformat() if settings.webhook_iso_time else format_datetime(sent_at, usegmt=True)
        meta = {
            "klaviyo_account_id": ACCOUNT_ID,
            "klaviyo_webhook_id": settings.webhook_id,
            "timestamp": sent_at.isoformat(),
            "version": REVISION,
        }
        body = json.dumps({"data": list(items), "meta": meta}, separators=(",", ":")).encode()
        secret = settings.webhook_secret + "x" * (mischief == "wrong_signature")
        headers = {
            "Content-Type": "application/json",
            "Klaviyo-Signature": signature(secret, body, timestamp),
            "Klaviyo-Timestamp": timestamp,
            "Klaviyo-Webhook-Id": OTHER_WEBHOOK if mischief == "wrong_webhook_id" else settings.webhook_id,
        }
        return post(settings.webhook_url, body, headers)


def topic(metric: str) -> str:
    """The topic of a native metric."""
    return "event:klaviyo." + metric.lower().replace(" ", "_")


def signature(secret: str, body: bytes, timestamp: str) -> str:
    """Lower-case hex of HMAC-SHA256 over the raw body followed by the timestamp header's text."""
    return hmac.new(secret.encode(), body + timestamp.encode(), hashlib.sha256).hexdigest()
