"""What the store, a preference page and the SMS provider send about consent."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from local.sample_day.consent_story import NINA, OLIVE, RAY, SAM, TOM
from local.sample_day.deliveries import Delivery, hash_of

EMAIL_CONSENT = "customers_email_marketing_consent/update"


def consent_deliveries(now: datetime) -> list[Delivery]:
    """The day's acts, the store's re-sync of what is long past last."""
    return [
        *(_choice(OLIVE.address, 901, "unsubscribed", now), _choice(RAY.address, 903, "unsubscribed", now)),
        _door("preferences", _newsletter(now)),
        *(_door("sms", _text(number, words, now)) for number, words in _texts()),
        _choice(RAY.address, 903, "subscribed", now - timedelta(days=400), note="an old opt-in, re-sent"),
    ]


def _texts() -> Iterable[tuple[str, str]]:
    return ((SAM.address, "Stop!"), (TOM.address, "please cancel my order"))


def _choice(email: str, customer_id: int, state: str, at: datetime, note: str = "") -> Delivery:
    body = {
        "customer_id": customer_id,
        "email_address": email,
        "email_marketing_consent": {
            "state": state,
            "opt_in_level": "single_opt_in",
            "consent_updated_at": at.isoformat(),
        },
    }
    data = _bytes(body)
    headers = {"X-Shopify-Topic": EMAIL_CONSENT, "X-Shopify-API-Version": "2026-10"}
    return Delivery("shopify", "us", EMAIL_CONSENT, data, f"us-consent-{hash_of(data)}", note=note, headers=headers)


def _newsletter(now: datetime) -> dict[str, Any]:
    return {
        "id": "newsletter-1",
        "email": NINA.address,
        "channel": "email",
        "choice": "subscribe",
        "occurred_at": now.isoformat(),
        "form": "footer",
        "language": "en",
        "verification": "double_opt_in",
    }


def _text(number: str, words: str, now: datetime) -> dict[str, Any]:
    return {
        "id": f"text-{number[-4:]}",
        "from": number,
        "to": "+12025550199",
        "text": words,
        "received_at": now.isoformat(),
        "provider": "sample",
    }


def _door(source: str, body: Mapping[str, Any]) -> Delivery:
    return Delivery(source, "main", "", _bytes(body), str(body["id"]))


def _bytes(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()
