"""What granting and withdrawing consent does to a profile, its suppressions and a list.

Klaviyo keeps consent and suppression apart: subscribing by API lifts an unsubscribe, a spam complaint and a manual
suppression, but neither a hard bounce nor an invalid address.
"""

from dataclasses import dataclass
from datetime import datetime

from local.sandboxes.klaviyo import people
from local.sandboxes.klaviyo.attribution import native_event
from local.sandboxes.klaviyo.documents import EARLIEST
from local.sandboxes.klaviyo.given import Given
from local.sandboxes.klaviyo.records import MailingList, Permission, Profile, Purpose
from local.sandboxes.klaviyo.state import KlaviyoState

EMAIL: Purpose = ("email", "marketing")
SMS: Purpose = ("sms", "marketing")
NEEDS_CONFIRMATION = frozenset({EMAIL, SMS})
LIFTED = ("UNSUBSCRIBE", "SPAM_COMPLAINT", "USER_SUPPRESSED")
GRANTED_METRICS = {EMAIL: "Subscribed to Email Marketing", SMS: "Subscribed to SMS Marketing"}
WITHDRAWN_METRICS = {EMAIL: "Unsubscribed from Email Marketing", SMS: "Unsubscribed from SMS Marketing"}


@dataclass(frozen=True)
class Wish:
    """A checked request about one profile: what is granted or withdrawn, and when a grant was given."""

    given: Given
    purposes: dict[Purpose, datetime | None]
    list_id: str | None = None
    historical: bool = False
    source: str = ""


def subscribe(state: KlaviyoState, wish: Wish) -> None:
    """Process an accepted grant; with double opt-in, marketing waits for the confirmation."""
    profile = people.resolve(state, wish.given)
    mailing_list = state.lists.get(wish.list_id or "")
    mode = mailing_list.opt_in_process if mailing_list else state.settings.default_opt_in
    doubly = mode == "double_opt_in" and not wish.historical
    for purpose, consented_at in wish.purposes.items():
        permission = _permission(state, wish, consented_at, doubly=doubly)
        if doubly and purpose in NEEDS_CONFIRMATION:
            address = profile.identifier("email" if purpose == EMAIL else "phone_number") or ""
            state.unconfirmed.setdefault(address, []).append((profile.id, purpose, permission, wish.list_id))
        else:
            grant(state, profile, purpose, permission, mailing_list)
            if mailing_list:
                join(state, mailing_list, profile, quiet=wish.historical)


def confirm(state: KlaviyoState, addresses: list[str]) -> None:
    """The control ``confirm_opt_ins``: these people click the link in their confirmation message."""
    for address in addresses:
        for profile_id, purpose, permission, list_id in state.unconfirmed.pop(address, []):
            profile, mailing_list = state.profiles.get(profile_id), state.lists.get(list_id or "")
            if profile:
                grant(state, profile, purpose, permission, mailing_list)
            if profile and mailing_list:
                join(state, mailing_list, profile, quiet=False)


def grant(
    state: KlaviyoState, profile: Profile, purpose: Purpose, permission: Permission, mailing_list: MailingList | None
) -> None:
    """Record a grant and lift what it lifts."""
    before = profile.consent.permissions.get(purpose)
    profile.consent.permissions[purpose] = permission
    if purpose == EMAIL:
        for reason in LIFTED:
            profile.consent.suppressions.pop(reason, None)
        kept = [entry for entry in profile.consent.list_suppressions if not mailing_list or entry[0] != mailing_list.id]
        profile.consent.list_suppressions = kept
    _touch(state, profile)
    if purpose in GRANTED_METRICS and (before is None or before.consent != "SUBSCRIBED"):
        native_event(state, GRANTED_METRICS[purpose], profile.id, state.clock.moment())


def unsubscribe(state: KlaviyoState, wish: Wish) -> None:
    """Process an accepted withdrawal: for a member of the named list from that list, for anybody else everywhere."""
    profile = people.resolve(state, wish.given)
    mailing_list = state.lists.get(wish.list_id or "")
    for purpose in wish.purposes:
        if mailing_list and profile.id in mailing_list.members and purpose == EMAIL:
            del mailing_list.members[profile.id]
            entry = (mailing_list.id, "UNSUBSCRIBE", state.clock.moment())
            profile.consent.list_suppressions.append(entry)
        else:
            _withdraw(state, profile, purpose)


def join(state: KlaviyoState, mailing_list: MailingList, profile: Profile, *, quiet: bool) -> None:
    """Add a member; joining triggers the list's flows unless it is history."""
    if profile.id not in mailing_list.members:
        mailing_list.members[profile.id] = state.clock.moment()
        state.flow_triggers += not quiet


def _withdraw(state: KlaviyoState, profile: Profile, purpose: Purpose) -> None:
    now = state.clock.moment()
    before = profile.consent.permissions.get(purpose)
    profile.consent.permissions[purpose] = Permission("UNSUBSCRIBED", now, now)
    if purpose == EMAIL:
        profile.consent.suppressions.setdefault("UNSUBSCRIBE", now)
    _touch(state, profile)
    if purpose in WITHDRAWN_METRICS and (before is None or before.consent != "UNSUBSCRIBED"):
        native_event(state, WITHDRAWN_METRICS[purpose], profile.id, now)


def _touch(state: KlaviyoState, profile: Profile) -> None:
    if state.settings.consent_bumps_updated:
        profile.updated = state.clock.moment()


def _permission(state: KlaviyoState, wish: Wish, consented_at: datetime | None, *, doubly: bool) -> Permission:
    now = state.clock.moment()
    return Permission("SUBSCRIBED", max(consented_at or now, EARLIEST), now, wish.source, doubly)
