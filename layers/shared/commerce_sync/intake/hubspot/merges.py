"""HubSpot's statements that two contacts, or a contact and another address, are one person."""

from typing import Final

from commerce_sync.contracts import Person, SamePerson
from commerce_sync.contracts.identity import SaidBy
from commerce_sync.intake.bodies import Id
from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.fields import identifier, identifier_if_any
from commerce_sync.intake.hubspot.shapes import Change, contact_of, moment_of
from commerce_sync.intake.rejections import refuse

NOTHING: Final = Translation()


def merged(delivery: Delivery, change: Change) -> Translation:
    """A merge: the contact that lives on first, then every other that went into it.

    A merge may make a new contact (``newObjectId``), into which the primary one goes as well.

    :raises RejectedError: it does not say which contacts became one.
    """
    if change.primaryObjectId is None:
        raise refuse("missing_field", "primaryObjectId", "an id")
    if not change.mergedObjectIds:
        raise refuse("missing_field", "mergedObjectIds", "the ids that were merged")
    named: list[tuple[Id | None, str]] = [
        (change.newObjectId, "newObjectId"),
        (change.primaryObjectId, "primaryObjectId"),
        *((merged, f"mergedObjectIds[{at}]") for at, merged in enumerate(change.mergedObjectIds)),
    ]
    records = tuple(dict.fromkeys(said for value, path in named if (said := identifier_if_any(value, path))))
    if not records[1:]:
        raise refuse("wrong_type", "mergedObjectIds", "another contact than the primary one")
    return _translation(_statement(delivery, change, records, "hubspot_merge"))


def stated_by(delivery: Delivery, change: Change, name: str, value: str) -> Translation:
    """What a changed property says about who is who, in addition to being a change. One that was emptied says nothing.

    ``hs_additional_emails`` are the addresses that a contact has beside its first one, ``hs_merged_object_ids`` the
    contacts that went into it; both are separated by semicolons.
    """
    parts = tuple(dict.fromkeys(part for piece in value.split(";") if (part := piece.strip())))
    contact = contact_of(change)
    if name == "hs_additional_emails" and parts:
        return _translation(_statement(delivery, change, (contact,), "hubspot_additional_email", parts))
    if name == "hs_merged_object_ids":
        records = tuple(dict.fromkeys([contact, *(identifier(part, "propertyValue") for part in parts)]))
        return _translation(_statement(delivery, change, records, "hubspot_merge")) if len(records) > 1 else NOTHING
    return NOTHING


def _statement(
    delivery: Delivery, change: Change, records: tuple[str, ...], said_by: SaidBy, emails: tuple[str, ...] = ()
) -> SamePerson:
    return SamePerson(
        source=delivery.source,
        store=delivery.store.id,
        records=records,
        emails=emails,
        said_by=said_by,
        stated_at=moment_of(change),
    )


def _translation(said: SamePerson) -> Translation:
    """The statement, with everybody whom it names."""
    records = (Person(hubspot_contact_id=record) for record in said.records)
    return Translation(same=(said,), people=(*records, *(Person(email=email) for email in said.emails)))
