"""Klaviyo's system webhooks: up to a thousand events, each of which is told apart from its neighbours.

They are a fast path only: polling reads the same events. So what names nobody by an address is settled here
(developers.klaviyo.com, working with system webhooks).
"""

from typing import Final

from commerce_sync.intake.consents import body_of
from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.klaviyo.events import told
from commerce_sync.intake.people import address_in, place_in
from commerce_sync.intake.rejections import RejectedError, refuse

__all__ = ["translate"]

WEBHOOK_ID: Final = "klaviyo-webhook-id"


def translate(delivery: Delivery) -> Translation:
    """What each event says of consent.

    :raises RejectedError: the body is not of the webhook that the header names: Klaviyo says not to process it.
    """
    body = body_of(delivery)
    _require_one_webhook(delivery, address_in(place_in(body.get("meta")).get("klaviyo_webhook_id")))
    events = body.get("data")
    if not isinstance(events, list):
        raise refuse("wrong_type", "data", "a list of events")
    return Translation.joined(_event(delivery, event, at) for at, event in enumerate(events))


def _event(delivery: Delivery, event: object, at: int) -> Translation:
    try:
        return told(delivery, place_in(event))
    except RejectedError as error:
        return Translation.refused(error.inside(f"data[{at}]").rejection)


def _require_one_webhook(delivery: Delivery, named: str | None) -> None:
    header = next((value for name, value in delivery.headers.items() if name.lower() == WEBHOOK_ID), None)
    if named is None or header is None or header.strip() != named:
        raise refuse("webhook_id_differs", "meta.klaviyo_webhook_id", "the id of its header")
