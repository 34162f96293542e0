"""The contacts of a change that is refused, found without its shape."""

from commerce_sync.contracts import Person
from commerce_sync.intake.hubspot.shapes import kind_of
from commerce_sync.intake.people import address_in, anything_in, id_in, place_in


def contacts_in(raw: bytes) -> tuple[Person, ...]:
    """Every contact that a change names, and an email address that it gives one. Other objects' ids are nobody's."""
    change = place_in(anything_in(raw))
    kind = address_in(change.get("subscriptionType")) or address_in(change.get("eventType"))
    _, _, is_contact = kind_of(kind, None, change.get("objectTypeId"))
    if not is_contact:
        return ()
    merged = change.get("mergedObjectIds")
    ids = [change.get(name) for name in ("objectId", "primaryObjectId", "newObjectId")]
    ids += merged if isinstance(merged, list) else []
    email = address_in(change.get("propertyValue")) if change.get("propertyName") == "email" else None
    contacts = dict.fromkeys(contact for value in ids if (contact := id_in(value)))
    return (*(Person(hubspot_contact_id=contact) for contact in contacts), *([Person(email=email)] if email else []))
