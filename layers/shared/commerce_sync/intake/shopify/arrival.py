"""When it was said: bodies about merges and privacy carry no time, their deliveries do."""

from datetime import datetime
from typing import Final

from commerce_sync.intake.delivery import Delivery
from commerce_sync.intake.fields import utc
from commerce_sync.intake.rejections import RejectedError, refuse

TRIGGERED_AT: Final = "x-shopify-triggered-at"


def said_at(delivery: Delivery) -> datetime:
    """When the store said it (its own header), else when it came. In UTC.

    The header is not signed (shopify.dev, webhooks over HTTPS), so a moment later than the arrival is not believed:
    an erasure dated into the future would forget a person who has come back.

    :raises RejectedError: neither is known. There is no clock in here, and an erasure at a made-up time would forget
        too much or too little.
    """
    triggered = _triggered_at(delivery)
    if delivery.received_at is not None:
        received = utc(delivery.received_at, "received_at")
        return received if triggered is None else min(triggered, received)
    if triggered is None:
        raise refuse("missing_field", TRIGGERED_AT, "a time like 2026-11-01T09:30:00Z in its header")
    return triggered


def _triggered_at(delivery: Delivery) -> datetime | None:
    said = next((value for name, value in delivery.headers.items() if name.lower() == TRIGGERED_AT), None)
    if said is None:
        return None
    try:
        return utc(datetime.fromisoformat(said.strip()), TRIGGERED_AT)
    except (ValueError, RejectedError):
        return None
