"""What people do about their consent at Klaviyo themselves, each act with the native event that it leaves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from local.sandboxes.klaviyo import people
from local.sandboxes.klaviyo.attribution import native_event
from local.sandboxes.klaviyo.consent import EMAIL, GRANTED_METRICS, LIFTED, SMS, WITHDRAWN_METRICS
from local.sandboxes.klaviyo.given import Given
from local.sandboxes.klaviyo.records import Permission, Profile, Purpose
from local.sandboxes.klaviyo.state import KlaviyoState

SUPPRESSING = {
    "spam": ("SPAM_COMPLAINT", "Marked Email as Spam"),
    "bounce": ("HARD_BOUNCE", "Bounced Email"),
    "suppress": ("USER_SUPPRESSED", ""),
}
"""Acts that only suppress: the reason, and the metric, if there is one."""


@dataclass(frozen=True)
class Act:
    """One act of one person at a time, on one channel."""

    profile: Profile
    purpose: Purpose
    at: datetime
    told: Mapping[str, Any]


class PersonConsents:
    """The control ``person_consents``: a list of acts, each ``{"act", "email", "phone_number", "time", ...}``.

    ``subscribe`` (with ``method``, ``method_detail``, ``double_optin``, and ``list_id`` to join), ``unsubscribe`` (with
    ``list_id`` from one list only), ``spam``, ``bounce`` and ``suppress`` (by hand). The channel is email unless
    ``channel`` says ``sms``. Without a time it is now; ``silent`` records no event, as of consent that is older than
    the account's events.
    """

    def __init__(self, state: KlaviyoState) -> None:
        self._state = state
        state.control("person_consents", self.act)

    def act(self, acts: list[dict[str, Any]]) -> None:
        """Let people act, in order."""
        for told in acts:
            identifiers: dict[str, Any] = {name: told[name] for name in ("email", "phone_number") if name in told}
            profile = people.resolve(self._state, Given(None, identifiers))
            at = datetime.fromisoformat(told["time"]) if "time" in told else self._state.clock.moment()
            self._do(Act(profile, SMS if told.get("channel") == "sms" else EMAIL, at, told))

    def _do(self, act: Act) -> None:
        kind = act.told["act"]
        if kind in SUPPRESSING:
            reason, metric = SUPPRESSING[kind]
            act.profile.consent.suppressions[reason] = act.at
            self._record(act, metric)
        elif kind == "subscribe":
            self._subscribe(act)
        elif kind == "unsubscribe":
            self._unsubscribe(act)
        else:
            raise ValueError(f"nobody can {kind}")
        if self._state.settings.consent_bumps_updated:
            act.profile.updated = self._state.clock.moment()

    def _subscribe(self, act: Act) -> None:
        told = act.told
        permission = Permission(
            *("SUBSCRIBED", act.at, act.at, told.get("method_detail", "")),
            double_optin=bool(told.get("double_optin", False)),
            method=told.get("method", "FORM"),
        )
        act.profile.consent.permissions[act.purpose] = permission
        if act.purpose == EMAIL:
            for reason in LIFTED:
                act.profile.consent.suppressions.pop(reason, None)
        if "list_id" in told:
            self._state.mailing_list(told["list_id"]).members[act.profile.id] = act.at
            self._record(act, "Subscribed to List")
        self._record(act, GRANTED_METRICS[act.purpose])

    def _unsubscribe(self, act: Act) -> None:
        if "list_id" in act.told:
            self._state.mailing_list(act.told["list_id"]).members.pop(act.profile.id, None)
            act.profile.consent.list_suppressions.append((act.told["list_id"], "UNSUBSCRIBE", act.at))
            self._record(act, "Unsubscribed from List")
            return
        method = act.told.get("method", "PREFERENCE_PAGE" if act.purpose == EMAIL else "INBOUND_MESSAGE")
        act.profile.consent.permissions[act.purpose] = Permission("UNSUBSCRIBED", act.at, act.at, method=method)
        if act.purpose == EMAIL:
            act.profile.consent.suppressions["UNSUBSCRIBE"] = act.at
        self._record(act, WITHDRAWN_METRICS[act.purpose])

    def _record(self, act: Act, metric: str) -> None:
        if metric and not act.told.get("silent"):
            native_event(self._state, metric, act.profile.id, act.at)
