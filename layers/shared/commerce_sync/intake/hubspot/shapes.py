"""One change as HubSpot's webhooks write it, and what of it every kind of change needs."""

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from commerce_sync.intake.bodies import Id, decoder_of
from commerce_sync.intake.fields import EPOCH, identifier
from commerce_sync.intake.rejections import refuse

_CONTACT: Final = "0-1"


class Change(Struct, gc=False):
    """One webhook event. ``attemptNumber`` is left out on purpose: a second attempt is the same change.

    The three ids before the last belong to merges, where ``objectId`` says nothing that they do not.
    """

    occurredAt: int  # noqa: N815 - the vendor's names
    objectId: Id | None = None  # noqa: N815
    subscriptionType: str | None = None  # noqa: N815
    eventType: str | None = None  # noqa: N815
    objectTypeId: str | None = None  # noqa: N815
    propertyName: str | None = None  # noqa: N815
    propertyValue: object = None  # noqa: N815
    primaryObjectId: Id | None = None  # noqa: N815
    mergedObjectIds: list[Id] | None = None  # noqa: N815
    newObjectId: Id | None = None  # noqa: N815
    isSensitive: bool | None = None  # noqa: N815


CHANGE: Final = decoder_of(Change)


def kind_of(subscription: str | None, event: str | None, object_type: object) -> tuple[str, str, bool]:
    """What changed, how it changed, and whether it is a contact: HubSpot has two names for each kind of change."""
    subject, _, verb = (subscription or event or "").partition(".")
    return subject, verb, subject == "contact" or (subject == "object" and object_type == _CONTACT)


def contact_of(change: Change) -> str:
    """The id of the contact that changed."""
    if change.objectId is None:
        raise refuse("missing_field", "objectId", "an id")
    return identifier(change.objectId, "objectId")


def moment_of(change: Change) -> datetime:
    """When it changed: milliseconds since 1970."""
    try:
        return EPOCH + timedelta(milliseconds=change.occurredAt)
    except OverflowError as error:
        raise refuse("bad_time", "occurredAt", "milliseconds since 1970") from error
