"""Signs deliveries as their senders do. Written apart from the code that verifies them."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from email.utils import formatdate


def signed_headers(
    source: str, secret: str, url: str, body: bytes, delivery_id: str, *, at: float | None = None
) -> Mapping[str, str]:
    """The headers that prove a body. ``at`` is the signing time in seconds, now unless told otherwise."""
    moment = time.time() if at is None else at
    if source == "shopify":
        return {"X-Shopify-Hmac-Sha256": _mac(secret.encode(), body), "X-Shopify-Webhook-Id": delivery_id}
    if source == "hubspot":
        milliseconds = str(int(moment * 1000))
        signature = _mac(secret.encode(), b"POST" + url.encode() + body + milliseconds.encode())
        return {"X-HubSpot-Signature-v3": signature, "X-HubSpot-Request-Timestamp": milliseconds}
    if source == "woocommerce":
        return {"X-WC-Webhook-Signature": _mac(secret.encode(), body), "X-WC-Webhook-Delivery-ID": delivery_id}
    if source == "klaviyo":
        timestamp = formatdate(moment, usegmt=True)
        signature = hmac.new(secret.encode(), body + timestamp.encode(), hashlib.sha256).hexdigest()
        webhook = json.loads(body)["meta"]["klaviyo_webhook_id"]
        return {"Klaviyo-Signature": signature, "Klaviyo-Timestamp": timestamp, "Klaviyo-Webhook-Id": webhook}
    seconds = str(int(moment))
    if source == "recharge":
        signature = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
        return {"X-Recharge-Webhook-Signature": f"t={seconds},v1={signature}"}
    key = secret.encode() if source == "bigcommerce" else base64.b64decode(secret.removeprefix("whsec_"))
    signature = "v1," + _mac(key, f"{delivery_id}.{seconds}.".encode() + body)
    return {"webhook-id": delivery_id, "webhook-timestamp": seconds, "webhook-signature": signature}


def _mac(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
