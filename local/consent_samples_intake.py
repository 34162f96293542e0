"""Sample bodies about consent, as their senders post them: about invented people, for ``events/``."""

from datetime import datetime
from typing import Any

from local.sample_day.people import Someone

Bodies = dict[str, tuple[str, str, str, Any]]
"""By sample name: source, store, topic, body."""


def consent_bodies(person: Someone, at: datetime) -> Bodies:
    """One of each kind that may be posted."""
    moment = at.isoformat()
    email, phone = person.email, person.phone
    preference = {
        "id": "preference-1",
        "email": email,
        "channel": "email",
        "choice": "unsubscribe",
        "occurred_at": moment,
        "form": "footer",
        "language": "en",
    }
    revocation = {
        "id": "revocation-1",
        "email": email,
        "phone": phone,
        "choice": "unsubscribe",
        "reason": "asked on the phone to be left alone",
        "staff_id": "kim",
        "occurred_at": moment,
    }
    text = {
        "id": "text-1",
        "from": phone,
        "to": "+12025550199",
        "text": "STOP",
        "received_at": moment,
        "provider": "sample",
    }
    mail = {
        "id": "mail-1",
        "email": email,
        "subject": "Your mails",
        "text": "Please unsubscribe me.",
        "received_at": moment,
    }
    granted = {
        "specversion": "1.0",
        "id": "consent-1",
        "source": "https://shop.example.com/newsletter",
        "type": "com.example.consent.granted",
        "time": moment,
        "data": {"channel": "email", "email": email, "method": "form", "form": "newsletter", "verification": "none"},
    }
    optout = {
        "eventId": 1002,
        "subscriptionId": 78,
        "portalId": 4242,
        "appId": 9001,
        "occurredAt": int(at.timestamp() * 1000),
        "subscriptionType": "contact.propertyChange",
        "attemptNumber": 0,
        "objectId": 501,
        "propertyName": "hs_email_optout",
        "propertyValue": "true",
    }
    return {
        "preferences_unsubscribe": ("preferences", "main", "", preference),
        "preferences_subscribe": (
            "preferences",
            "main",
            "",
            preference | {"id": "preference-2", "choice": "subscribe"},
        ),
        "staff_revocation": ("staff", "main", "", revocation),
        "sms_stop": ("sms", "main", "", text),
        "support_mail": ("support", "main", "", mail),
        "own_consent_granted": ("own", "wholesale", "", granted),
        "hubspot_email_optout": ("hubspot", "main", "events", [optout]),
        "klaviyo_unsubscribed": ("klaviyo", "main", "events", _klaviyo(str(email), at)),
    }


def _klaviyo(email: str, at: datetime) -> dict[str, Any]:
    """One event in a delivery."""
    data = {
        "type": "event",
        "id": "sample-event-1",
        "attributes": {
            "datetime": at.isoformat(),
            "timestamp": int(at.timestamp()),
            "event_properties": {"method": "PROFILE_PAGE", "email_address": email},
        },
        "relationships": {"profile": {"data": {"type": "profile", "id": "01SAMPLE"}}},
    }
    event = {
        "external_id": "sample-event-1",
        "topic": "event:klaviyo.unsubscribed_from_email_marketing",
        "payload": {"data": data},
    }
    meta = {"klaviyo_account_id": "SAMPLE", "klaviyo_webhook_id": "01SAMPLEHOOK", "version": "2026-10-15"}
    return {"data": [event], "meta": meta}
