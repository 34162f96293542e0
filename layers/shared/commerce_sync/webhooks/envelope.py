"""Wraps a verified delivery for its inbound queue, as a plain dictionary of the ``Envelope`` contract."""

import json
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from commerce_sync.webhooks.request import Delivery

SCHEMA_VERSION = 1
FOUND_BY = "x-commerce-sync-found-by"
"""The header by which a delivery that no webhook brought says what did."""
BACKFILL = "backfill"
"""What found a delivery that is history: what it says of consent raises nobody."""
KEPT_HEADERS = (
    *("x-shopify-api-version", "x-shopify-event-id", "x-shopify-triggered-at", "x-shopify-shop-domain"),
    *("x-wc-webhook-source", "x-wc-webhook-id"),
    "klaviyo-webhook-id",
)


def wrap(delivery: Delivery, topic: str, delivery_id: str) -> dict[str, Any]:
    """One envelope. Its id depends on source, store, topic and body alone: the same body again is the same envelope.

    The id hashes length-prefixed parts, so that no two deliveries can run together into one.
    """
    identity = sha256()
    for part in (delivery.source.encode(), delivery.store.encode(), topic.encode(), delivery.body):
        identity.update(len(part).to_bytes(8, "big") + part)
    envelope_id = identity.hexdigest()[:40]
    received_at = datetime.fromtimestamp(delivery.received_at, UTC)
    archive_key = f"archive/{delivery.source}/{delivery.store}/{received_at:%Y/%m/%d/%H%M%S%f}-{envelope_id}.json"
    try:
        body, encoding = delivery.body.decode(), "utf-8"
    except UnicodeDecodeError:
        body, encoding = b64encode(delivery.body).decode(), "base64"
    return {
        "schema_version": SCHEMA_VERSION,
        "envelope_id": envelope_id,
        "source": delivery.source,
        "store": delivery.store,
        "topic": topic,
        "delivery_id": delivery_id,
        "received_at": received_at.isoformat(),
        "headers": {name: delivery.headers[name] for name in KEPT_HEADERS if name in delivery.headers},
        "archive_key": archive_key,
        "body": body,
        "body_encoding": encoding,
    }


def serialize(envelope: dict[str, Any]) -> str:
    """The envelope as text. ASCII only, so that no character is one that SQS refuses."""
    return json.dumps(envelope, separators=(",", ":"))


def by_reference(envelope: dict[str, Any]) -> dict[str, Any]:
    """The envelope without its body, which stands in the archive already."""
    return {name: value for name, value in envelope.items() if name != "body"} | {"archived": True}


def is_about_consent(topic: str) -> bool:
    """Whether a topic goes on the consent queue, which no backfill uses: an opt-out never waits behind orders."""
    return (
        "marketing_consent" in topic
        or topic.startswith(("consent", "store/subscriber/"))
        or topic in {"customers/redact", "customer.created", "customer.updated"}
    )
