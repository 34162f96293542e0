"""Who changed a contact, and the webhook event that says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PORTAL_ID = 4242
APP_ID = 9001
SUBSCRIPTION_ID = 77


@dataclass(frozen=True)
class Source:
    """The author of a change, as webhooks name it."""

    change_source: str
    source_id: str


API = Source("INTEGRATION", str(APP_ID))
BULK_JOB = Source("AUTOMATION_PLATFORM", "enrollmentId:1")
STAFF = Source("CRM_UI", "userId:12")


def contact_event(verb: str, contact_id: str, source: Source, details: Mapping[str, Any]) -> dict[str, Any]:
    """One event; its id and time are added when it is queued, ``attemptNumber`` when it is sent."""
    return {
        "subscriptionId": SUBSCRIPTION_ID,
        "portalId": PORTAL_ID,
        "appId": APP_ID,
        "subscriptionType": f"contact.{verb}",
        "objectId": int(contact_id),
        **details,
        "changeSource": source.change_source,
        "sourceId": source.source_id,
    }


def named(event: dict[str, Any], style: str) -> dict[str, Any]:
    """As a project app hears it (``object``: generic type and object type id), or as older apps do (``contact``).

    A privacy deletion is a contact's in both.
    """
    verb = event["subscriptionType"].removeprefix("contact.")
    if style != "object" or verb == "privacyDeletion":
        return event
    return {**event, "subscriptionType": f"object.{verb}", "objectTypeId": "0-1"}
