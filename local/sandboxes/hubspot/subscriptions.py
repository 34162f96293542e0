"""Email subscriptions (communication preferences). They have no webhook, in HubSpot as here."""

from dataclasses import dataclass, replace
from typing import Any

from local.sandboxes.base import Clock
from local.sandboxes.hubspot.standard import SUBSCRIPTIONS
from local.sandboxes.hubspot.values import at


@dataclass
class Status:
    """What an address said about one subscription."""

    status: str
    since: str
    legal_basis: str | None = None
    explanation: str | None = None
    source: str = "Public status API"


class Subscriptions:
    """Statuses by email and subscription id; ids are those of this account."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.statuses: dict[tuple[str, int], Status] = {}
        self.opted_out: dict[str, str] = {}

    def status(self, email: str, subscription: int) -> Status:
        """The status of one subscription; nobody is subscribed until somebody says so."""
        return self.statuses.get((email, subscription), Status("NOT_SPECIFIED", ""))

    def write(self, email: str, subscription: int, status: Status) -> str:
        """Change a status; says what came of it. Subscribing again after an opt-out is allowed."""
        before = self.status(email, subscription)
        if before.status == status.status and email not in self.opted_out:
            return "NO_STATUS_CHANGE"
        again = status.status == "SUBSCRIBED" and (before.status == "UNSUBSCRIBED" or email in self.opted_out)
        self.statuses[email, subscription] = replace(status, since=status.since or at(self._clock.now()))
        if status.status == "SUBSCRIBED":
            self.opted_out.pop(email, None)
        return "RESUBSCRIBE_OCCURRED" if again else "REQUESTED_CHANGE_OCCURRED"

    def opt_out(self, email: str, said: Status | None = None) -> None:
        """No more marketing email of any kind; ``said`` tells when and where, else it is now and by API."""
        now = (said and said.since) or at(self._clock.now())
        source = said.source if said else Status.source
        self.opted_out.setdefault(email, now)
        for subscription in SUBSCRIPTIONS:
            if self.status(email, subscription).status != "UNSUBSCRIBED":
                self.statuses[email, subscription] = Status("UNSUBSCRIBED", now, source=source)

    def forget(self, email: str) -> None:
        """With a contact that is deleted for privacy goes what was known of its address."""
        self.opted_out.pop(email, None)
        for known in [one for one in self.statuses if one[0] == email]:
            del self.statuses[known]

    def opt_outs(self, email: str) -> dict[str, str]:
        """The contact's read-only opt-out properties that follow."""
        said = {"hs_email_optout": email in self.opted_out}
        for subscription in SUBSCRIPTIONS:
            status = self.status(email, subscription).status
            said[f"hs_email_optout_{subscription}"] = status == "UNSUBSCRIBED"
        return {name: "true" if out else "" for name, out in said.items()}

    def snapshot(self) -> dict[str, Any]:
        """Statuses by address, and who opted out of everything."""
        shown: dict[str, dict[str, str]] = {}
        for (email, subscription), status in self.statuses.items():
            shown.setdefault(email, {})[str(subscription)] = status.status
        return {"statuses": shown, "opted_out": sorted(self.opted_out)}
