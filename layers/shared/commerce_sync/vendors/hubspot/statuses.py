"""HubSpot's email subscriptions (communication preferences), read. They belong to an email address, contact or not.

There is no channel but EMAIL, and no webhook tells of a change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from commerce_sync.errors import RetriableError
from commerce_sync.vendors.hubspot.client import HubSpot

PREFERENCES = "/communication-preferences/{V}"
CHANNEL = "EMAIL"
IN_PARAMS = {"channel": CHANNEL}


@dataclass(frozen=True, slots=True)
class SubscriptionType:
    """One kind of email that this account sends. Internal ones are HubSpot's own, such as one-to-one mail."""

    subscription_id: str
    name: str
    is_active: bool
    is_internal: bool


@dataclass(frozen=True, slots=True)
class EmailStatus:
    """What is known of one address and one kind of email, or of every kind where ``subscription_id`` is ``*``.

    ``status`` is HubSpot's word: SUBSCRIBED, UNSUBSCRIBED, NOT_SPECIFIED, or one that nobody knows. ``at`` is when it
    was said, None where HubSpot does not tell.
    """

    subscription_id: str
    status: str
    at: datetime | None
    source: str = ""
    legal_basis: str = ""


class HubSpotStatuses:
    """Reads one address at a time."""

    def __init__(self, hubspot: HubSpot) -> None:
        self._hubspot = hubspot

    def definitions(self) -> list[SubscriptionType]:
        """The account's kinds of email."""
        answer = self._hubspot.call("GET", f"{PREFERENCES}/definitions")
        return [
            SubscriptionType(
                str(one["id"]), str(one.get("name") or ""), one.get("isActive") is True, one.get("isInternal") is True
            )
            for one in results_of(answer.json)
        ]

    def statuses(self, email: str) -> list[EmailStatus]:
        """What an address said of each kind of email."""
        answer = self._hubspot.call("GET", status_path(email), None, IN_PARAMS)
        return [_status(str(one.get("subscriptionId") or ""), one) for one in results_of(answer.json)]

    def wide_status(self, email: str) -> EmailStatus | None:
        """Whether an address wants no marketing email of any kind; None where HubSpot says nothing of that."""
        answer = self._hubspot.call("GET", f"{status_path(email)}/unsubscribe-all", None, IN_PARAMS)
        found = [one for one in results_of(answer.json) if one.get("wideStatusType", "PORTAL_WIDE") == "PORTAL_WIDE"]
        return _status("*", found[0]) if found else None


def status_path(email: str) -> str:
    """Where an address's statuses are."""
    return f"{PREFERENCES}/statuses/{quote(email, safe='')}"


def results_of(body: Any) -> list[Mapping[str, Any]]:
    """The results of an answer. Success without any came from something between us and HubSpot."""
    results = (body or {}).get("results")
    if not isinstance(results, list):
        raise RetriableError("hubspot answered without results")
    return results


def _status(subscription_id: str, one: Mapping[str, Any]) -> EmailStatus:
    return EmailStatus(
        subscription_id=subscription_id,
        status=str(one.get("status") or ""),
        at=moment_of(one.get("timestamp")),
        source=str(one.get("source") or ""),
        legal_basis=str(one.get("legalBasis") or ""),
    )


def moment_of(value: Any) -> datetime | None:
    """A time as HubSpot writes it: ISO 8601, or milliseconds. None where it wrote none, or no time."""
    text = str(value or "")
    try:
        if text.isdecimal():
            return datetime.fromtimestamp(int(text) / 1000, UTC)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
