"""Statements of one shop and the records that they become."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from commerce_sync.consent.rules import shipped_rules
from commerce_sync.consent.stating import Refusal, record_of
from commerce_sync.contracts.consent import ConsentRecord, ConsentStatement
from commerce_sync.contracts.consent_policy import ConsentPolicy, ConsentSource, Notice, Purpose

AT = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
RECEIVED = AT + timedelta(minutes=1)
FORM = "shopify:us:checkout"


def notice(name: str, **changes: Any) -> Notice:
    """A notice of the checkout."""
    said = {"form": FORM, "sha256": "a" * 64, "language": "en", "valid_from": date(2026, 1, 1), **changes}
    return Notice(id=name, **said)


POLICY = ConsentPolicy(
    default_purpose="marketing",
    default_sender="main",
    senders=("main", "outlet"),
    purposes=(
        Purpose(id="marketing", channels=("email", "sms"), hubspot=("Marketing Information",), klaviyo="account"),
        Purpose(id="offers", channels=("email",), hubspot=("77",), klaviyo="LiSt01"),
    ),
    sources=(ConsentSource(source="own", store="outlet", subscribed_by="us", purpose="offers", sender="outlet"),),
    ignored_hubspot=("One to One",),
    ignored_klaviyo=("LiStXX",),
    notices=(notice("checkout-2026"),),
)


def statement(**changes: Any) -> ConsentStatement:
    """An opt-in at the checkout."""
    said: dict[str, Any] = {
        "statement_id": "order:1",
        "channel": "email",
        "address": "ada@example.com",
        "action": "grant",
        "strength": "strong_in",
        "occurred_at": AT,
        "method": "checkout",
        "form": FORM,
        **changes,
    }
    return ConsentStatement(**said)


def made(source: str = "shopify", store: str = "us", policy: ConsentPolicy = POLICY, **changes: Any) -> ConsentRecord:
    """The record of a statement."""
    record = stated(source, store, policy, **changes)
    assert isinstance(record, ConsentRecord)
    return record


def stated(
    source: str = "shopify", store: str = "us", policy: ConsentPolicy = POLICY, **changes: Any
) -> ConsentRecord | Refusal:
    """What becomes of a statement."""
    return record_of(
        statement(**changes),
        source=source,
        store=store,
        received_at=RECEIVED,
        policy=policy,
        rules=shipped_rules(),
        tenant="main",
    )
