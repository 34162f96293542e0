"""A profile's subscription as Klaviyo shows it (``additional-fields[profile]=subscriptions``)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commerce_sync.contracts.consent import Channel
from commerce_sync.contracts.field_names import SMS_HOLD
from commerce_sync.vendors.http import VendorHttp
from commerce_sync.vendors.klaviyo.reading import in_filters, moment_of, pages, quoted

ADDRESS: Mapping[Channel, str] = {"email": "email", "sms": "phone_number"}
"""The profile attribute that holds a channel's address."""
WITH_SUBSCRIPTIONS = {"additional-fields[profile]": "subscriptions", "page[size]": "100"}


@dataclass(frozen=True, slots=True)
class Subscription:
    """Marketing consent of a profile on one channel.

    ``consent`` is Klaviyo's own word, also one that nobody knows (``NEVER_SUBSCRIBED`` is unverified), and empty where
    it shows none. ``method`` says how it was collected. Consent and suppression are independent: ``suppressions`` are
    ``(reason, since)`` and of the email channel alone, ``list_suppressions`` ``(list id, reason, since)``.
    ``can_receive`` only says that no suppression stands in the way: it is no consent. ``is_held``: the profile carries
    the property by which SMS segments leave out who is held.
    """

    profile_id: str
    consent: str
    consented_at: datetime | None = None
    last_updated: datetime | None = None
    method: str = ""
    method_detail: str = ""
    double_optin: bool | None = None
    suppressions: tuple[tuple[str, datetime | None], ...] = ()
    list_suppressions: tuple[tuple[str, str, datetime | None], ...] = ()
    can_receive: bool = False
    is_held: bool = False


class KlaviyoSubscriptions:
    """Reads subscriptions by address."""

    def __init__(self, http: VendorHttp) -> None:
        self._http = http

    def subscriptions(self, addresses: Iterable[str], channel: Channel) -> dict[str, Subscription]:
        """The subscriptions of those addresses that Klaviyo knows, by the address as it was given."""
        given = _by_lower(addresses)
        found = {}
        for group in in_filters(list(given.values())):
            params = {"filter": f"any({ADDRESS[channel]},{quoted(group)})", **WITH_SUBSCRIPTIONS}
            for profile in pages(self._http, "/api/profiles", params):
                address = given.get(address_of(profile, channel).lower())
                if address is not None:
                    found[address] = subscription_of(profile, channel)
        return found

    def of_profiles(self, profile_ids: Iterable[str], channel: Channel) -> dict[str, Subscription]:
        """The subscriptions of profiles by the address that each has on a channel; those that have none are absent."""
        found = {}
        for group in in_filters(list(dict.fromkeys(profile_ids))):
            params = {"filter": f"any(id,{quoted(group)})", **WITH_SUBSCRIPTIONS}
            for profile in pages(self._http, "/api/profiles", params):
                if address := address_of(profile, channel):
                    found[address] = subscription_of(profile, channel)
        return found

    def members(self, list_id: str, emails: Sequence[str]) -> frozenset[str]:
        """Which of these email addresses are in a list, as they were given."""
        path = f"/api/lists/{list_id}/profiles"
        given = _by_lower(emails)
        return frozenset(
            given[address.lower()]
            for group in in_filters(list(given.values()))
            for profile in pages(self._http, path, {"filter": f"any(email,{quoted(group)})", "page[size]": "100"})
            if (address := address_of(profile, "email")).lower() in given
        )


def subscription_of(profile: Mapping[str, Any], channel: Channel) -> Subscription:
    """What a profile resource says of one channel; the profile was read with its subscriptions."""
    attributes = profile.get("attributes") or {}
    channels = attributes.get("subscriptions") or {}
    shown = (channels.get(channel) or {}).get("marketing") or {}
    double = shown.get("double_optin")
    return Subscription(
        profile_id=str(profile["id"]),
        consent=str(shown.get("consent") or ""),
        consented_at=moment_of(shown.get("consent_timestamp")),
        last_updated=moment_of(shown.get("last_updated")),
        method=str(shown.get("method") or ""),
        method_detail=str(shown.get("method_detail") or ""),
        double_optin=double if isinstance(double, bool) else None,
        suppressions=tuple((str(one["reason"]), moment_of(one.get("timestamp"))) for one in _listed(shown, "")),
        list_suppressions=tuple(
            (str(one["list_id"]), str(one["reason"]), moment_of(one.get("timestamp")))
            for one in _listed(shown, "list_")
        ),
        can_receive=shown.get(f"can_receive_{channel}_marketing") is True,
        is_held=channel == "sms" and (attributes.get("properties") or {}).get(SMS_HOLD) is True,
    )


def address_of(profile: Mapping[str, Any], channel: Channel) -> str:
    """A profile's address on a channel, as Klaviyo keeps it; empty where it has none."""
    return str((profile.get("attributes") or {}).get(ADDRESS[channel]) or "")


def _listed(shown: Mapping[str, Any], kind: str) -> Iterable[Mapping[str, Any]]:
    """Suppressions of one kind, but for what does not look like one."""
    found = shown.get("suppression" if not kind else "list_suppressions") or []
    needed = {"reason", "list_id"} if kind else {"reason"}
    return (one for one in found if isinstance(one, dict) and needed <= one.keys())


def _by_lower(addresses: Iterable[str]) -> dict[str, str]:
    """Addresses by their lower case, in which Klaviyo keeps emails."""
    return {address.lower(): address for address in addresses}
