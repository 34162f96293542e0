"""HubSpot's webhooks: an array of up to 100 changes, each of which is told apart from its neighbours."""

from typing import Final

from msgspec import Raw
from msgspec.json import Decoder

from commerce_sync.intake.bodies import decode
from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.hubspot.changes import told
from commerce_sync.intake.hubspot.people import contacts_in
from commerce_sync.intake.hubspot.shapes import CHANGE
from commerce_sync.intake.rejections import RejectedError

__all__ = ["translate"]

_CHANGES: Final = Decoder(list[Raw])


def translate(delivery: Delivery) -> Translation:
    """What each change says; a change that is refused takes nothing else with it."""
    changes: list[Raw] = decode(_CHANGES, delivery.body)
    return Translation.joined(_change(delivery, raw, at) for at, raw in enumerate(changes))


def _change(delivery: Delivery, raw: Raw, at: int) -> Translation:
    try:
        return told(delivery, decode(CHANGE, raw))
    except RejectedError as error:
        rejection = error.inside(f"[{at}]").rejection
        return Translation(rejections=(rejection,), people=contacts_in(bytes(raw)))
