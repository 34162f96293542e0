"""A Klaviyo profile as an entry (facts: ``additional-fields[profile]=subscriptions`` and what it holds)."""

from collections.abc import Iterator, Mapping
from typing import Any

from commerce_sync.duplicates.entries import Entry, Marking, milliseconds

NOTHING_REFUSED = frozenset({"SUBSCRIBED", "NEVER_SUBSCRIBED"})


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
        opt_outs=_opt_outs(attributes.get("subscriptions")),
        marks=marking.marks([email], [phone], country),
    )


def _opt_outs(subscriptions: Mapping[str, Any] | None) -> str | None:
    """Every refusal and suppression on any channel. A consent we have no word for counts as one."""
    if not subscriptions:
        return None
    return ",".join(
        sorted(
            f"{channel}.{purpose}:{token}"
            for channel, purposes in subscriptions.items()
            for purpose, permission in (purposes or {}).items()
            for token in _refusals(permission or {})
        )
    )


def _refusals(permission: Mapping[str, Any]) -> Iterator[str]:
    consent = permission.get("consent")
    if consent is not None and consent not in NOTHING_REFUSED:
        yield str(consent)
    if permission.get("can_receive_email_marketing") is False:
        yield "suppressed"
    for suppression in permission.get("suppression") or []:
        yield str(suppression.get("reason"))
    for suppression in permission.get("list_suppressions") or []:
        yield f"{suppression.get('list_id')}/{suppression.get('reason')}"
