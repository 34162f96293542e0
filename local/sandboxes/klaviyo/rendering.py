"""Records as JSON:API resources."""

from datetime import datetime
from typing import Any

from local.sandboxes.klaviyo.records import (
    IDENTIFIERS,
    LOCATION,
    PLAIN,
    Consent,
    MailingList,
    Metric,
    Profile,
)

ORIGIN = "https://a.klaviyo.com/api"
PURPOSES = {
    "email": ("marketing", "open_tracking", "click_tracking"),
    "sms": ("marketing", "transactional"),
    "mobile_push": ("marketing",),
    "whatsapp": ("marketing", "transactional", "conversational"),
}
RECEIVE = {"email": "email_marketing", "sms": "sms_{purpose}", "mobile_push": "push_marketing"}


def iso(moment: datetime | None) -> str | None:
    """A moment the way Klaviyo writes it: ``2026-10-02T09:30:00+00:00``."""
    return moment.isoformat() if moment else None


def resource(kind: str, identifier: str, attributes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A JSON:API resource object."""
    links = {"self": f"{ORIGIN}/{kind}s/{identifier}/"}
    return {"type": kind, "id": identifier, "attributes": attributes, **more, "links": links}


def profile(record: Profile, *, subscriptions: bool = False) -> dict[str, Any]:
    """A profile; its subscriptions only on request."""
    attributes: dict[str, Any] = {name: record.attributes.get(name) for name in (*IDENTIFIERS[:3], *PLAIN)}
    attributes |= {
        "created": iso(record.created),
        "updated": iso(record.updated),
        "last_event_date": iso(record.last_event_date),
        "location": {name: record.location.get(name) for name in LOCATION},
        "properties": record.properties,
    }
    if subscriptions:
        attributes["subscriptions"] = consent(record.consent)
    return resource("profile", record.id, attributes)


def consent(record: Consent) -> dict[str, Any]:
    """The ``subscriptions`` of a profile."""
    shown = {
        channel: {purpose: _permission(record, channel, purpose) for purpose in purposes}
        for channel, purposes in PURPOSES.items()
    }
    shown["email"]["marketing"] |= {
        "suppression": [{"reason": reason, "timestamp": iso(since)} for reason, since in record.suppressions.items()],
        "list_suppressions": [
            {"list_id": list_id, "reason": reason, "timestamp": iso(since)}
            for list_id, reason, since in record.list_suppressions
        ],
    }
    return shown


def _permission(record: Consent, channel: str, purpose: str) -> dict[str, Any]:
    permission = record.permissions.get(("push" if channel == "mobile_push" else channel, purpose))
    subscribed = permission is not None and permission.consent == "SUBSCRIBED"
    is_email = (channel, purpose) == ("email", "marketing")
    name = RECEIVE.get(channel, "").format(purpose=purpose) if channel != "email" or is_email else ""
    return {
        f"can_receive_{name}".rstrip("_"): not record.suppressions if is_email else subscribed,
        "consent": permission.consent if permission else "NEVER_SUBSCRIBED",
        "consent_timestamp": iso(permission.consent_timestamp) if permission else None,
        "last_updated": iso(permission.last_updated) if permission else None,
        "method": permission.method if permission else None,
        "method_detail": permission.method_detail if permission else None,
        "double_optin": permission.double_optin if permission else None,
    }


def metric(record: Metric) -> dict[str, Any]:
    """A metric with its integration."""
    key = record.integration.lower()
    integration = {
        "object": "integration",
        "id": f"0{key}",
        "key": key,
        "name": record.integration,
        "category": record.integration,
    }
    moment = iso(record.created)
    attributes = {"name": record.name, "created": moment, "updated": moment, "integration": integration}
    return resource("metric", record.id, attributes)


def mailing_list(record: MailingList) -> dict[str, Any]:
    """A list without its members."""
    attributes = {
        "name": record.name,
        "created": iso(record.created),
        "updated": iso(record.updated),
        "opt_in_process": record.opt_in_process,
    }
    return resource("list", record.id, attributes)
