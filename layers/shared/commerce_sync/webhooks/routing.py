"""Which inbound queue a delivery goes on. An opt-out never waits behind orders, whoever sends it."""

from collections.abc import Mapping
from typing import Any

from commerce_sync.webhooks.envelope import is_about_consent

CONSENT_SOURCES = frozenset({"preferences", "staff", "sms", "support"})
"""They send nothing else."""
CONSENT_WORDS: Mapping[str, tuple[str, ...]] = {
    "hubspot": ("hs_email_optout",),
    "klaviyo": ("subscribed", "as_spam", "suppressed", "bounced_email", "email_preferences", "consented"),
    "own": ("consent.",),
}
"""Sources whose topic stands inside the body, and what stands in a body about consent, in small letters."""


def goes_ahead(envelope: Mapping[str, Any]) -> bool:
    """Whether a delivery goes on the consent queue, which no backfill uses.

    The body is only searched, not read: an order that happens to hold a word goes ahead and is none the worse for it.
    """
    source = envelope["source"]
    if source in CONSENT_SOURCES or is_about_consent(envelope["topic"]):
        return True
    words = CONSENT_WORDS.get(source, ())
    body = envelope["body"].lower() if words else ""
    return any(word in body for word in words)
