"""Consent jobs as they were sent: read and checked whole, so that one bad profile refuses them all."""

from dataclasses import dataclass
from datetime import datetime

import phonenumbers

from local.sandboxes.klaviyo.consent import Wish
from local.sandboxes.klaviyo.documents import Node, document, need, within
from local.sandboxes.klaviyo.errors import invalid
from local.sandboxes.klaviyo.given import Given, checked, identified
from local.sandboxes.klaviyo.records import Purpose
from local.sandboxes.klaviyo.state import KlaviyoState

TRACKING = frozenset({"open_tracking", "click_tracking"})
SUBSCRIBE = {
    "email": ("marketing", "open_tracking", "click_tracking"),
    "sms": ("marketing", "transactional"),
    "whatsapp": ("marketing", "transactional"),
    "push": ("marketing", "tokens", "anonymous_id"),
}
UNSUBSCRIBE = SUBSCRIBE | {"whatsapp": ("marketing", "transactional", "conversational")}
ADDRESSES = {"email": "email", "sms": "phone_number", "whatsapp": "phone_number"}


@dataclass(frozen=True)
class Terms:
    """What a kind of job allows."""

    kind: str
    consent: str
    most: int
    channels: dict[str, tuple[str, ...]]
    members: tuple[str, ...]
    attributes: tuple[str, ...]
    extras: tuple[str, ...] = ()


GRANT = Terms(
    "profile-subscription-bulk-create-job",
    "SUBSCRIBED",
    1000,
    SUBSCRIBE,
    ("id", "attributes"),
    ("email", "phone_number", "subscriptions", "age_gated_date_of_birth"),
    ("custom_source", "historical_import"),
)
WITHDRAW = Terms(
    "profile-subscription-bulk-delete-job",
    "UNSUBSCRIBED",
    100,
    UNSUBSCRIBE,
    ("attributes",),
    ("email", "phone_number", "subscriptions"),
)


class Wishes:
    """Reads the request's wishes; what is allowed depends on the account."""

    def __init__(self, state: KlaviyoState) -> None:
        self._state = state

    def read(self, terms: Terms) -> list[Wish]:
        """All of the job's wishes; one bad profile refuses the whole request."""
        node = document()
        members = node.resource(terms.kind, ("attributes", "relationships"))
        attributes = need(members, "attributes", node)
        fields = attributes.members(("profiles", *terms.extras), terms.kind)
        profiles = need(fields, "profiles", attributes).data(terms.kind)
        historical = "historical_import" in fields and fields["historical_import"].boolean()
        source = fields["custom_source"].text() if "custom_source" in fields else ""
        list_id = self._list_id(members.get("relationships"), terms.kind)
        people_given = within(profiles, terms.most, "profiles")
        return [self._wish(profile, terms, list_id, source, historical=historical) for profile in people_given]

    def _list_id(self, node: Node | None, kind: str) -> str | None:
        relation = node.members({"list"}, kind).get("list") if node else None
        if relation is None:
            return None
        identifier = need(relation.data(kind).resource("list", ("id",)), "id", relation)
        return self._state.mailing_list(identifier.text()).id

    def _wish(self, node: Node, terms: Terms, list_id: str | None, source: str, *, historical: bool) -> Wish:
        resource = node.resource("profile", terms.members)
        attributes = need(resource, "attributes", node)
        members = attributes.members(terms.attributes, "profile")
        values = {name: checked(name, members[name]) for name in ADDRESSES.values() if name in members}
        identifier = self._state.profile(resource["id"].text()).id if "id" in resource else None
        given = identified(Given(identifier, values, pointer=attributes.pointer))
        purposes: dict[Purpose, datetime | None] = {}
        channels = need(members, "subscriptions", attributes)
        for channel, wanted in channels.members(terms.channels, "profile").items():
            self._check_address(channel, given, wanted.pointer)
            purposes |= self._purposes(channel, wanted, terms, historical=historical)
        if not purposes:
            invalid("'subscriptions' must name at least one channel.", channels.pointer)
        return Wish(given, purposes, list_id, historical, source)

    def _check_address(self, channel: str, given: Given, pointer: str) -> None:
        name = ADDRESSES.get(channel)
        if name is None:
            return
        known = self._state.profiles[given.id].identifier(name) if given.id else None
        address = given.attributes.get(name) or known
        if not address:
            invalid(f"'{name}' must not be empty when the {channel} channel is included in 'subscriptions'.", pointer)
        if channel == "sms" and _region(address) not in self._state.settings.sms_regions:
            invalid(f"The account has no sending number for the region of {address}.", pointer)

    def _purposes(self, channel: str, node: Node, terms: Terms, *, historical: bool) -> dict[Purpose, datetime | None]:
        members = node.members(terms.channels[channel], "profile")
        if channel == "push":
            within(need(members, "tokens", node), 1000, "tokens")
        purposes: dict[Purpose, datetime | None] = {}
        for purpose in [name for name in members if name not in {"tokens", "anonymous_id"}]:
            dated = terms is GRANT and purpose not in TRACKING
            allowed = ("consent", "consented_at") if dated else ("consent",)
            parameters = members[purpose].members(allowed, "profile")
            need(parameters, "consent", members[purpose]).one_of((terms.consent,))
            past = self._consented_at(members[purpose], parameters, historical=historical) if dated else None
            purposes[(channel, purpose)] = past
        return purposes

    def _consented_at(self, node: Node, parameters: dict[str, Node], *, historical: bool) -> datetime | None:
        if not historical:
            if "consented_at" in parameters:
                invalid("'consented_at' is only allowed when 'historical_import' is true.", node.pointer)
            return None
        consented_at = need(parameters, "consented_at", node).moment()
        if consented_at >= self._state.clock.moment():
            invalid("'consented_at' must be in the past when 'historical_import' is true.", node.pointer)
        return consented_at


def _region(phone: str) -> str | None:
    number = phonenumbers.parse(phone)
    found: str | None = phonenumbers.region_code_for_number(number)
    return found or phonenumbers.region_code_for_country_code(number.country_code or 0)
