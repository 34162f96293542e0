"""What a poll found, as its store's own webhook would have brought it: same source, store, topic and body.

So archive, translation, ids, quarantine and replay are the same. A header says that a poll found it.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from commerce_sync.aws.claim_check import put_claim
from commerce_sync.aws.queues import send_all
from commerce_sync.contracts import Store
from commerce_sync.intake import translate
from commerce_sync.polling.missing import Shown
from commerce_sync.vendors.changed import ChangedRecord
from commerce_sync.webhooks.envelope import FOUND_BY, by_reference, serialize, wrap
from commerce_sync.webhooks.request import Delivery

MOST_BYTES: Final = 240 * 1024
"""Of a message, as webhook_intake sends it."""
TOPICS: Final[Mapping[str, str]] = {
    "shopify": "orders/updated",
    "bigcommerce": "store/order/updated",
    "woocommerce": "order.updated",
}
INCOMPLETE: Final = 0
"""BigCommerce's status of a checkout that was begun: no order yet."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found. ``subject`` names it, an order by its page in the order book; ``shown`` None: no version."""

    subject: str
    body: bytes
    shown: Shown | None


def found_in(store: Store) -> Callable[[ChangedRecord], Found]:
    """How a store's rows become deliveries."""

    def found(order: ChangedRecord) -> Found:
        body = thin("order", order) if store.source == "bigcommerce" else serialized(order.body)
        shown = _row_shows(order) if store.source == "bigcommerce" else _body_shows(store, body)
        return Found(f"{store.source}:{store.id}:{order.record_id}", body, shown)

    return found


class Telling:
    """Puts deliveries on the inbound queue, as ``webhook_intake`` does; a large body travels by reference.

    ``by`` says what found them.
    """

    def __init__(
        self, store: Store, queue_url: str, bucket: str, now: Callable[[], datetime], *, topic: str, by: str
    ) -> None:
        self._store = store
        self._queue_url = queue_url
        self._bucket = bucket
        self._now = now
        self._topic = topic
        self._by = by

    def __call__(self, found: Iterable[Found]) -> None:
        """Send them. Sending one again is harmless: it is the same envelope.

        :raises RetriableError: not all were kept.
        """
        send_all(self._queue_url, map(self._message, found))

    def _message(self, found: Found) -> str:
        source, store = self._store.source, self._store.id
        at = self._now().timestamp()
        delivery = Delivery(source, store, "", "GET", "", {}, found.body, at)
        envelope = wrap(delivery, self._topic, self._by)
        envelope["headers"] = {FOUND_BY: self._by}
        message = serialize(envelope)
        if len(message) <= MOST_BYTES:
            return message
        put_claim(self._bucket, envelope["archive_key"], message.encode())
        return serialize(by_reference(envelope))


def thin(kind: str, record: ChangedRecord) -> bytes:
    """BigCommerce's webhook names the record alone; with its time each version is a delivery of its own."""
    at = int(record.modified_at.timestamp()) if record.modified_at else None
    number = int(record.record_id) if record.record_id.isdecimal() else record.record_id
    scope = f"store/{kind}/updated"
    return serialized({"scope": scope, "data": {"type": kind, "id": number}, "created_at": at})


def serialized(body: Mapping[str, Any]) -> bytes:
    """A body's bytes, always the same of the same record."""
    return json.dumps(body, separators=(",", ":")).encode()


def _row_shows(order: ChangedRecord) -> Shown | None:
    proves = order.body.get("status_id") != INCOMPLETE
    return Shown(order.modified_at, None, proves) if order.modified_at else None


def _body_shows(store: Store, body: bytes) -> Shown | None:
    """The version that the order book would take of it; none of a body that is refused and set aside downstream."""
    events = translate(store.source, TOPICS[store.source], store, body).events
    states = (event.order for event in events if event.name == "placed_order" and event.order)
    return next((Shown(state.version, state.digest, proves=True) for state in states), None)
