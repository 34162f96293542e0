"""HubSpot's webhooks: an array of up to 100 changes, each of which is told apart from its neighbours."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from msgspec import Raw, Struct
from msgspec.json import Decoder

from commerce_sync.contracts import CanonicalEvent, Person
from commerce_sync.intake.assembly import event_of
from commerce_sync.intake.bodies import Id, decode, decoder_of
from commerce_sync.intake.catalogue import Code
from commerce_sync.intake.delivery import Delivery, Translation, facts_of
from commerce_sync.intake.fields import EPOCH, event_id, identifier
from commerce_sync.intake.rejections import RejectedError, Rejection, refuse

_CONTACT: Final = "0-1"

#: What waits: merges and deletions for identity's unmerge and erase, associations for company sync.
_WAITING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "merge": "the merge of profiles",
        "deletion": "the archiving of profiles",
        "restore": "the archiving of profiles",
        "privacyDeletion": "the erasure of a person",
        "associationChange": "the sync of associations",
    }
)


class Change(Struct, gc=False):
    """One webhook event. ``attemptNumber`` is left out on purpose: a second attempt is the same change."""

    objectId: Id  # noqa: N815 - the vendor's names
    occurredAt: int  # noqa: N815
    subscriptionType: str | None = None  # noqa: N815
    eventType: str | None = None  # noqa: N815
    objectTypeId: str | None = None  # noqa: N815
    propertyName: str | None = None  # noqa: N815
    propertyValue: object = None  # noqa: N815
    isSensitive: bool | None = None  # noqa: N815


_CHANGES: Final = Decoder(list[Raw])
_CHANGE: Final = decoder_of(Change)


def translate(delivery: Delivery) -> Translation:
    """Each contact change as a profile_updated; a change that is refused takes nothing else with it."""
    events: list[CanonicalEvent] = []
    rejections: list[Rejection] = []
    changes: list[Raw] = decode(_CHANGES, delivery.body)
    for at, raw in enumerate(changes):
        try:
            events.append(_event(delivery, decode(_CHANGE, raw)))
        except RejectedError as error:
            rejections.append(error.inside(f"[{at}]").rejection)
    return Translation(tuple(events), tuple(rejections))


def _event(delivery: Delivery, change: Change) -> CanonicalEvent:
    properties = _properties(change)
    contact = identifier(change.objectId, "objectId")
    subject = (change.propertyName or "creation", str(change.occurredAt))
    return event_of(
        facts_of(
            delivery,
            event_id=event_id(delivery.source, delivery.store.id, contact, "profile_updated", *subject),
            name="profile_updated",
            occurred_at=_moment(change.occurredAt, "occurredAt"),
            person=Person(hubspot_contact_id=contact),
            properties=properties,
        )
    )


def _properties(change: Change) -> dict[str, str]:
    """The changed property. An empty value is one: it says that the property was cleared.

    :raises RejectedError: the change is not one of a contact's values.
    """
    subject, _, verb = (change.subscriptionType or change.eventType or "").partition(".")
    contact = subject == "contact" or (subject == "object" and change.objectTypeId == _CONTACT)
    if verb in _WAITING:
        raise refuse("not_yet_translated", "subscriptionType", _WAITING[verb])
    if not contact or verb not in {"propertyChange", "creation"}:
        raise _not_ours(subject)
    if verb == "creation":
        return {}
    if not change.propertyName:
        raise refuse("missing_field", "propertyName", "a property's name")
    if change.isSensitive:
        raise refuse("sensitive_value", "propertyValue", "a value that is not hidden")
    return {change.propertyName: _said(change.propertyValue, "propertyValue")}


def _not_ours(subject: str) -> RejectedError:
    known = {"contact", "object", "company", "deal", "ticket", "product", "line_item", "conversation"}
    code: Code = "topic_not_used" if subject in known else "unknown_topic"
    return refuse(code, "subscriptionType", "a change of a contact")


def _said(value: object, path: str) -> str:
    """HubSpot writes values as text; numbers are kept as written, and null is the empty value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        raise refuse("wrong_type", path, "text")
    return str(value)


def _moment(milliseconds: int, path: str) -> datetime:
    try:
        return EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError as error:
        raise refuse("bad_time", path, "milliseconds since 1970") from error
