"""A Klaviyo profile as an entry."""

from collections.abc import Mapping
from typing import Any

from commerce_sync.duplicates.entries import Entry, Marking, milliseconds
from commerce_sync.duplicates.klaviyo_refusals import profile_refusals


def profile_entry(profile: Mapping[str, Any], marking: Marking) -> Entry:
    """A profile as a JSON:API resource. One that was read without its subscriptions has unknown opt-outs."""
    attributes = profile["attributes"]
    email, phone = attributes.get("email") or "", attributes.get("phone_number") or ""
    country = (attributes.get("location") or {}).get("country") or ""
    return Entry(
        record=str(profile["id"]),
        has_email=bool(email.strip()),
        created=milliseconds(attributes.get("created")),
        last_seen=attributes.get("last_event_date") or "",
        opt_outs=profile_refusals(attributes),
        marks=marking.marks([email], [phone], country),
    )
