"""HubSpot's email subscriptions (communication preferences). They belong to an email address, contact or not.

There is no channel but EMAIL, no webhook, and HubSpot lets anybody be subscribed again: it is no safety net.

Where the plan or the token does not allow it, HubSpot answers 403, which is :class:`NotAllowedError` with the scopes it
named. Then opt-outs cannot be written to HubSpot: they are read from ``hs_email_optout*``, our own contact properties
say what the ledger says, and :meth:`HubSpotPreferences.can_write` tells the operator.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from commerce_sync.errors import NotAllowedError, RefusedByVendorError, RetriableError
from commerce_sync.vendors.hubspot.client import HubSpot

PREFERENCES = "/communication-preferences/{V}"
CHANNEL = "EMAIL"
IN_PARAMS = {"channel": CHANNEL}
WITHDRAWAL_BASIS = "LEGITIMATE_INTEREST_OTHER"
WITHDRAWAL_EXPLANATION = "Consent withdrawn, recorded in the consent ledger"
"""Accounts with privacy settings want a legal basis for every change, and an opt-out must not fail for want of one."""
NOBODY = "nobody@example.invalid"


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


class HubSpotPreferences:
    """Reads and changes one address at a time; repeating a change is harmless."""

    def __init__(self, hubspot: HubSpot) -> None:
        self._hubspot = hubspot

    def definitions(self) -> list[SubscriptionType]:
        """The account's kinds of email."""
        answer = self._hubspot.call("GET", f"{PREFERENCES}/definitions")
        return [
            SubscriptionType(
                str(one["id"]), str(one.get("name") or ""), one.get("isActive") is True, one.get("isInternal") is True
            )
            for one in _results(answer.json)
        ]

    def can_write(self) -> bool:
        """Whether HubSpot would let us change a status, found out without changing one.

        A change that says nothing is invalid where changes are allowed, and forbidden where they are not. That HubSpot
        looks at the scope before the body is unverified.
        """
        try:
            self._hubspot.call("POST", _path(NOBODY), {})
        except NotAllowedError:
            return False
        except RefusedByVendorError:
            return True
        return True

    def statuses(self, email: str) -> list[EmailStatus]:
        """What an address said of each kind of email."""
        answer = self._hubspot.call("GET", _path(email), None, IN_PARAMS)
        return [_status(str(one.get("subscriptionId") or ""), one) for one in _results(answer.json)]

    def wide_status(self, email: str) -> EmailStatus | None:
        """Whether an address wants no marketing email of any kind; None where HubSpot says nothing of that."""
        answer = self._hubspot.call("GET", f"{_path(email)}/unsubscribe-all", None, IN_PARAMS)
        found = [one for one in _results(answer.json) if one.get("wideStatusType", "PORTAL_WIDE") == "PORTAL_WIDE"]
        return _status("*", found[0]) if found else None

    def unsubscribe(self, email: str, subscription_id: str) -> str:
        """No more of one kind; returns HubSpot's reason of success (``NO_STATUS_CHANGE`` where it was so before)."""
        return self._change(email, subscription_id, "UNSUBSCRIBED", WITHDRAWAL_BASIS, WITHDRAWAL_EXPLANATION)

    def unsubscribe_all(self, email: str) -> str:
        """No more of any kind; returns HubSpot's reason of success."""
        answer = self._hubspot.call("POST", f"{_path(email)}/unsubscribe-all", None, IN_PARAMS)
        return _reason(answer.json)

    def subscribe(self, email: str, subscription_id: str, legal_basis: str, explanation: str) -> str:
        """Allow one kind again, also against an opt-out (``RESUBSCRIBE_OCCURRED``): so ask the ledger first.

        It ends an opt-out of every kind as well.
        """
        return self._change(email, subscription_id, "SUBSCRIBED", legal_basis, explanation)

    def _change(self, email: str, subscription_id: str, status: str, basis: str, explanation: str) -> str:
        body = {
            "subscriptionId": int(subscription_id),
            "statusState": status,
            "channel": CHANNEL,
            "legalBasis": basis,
            "legalBasisExplanation": explanation,
        }
        return _reason(self._hubspot.call("POST", _path(email), body).json)


def _path(email: str) -> str:
    return f"{PREFERENCES}/statuses/{quote(email, safe='')}"


def _results(body: Any) -> list[Mapping[str, Any]]:
    """The results of an answer. Success without any came from something between us and HubSpot."""
    results = (body or {}).get("results")
    if not isinstance(results, list):
        raise RetriableError("hubspot answered without results")
    return results


def _reason(body: Any) -> str:
    results = _results(body)
    if not results:
        raise RetriableError("hubspot did not say what became of a status")
    return str(results[0].get("setStatusSuccessReason") or "")


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
