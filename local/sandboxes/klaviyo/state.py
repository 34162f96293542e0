"""The account: every record, what is still to be processed, and the switches a test may set."""

import base64
import hashlib
import itertools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from local.sandboxes.base import Clock
from local.sandboxes.klaviyo import snapshots
from local.sandboxes.klaviyo.errors import not_found
from local.sandboxes.klaviyo.rates import Rates
from local.sandboxes.klaviyo.records import (
    IDENTIFIERS,
    NATIVE,
    OURS,
    Event,
    Job,
    MailingList,
    Metric,
    Permission,
    Profile,
    Purpose,
)
from local.sandboxes.klaviyo.settings import Settings
from local.sandboxes.switches import switch

if TYPE_CHECKING:
    from local.sandboxes.klaviyo.webhooks import KlaviyoWebhooks


class KlaviyoState:
    """Everything the account knows."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.rates = Rates()
        self._numbers = itertools.count(1)
        self._controls: dict[str, Callable[[Any], None]] = {}
        self.webhooks: KlaviyoWebhooks | None = None
        self.reset()

    def reset(self) -> None:
        """Forget everything, settings included."""
        if self.webhooks:
            self.webhooks.sender.clear()
        self.settings = Settings()
        self.profiles: dict[str, Profile] = {}
        self.owners: dict[tuple[str, str], str] = {}
        self.events: list[Event] = []
        self.recorded: set[tuple[str, str, str]] = set()
        self.metrics: dict[tuple[str, str], Metric] = {}
        self.lists: dict[str, MailingList] = {}
        self.jobs: dict[str, Job] = {}
        self.reports: dict[str, list[dict[str, Any]]] = {}
        self.flow_triggers = 0
        self.unconfirmed: dict[str, list[tuple[str, Purpose, Permission, str | None]]] = {}
        self._accepted = 0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self.rates.reset()

    def snapshot(self) -> dict[str, Any]:
        """All of it, as JSON; events in the order they were recorded, those of message metrics and other apps apart."""
        self.settle()
        events = [(event, snapshots.event(event)) for event in self.events]
        return {
            "profiles": [snapshots.profile(profile) for profile in self.profiles.values()],
            "events": [shown for event, shown in events if event.metric.integration == OURS],
            "app_events": [shown for event, shown in events if event.metric.integration not in {OURS, NATIVE}],
            "message_events": [shown for event, shown in events if event.metric.integration == NATIVE],
            "metrics": [snapshots.metric(metric) for metric in self.metrics.values()],
            "flow_triggers": self.flow_triggers,
            "jobs": [snapshots.job(job) for job in self.jobs.values()],
            "lists": [snapshots.mailing_list(mailing_list) for mailing_list in self.lists.values()],
            "pending_webhooks": self.webhooks.sender.pending() if self.webhooks else 0,
            "lost_webhooks": self.webhooks.sender.lost if self.webhooks else 0,
        }

    def close(self) -> None:
        """Stop sending webhooks."""
        if self.webhooks:
            self.webhooks.sender.close()

    def control(self, name: str, act: Callable[[Any], None]) -> None:
        """Let ``configure`` also do this when it is given that name."""
        self._controls[name] = act

    def configure(self, settings: Mapping[str, Any]) -> None:
        """Change switches and run controls; an unknown name is an error."""
        switch(self.settings, settings, self._controls)
        for name in settings:
            if act := self._controls.get(name):
                act(settings[name])

    def new_id(self, prefix: str, length: int) -> str:
        """A new opaque identifier; none is ever given twice."""
        digest = hashlib.sha256(f"{prefix}{next(self._numbers)}".encode()).digest()
        return prefix + base64.b32encode(digest).decode()[:length]

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Do something once that much time has passed; at once without a lag."""
        if seconds <= 0:
            act()
            return
        self._due.append((self.clock.now() + seconds, next(self._numbers), act))
        self._due.sort(key=lambda entry: entry[:2])

    def accept(self, seconds: float, act: Callable[[], None]) -> None:
        """Process an accepted record later, unless it is one of those to lose silently."""
        self._accepted += 1
        every = self.settings.drop_every
        if not every or self._accepted % every:
            self.later(seconds, act)

    def settle(self) -> None:
        """Process what is due by now, in order."""
        while self._due and self._due[0][0] <= self.clock.now():
            self._due.pop(0)[2]()

    def profile(self, identifier: str) -> Profile:
        """The profile with this id, or 404."""
        if identifier not in self.profiles:
            raise not_found("profile", identifier)
        return self.profiles[identifier]

    def own(self, profile: Profile) -> None:
        """Find this profile by its identifiers from now on."""
        for name in IDENTIFIERS:
            if value := profile.identifier(name):
                self.owners[(name, value)] = profile.id

    def disown(self, profile: Profile) -> None:
        """No longer find this profile by its identifiers."""
        for key in [key for key in profile.attributes.items() if self.owners.get(key) == profile.id]:
            del self.owners[key]

    def forget(self, profile: Profile) -> None:
        """Delete a profile; its memberships go with it."""
        self.disown(profile)
        del self.profiles[profile.id]
        for mailing_list in self.lists.values():
            mailing_list.members.pop(profile.id, None)

    def mailing_list(self, identifier: str) -> MailingList:
        """The list with this id, or 404."""
        if identifier not in self.lists:
            raise not_found("list", identifier)
        return self.lists[identifier]

    def metric(self, name: str, integration: str) -> Metric:
        """The metric of this name and integration, made by its first event."""
        key = (name, integration)
        if key not in self.metrics:
            self.metrics[key] = Metric(self.new_id("", 6), name, integration, self.clock.moment())
        return self.metrics[key]
