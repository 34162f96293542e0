"""How a privacy request is named, whoever passes it on."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Final

from commerce_sync.contracts import Person, PrivacyRequest
from commerce_sync.contracts.identity import PrivacyKind
from commerce_sync.intake.delivery import Delivery
from commerce_sync.intake.fields import event_id

_DIGEST_LENGTH: Final = 32


def privacy_request(  # noqa: PLR0917 - a request has as many parts as it has
    delivery: Delivery,
    kind: PrivacyKind,
    subject: tuple[str, ...],
    requested_at: datetime,
    person: Person | None = None,
    orders: tuple[str, ...] = (),
) -> PrivacyRequest:
    """A request named by its source, its store, its kind and its subject, so the same request twice is one.

    :param subject: ids of what it is about. Never an address: the name outlives the person's data.
    """
    return PrivacyRequest(
        schema_version=PrivacyRequest.VERSION,
        request_id=event_id(delivery.source, delivery.store.id, kind, *subject),
        kind=kind,
        source=delivery.source,
        store=delivery.store.id,
        requested_at=requested_at,
        person=person,
        orders=orders,
    )


def orders_digest(orders: Iterable[str]) -> str:
    """A short name for a set of orders, in whatever order they stand."""
    parts = "".join(f"{len(order)}:{order}" for order in sorted(set(orders)))
    return sha256(parts.encode()).hexdigest()[:_DIGEST_LENGTH]
