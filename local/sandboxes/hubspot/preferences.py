"""Communication preferences: the channel is EMAIL only, resubscribing is allowed, nothing comes as a webhook."""

from collections.abc import Mapping
from typing import Any

from flask import request

from local.sandboxes.hubspot.errors import invalid
from local.sandboxes.hubspot.gate import Route
from local.sandboxes.hubspot.people_acts import follow
from local.sandboxes.hubspot.reading import body
from local.sandboxes.hubspot.standard import SUBSCRIPTIONS
from local.sandboxes.hubspot.state import HubSpotState
from local.sandboxes.hubspot.subscriptions import Status

STATES = {"SUBSCRIBED", "UNSUBSCRIBED", "NOT_SPECIFIED"}
BASES = {
    *("LEGITIMATE_INTEREST_PQL", "LEGITIMATE_INTEREST_CLIENT", "LEGITIMATE_INTEREST_OTHER"),
    *("PERFORMANCE_OF_CONTRACT", "CONSENT_WITH_NOTICE", "PROCESS_AND_STORE", "NON_GDPR"),
}


def preference_routes(state: HubSpotState) -> list[Route]:
    """The preference endpoints."""
    api, prefix = Preferences(state), "/communication-preferences/{V}"
    return [
        ("GET", f"{prefix}/definitions", api.definitions),
        ("GET", f"{prefix}/statuses/<path:email>", api.read),
        ("POST", f"{prefix}/statuses/<path:email>", api.write),
        ("GET", f"{prefix}/statuses/<path:email>/unsubscribe-all", api.read_opt_out),
        ("POST", f"{prefix}/statuses/<path:email>/unsubscribe-all", api.opt_out),
    ]


class Preferences:
    """The preference endpoints. The subscriber is an email address, known as a contact or not."""

    def __init__(self, state: HubSpotState) -> None:
        self._state = state

    def definitions(self) -> tuple[Any, int]:
        """The subscription types."""
        results = [
            {
                "id": str(number),
                "name": name,
                "description": name,
                "purpose": "Marketing",
                "communicationMethod": "Email",
                "isActive": True,
                "isDefault": True,
                "isInternal": False,
            }
            for number, name in SUBSCRIPTIONS.items()
        ]
        return {"results": results}, 200

    def read(self, email: str) -> tuple[Any, int]:
        """What an address said, by subscription."""
        demand_email_channel(request.args.get("channel"))
        return {"results": [self.shown(email.lower(), number) for number in SUBSCRIPTIONS]}, 200

    def shown(self, email: str, subscription: int) -> dict[str, Any]:
        """One status as the API shows it."""
        status = self._state.subscriptions.status(email, subscription)
        return {
            "subscriptionId": subscription,
            "subscriptionName": SUBSCRIPTIONS[subscription],
            "status": status.status,
            "source": status.source,
            "timestamp": status.since,
            "channel": "EMAIL",
            "subscriberIdString": email,
            **({"legalBasis": status.legal_basis} if status.legal_basis else {}),
            **({"legalBasisExplanation": status.explanation} if status.explanation else {}),
        }

    def write(self, email: str) -> tuple[Any, int]:
        """Change one subscription of one address."""
        return {"results": [self.change(email.lower(), body())]}, 200

    def change(self, email: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """Change one subscription as a body asks, and say what came of it."""
        demand_email_channel(content.get("channel"))
        number, status = content.get("subscriptionId"), content.get("statusState")
        if number not in SUBSCRIPTIONS:
            raise invalid(f"There is no subscription {number!r}")
        if status not in STATES:
            raise invalid(f"{status!r} is not a status")
        basis, explanation = content.get("legalBasis"), content.get("legalBasisExplanation")
        if self._state.settings.privacy and not (basis and explanation):
            raise invalid("legalBasis and legalBasisExplanation are required by the account's privacy settings")
        if basis is not None and basis not in BASES:
            raise invalid(f"{basis!r} is not a legal basis")
        reason = self._state.subscriptions.write(email, number, Status(status, "", basis, explanation))
        follow(self._state, email)
        return {**self.shown(email, number), "setStatusSuccessReason": reason}

    def read_opt_out(self, email: str) -> tuple[Any, int]:
        """Whether an address wants nothing at all."""
        demand_email_channel(request.args.get("channel"))
        since = self._state.subscriptions.opted_out.get(email.lower())
        row = {"status": "UNSUBSCRIBED" if since else "SUBSCRIBED", "wideStatusType": "PORTAL_WIDE"}
        return {"results": [{**row, "timestamp": since or "", "subscriberIdString": email, "channel": "EMAIL"}]}, 200

    def opt_out(self, email: str) -> tuple[Any, int]:
        """An address wants nothing any more."""
        demand_email_channel(request.args.get("channel"))
        self._state.subscriptions.opt_out(email.lower())
        follow(self._state, email.lower())
        row = self.shown(email.lower(), next(iter(SUBSCRIPTIONS)))
        return {"results": [{**row, "setStatusSuccessReason": "UNSUBSCRIBE_FROM_ALL_OCCURRED"}]}, 200


def demand_email_channel(channel: Any) -> None:
    """No other channel exists."""
    if channel != "EMAIL":
        raise invalid(f"{channel!r} is not a channel: only EMAIL is supported")
