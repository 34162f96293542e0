"""A contact that was made or changed: a profile_updated, and what the changed property says about who it is."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from commerce_sync.contracts import CanonicalEvent, Person
from commerce_sync.intake.assembly import event_of
from commerce_sync.intake.delivery import Delivery, Translation, facts_of
from commerce_sync.intake.fields import event_id, text
from commerce_sync.intake.hubspot.merges import stated_by
from commerce_sync.intake.hubspot.shapes import Change, contact_of, moment_of
from commerce_sync.intake.rejections import refuse

#: The properties that say who the contact is, and what they are in a person.
_PERSONAL: Final[Mapping[str, str]] = MappingProxyType(
    {"email": "email", "phone": "phone", "mobilephone": "phone", "country": "country"}
)


def created(delivery: Delivery, change: Change) -> Translation:
    """A new contact. Its values arrive as property changes, or by polling."""
    return Translation((_event(delivery, change, "creation", {}, Person(hubspot_contact_id=contact_of(change))),))


def changed(delivery: Delivery, change: Change) -> Translation:
    """A changed property, with its value on the person where it says who that is. One that was emptied says nothing."""
    contact = contact_of(change)
    if not change.propertyName:
        raise refuse("missing_field", "propertyName", "a property's name")
    if change.isSensitive:
        raise refuse("sensitive_value", "propertyValue", "a value that is not hidden")
    name, value = change.propertyName, _said(change.propertyValue, "propertyValue")
    personal: dict[str, Any] = {_PERSONAL[name]: text(value)} if name in _PERSONAL else {}
    event = _event(delivery, change, name, {name: value}, Person(hubspot_contact_id=contact, **personal))
    stated = stated_by(delivery, change, name, value)
    return Translation((event,), same=stated.same, people=stated.people)


def _event(
    delivery: Delivery, change: Change, subject: str, properties: dict[str, str], person: Person
) -> CanonicalEvent:
    parts = (contact_of(change), "profile_updated", subject, str(change.occurredAt))
    return event_of(
        facts_of(
            delivery,
            event_id=event_id(delivery.source, delivery.store.id, *parts),
            name="profile_updated",
            occurred_at=moment_of(change),
            person=person,
            properties=properties,
        )
    )


def _said(value: object, path: str) -> str:
    """HubSpot writes values as text; numbers are kept as written, and null is the empty value: it was cleared."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        raise refuse("wrong_type", path, "text")
    return str(value)
