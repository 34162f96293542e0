"""What vendors show of consent, as small as a test needs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

T = datetime(2026, 9, 30, 10, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Profile:
    """A Klaviyo profile's subscription on one channel."""

    consent: str = ""
    consented_at: datetime | None = None
    last_updated: datetime | None = None
    method: str = ""
    double_optin: bool | None = None
    suppressions: tuple[tuple[str, datetime | None], ...] = ()
    list_suppressions: tuple[tuple[str, str, datetime | None], ...] = ()
    profile_id: str = "01GDDK"
    is_held: bool = False


@dataclass(frozen=True)
class Event:
    """An event of one of Klaviyo's metrics."""

    event_id: str = "4vRpBT"
    occurred_at: datetime = T
    email: str = "ana@example.com"
    phone: str = "+12025550100"
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Contact:
    """A HubSpot contact's opt-outs."""

    opted_out: frozenset[str]
    since: Mapping[str, datetime] = field(default_factory=dict)
    email: str = "ana@example.com"
    additional_emails: tuple[str, ...] = ()
    contact_id: str = "501"


@dataclass(frozen=True)
class Status:
    """What an address said of one kind of email at HubSpot."""

    subscription_id: str
    status: str
    at: datetime | None = T
    source: str = ""


@dataclass(frozen=True)
class Customer:
    """What a Shopify customer shows of one address."""

    state: str
    updated_at: datetime | None = T
    opt_in_level: str = "SINGLE_OPT_IN"
    collected_from: str = "SHOPIFY"
