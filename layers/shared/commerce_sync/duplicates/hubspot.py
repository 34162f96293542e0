"""A HubSpot contact as an entry. Opt-outs are ``hs_email_optout`` and one property a subscription, all read-only."""

from collections.abc import Mapping
from typing import Any

from commerce_sync.duplicates.entries import Entry, Marking, milliseconds

OPT_OUT = "hs_email_optout"
PROPERTIES = ("email", "hs_additional_emails", "phone", "mobilephone", "country", "lastmodifieddate", OPT_OUT)
"""Read of every contact, beside the account's own ``hs_email_optout_<subscription id>``."""


def contact_entry(contact: Mapping[str, Any], marking: Marking) -> Entry:
    """A contact that was read with :data:`PROPERTIES` and the account's opt-out properties."""
    properties = {name: value or "" for name, value in contact["properties"].items()}
    emails = [properties.get("email", ""), *properties.get("hs_additional_emails", "").split(";")]
    phones = [properties.get("phone", ""), properties.get("mobilephone", "")]
    return Entry(
        record=str(contact["id"]),
        has_email=any(email.strip() for email in emails),
        created=milliseconds(contact.get("createdAt")),
        last_seen=properties.get("lastmodifieddate", ""),
        opt_outs=_opt_outs(properties),
        marks=marking.marks(emails, phones, properties.get("country", "")),
    )


def _opt_outs(properties: Mapping[str, str]) -> str | None:
    """What was refused; None where the contact was read without asking."""
    if OPT_OUT not in properties:
        return None
    refused = (name for name, value in properties.items() if name.startswith(OPT_OUT) and value.lower() == "true")
    return ",".join(sorted(name.removeprefix(OPT_OUT).lstrip("_") or "all" for name in refused))
