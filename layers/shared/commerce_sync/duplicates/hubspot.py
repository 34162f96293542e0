"""A HubSpot contact as an entry."""

from collections.abc import Mapping, Sequence
from typing import Any

from commerce_sync.duplicates.entries import Entry, Marking, milliseconds
from commerce_sync.duplicates.hubspot_refusals import OPT_OUT, contact_refusals

PROPERTIES = ("email", "hs_additional_emails", "phone", "mobilephone", "country", "lastmodifieddate", OPT_OUT)
"""Read of every contact, beside what may say in this account that somebody refused something."""


def contact_entry(contact: Mapping[str, Any], marking: Marking, asked: Sequence[str] = (OPT_OUT,)) -> Entry:
    """A contact that was read with :data:`PROPERTIES` and with ``asked``, the properties that may hold a refusal."""
    properties = {name: value or "" for name, value in contact["properties"].items()}
    emails = [properties.get("email", ""), *properties.get("hs_additional_emails", "").split(";")]
    phones = [properties.get("phone", ""), properties.get("mobilephone", "")]
    return Entry(
        record=str(contact["id"]),
        has_email=any(email.strip() for email in emails),
        created=milliseconds(contact.get("createdAt")),
        last_seen=properties.get("lastmodifieddate", ""),
        opt_outs=contact_refusals(properties, asked, lambda value: marking.key(("refusal", value))),
        marks=marking.marks(emails, phones, properties.get("country", "")),
    )
