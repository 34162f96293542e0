"""What a record says was done, in words: by whom and how, when, where, and why its time may be another."""

from datetime import UTC, datetime

from commerce_sync.consent.acts import Act

ENDS = {
    "keyword": "opted out by text",
    "free_text": "asked in a message for no more",
    "preference_page": "unsubscribed (preference page)",
    "one_click": "unsubscribed (one click)",
    "staff": "told staff to stop",
    "suppression": "was suppressed",
    "profile_state": "was found unsubscribed",
    "status": "was found unsubscribed",
    "bounce": "could not be reached",
    "erasure": "asked to be forgotten",
    "number_reassigned": "gave up the number",
    "import": "was imported as opted out",
}
GRANTS = {
    "form": "opted in (form)",
    "checkout": "opted in (checkout)",
    "keyword": "opted in by text",
    "preference_page": "opted in (preference page)",
    "staff": "was added by staff",
    "import": "was imported",
    "api": "was added by a program",
    "profile_state": "was found subscribed",
    "status": "was found subscribed",
    "paid_lead": "opted in (paid lead)",
    "co_registration": "opted in (co-registration)",
    "shared": "opted in (shared)",
}
HOLDS = {
    "keyword": "sent a text",
    "free_text": "sent a message",
    "suppression": "was suppressed by staff",
    "baseline_conflict": "was found open in one system and closed in another",
}
NAMES = {
    "klaviyo": "Klaviyo",
    "hubspot": "HubSpot",
    "shopify": "Shopify",
    "bigcommerce": "BigCommerce",
    "woocommerce": "WooCommerce",
    "own": "the own order system",
    "preferences": "a preference form",
    "staff": "the staff form",
    "sms": "inbound text messages",
}
OURS = frozenset({"erasure", "operations"})
"""Sources that are no place."""


def occasion(act: Act) -> str:
    """What was done, when and where: ``unsubscribed (preference page) on 2026-11-21 10:00 UTC at Klaviyo``."""
    return f"{deed(act)} on {moment_text(act.moment.at)}{_where(act.record.source)}{_doubt(act)}"


def deed(act: Act) -> str:
    """What was done."""
    record = act.record
    if record.action == "review" and act.kind in {"hard", "pref"}:
        return "a person decided OUT in review"
    if act.kind in {"hard", "pref"}:
        words = ENDS.get(record.method, "unsubscribed")
        if act.kind == "hard" and record.method not in {"keyword", "erasure"}:
            words = f"{words} by STOP, complaint or law"
        return f"{words} (as we had told it there)" if record.evidence.get("echo_of") else words
    if act.kind == "hold":
        return HOLDS.get(record.method, "said something unclear")
    words = GRANTS.get(record.method, "opted in")
    return f"{words}, verified" if act.kind == "verified" else words


def moment_text(at: datetime) -> str:
    """A moment for people: to the minute, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _where(source: str) -> str:
    name, _, store = source.partition(":")
    if name in OURS:
        return ""
    place = NAMES.get(name, name)
    return f" at {place} ({store})" if store and name not in {"klaviyo", "hubspot"} else f" at {place}"


def _doubt(act: Act) -> str:
    """Why the time that counts is our receipt, where it is (R1)."""
    record = act.record
    if act.moment.clock is not None:
        return ""
    if record.occurred_at is None:
        return " (its own time is missing: it counts from when it reached us)"
    if record.occurred_trust == "untrusted":
        return " (its own time cannot be trusted: it counts from when it reached us)"
    return f" (its own time, {moment_text(record.occurred_at)}, lies in the future: it counts from when it reached us)"
