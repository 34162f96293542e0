"""What Klaviyo keeps: profiles with their consent, events, metrics, lists and jobs."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

NATIVE = "Klaviyo"
OURS = "API"
"""The integration of what is sent by the API."""
IDENTIFIERS = ("email", "phone_number", "external_id", "anonymous_id")
PLAIN = ("first_name", "last_name", "organization", "locale", "title", "image")
LOCATION = ("address1", "address2", "city", "country", "latitude", "longitude", "region", "zip", "timezone", "ip")
Purpose = tuple[str, str]


@dataclass
class Permission:
    """Consent for one purpose on one channel."""

    consent: str
    consent_timestamp: datetime
    last_updated: datetime
    method_detail: str = ""
    double_optin: bool = False
    method: str = "API"


@dataclass
class Consent:
    """All of a profile's consent. Suppressions are the email channel's and independent of consent."""

    permissions: dict[Purpose, Permission] = field(default_factory=dict)
    suppressions: dict[str, datetime] = field(default_factory=dict)
    list_suppressions: list[tuple[str, str, datetime]] = field(default_factory=list)


@dataclass
class Profile:
    """A person."""

    id: str
    created: datetime
    updated: datetime
    attributes: dict[str, Any] = field(default_factory=dict)
    location: dict[str, Any] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)
    consent: Consent = field(default_factory=Consent)
    last_event_date: datetime | None = None

    def identifier(self, name: str) -> str | None:
        """One identifier, if the profile has it."""
        value: str | None = self.attributes.get(name)
        return value


@dataclass
class Metric:
    """A kind of event of one integration."""

    id: str
    name: str
    integration: str
    created: datetime


@dataclass(frozen=True)
class Touch:
    """The message an event of a message metric is about: its campaign or flow, and the message."""

    campaign: str | None = None
    campaign_message: str | None = None
    flow: str | None = None
    flow_message: str | None = None


@dataclass
class Event:
    """Something that happened. ``identifiers`` are those the sender gave; ``recorded`` is when it was processed."""

    id: str
    metric: Metric
    profile_id: str
    unique_id: str
    time: datetime
    recorded: datetime
    properties: dict[str, Any]
    value: float | None = None
    value_currency: str | None = None
    backfill: bool = False
    identifiers: dict[str, str] = field(default_factory=dict)
    touch: Touch | None = None


@dataclass
class MailingList:
    """A list and when each member joined."""

    id: str
    name: str
    opt_in_process: str
    created: datetime
    updated: datetime
    members: dict[str, datetime] = field(default_factory=dict)


@dataclass
class Job:
    """Asynchronous work that can be polled."""

    id: str
    type: str
    created: datetime
    total: int
    status: str = "queued"
    started: datetime | None = None
    completed: datetime | None = None
    completed_count: int = 0
    failed_count: int = 0
    skipped_count: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    profiles: list[str] = field(default_factory=list)
