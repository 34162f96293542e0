"""One event of Klaviyo's, as far as it is about consent.

Topics are ``event:klaviyo.`` and the metric's name in small letters. The words of a name decide, so that older names
(``unsubscribed``) and newer ones are read alike. An opt-in is as strong as its own method proves: by itself weak.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from commerce_sync.contracts.consent import Channel, ConsentStatement, Strength
from commerce_sync.intake.consents import EVERY_PURPOSE, Said, evidence_of, moment_in, moment_part, seconds_in
from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.fields import event_id
from commerce_sync.intake.people import Place, address_in, id_in, place_in
from commerce_sync.intake.rejections import refuse

PREFIX: Final = "event:klaviyo."
ACCOUNT: Final = "account"
_SAID: Final[Mapping[str, Said]] = MappingProxyType(
    {
        "marked_email_as_spam": ("withdraw", "hard_out"),
        "unsubscribed": ("withdraw", "pref_out"),
        "manually_suppressed": ("hold", "info"),
        "manually_unsuppressed": ("info", "info"),
        "subscribed": ("grant", "weak_in"),
        "consented": ("grant", "weak_in"),
        "bounced_email": ("info", "info"),
        "updated_email_preferences": ("info", "info"),
    }
)
"""By how a topic begins."""
_FIRST_PARTY: Final = ("form", "page", "checkout")


def told(delivery: Delivery, event: Place) -> Translation:
    """What an event says of consent.

    :raises RejectedError: it is about something else, or names nobody by an address.
    """
    topic = (address_in(event.get("topic")) or "").lower()
    said = _said(topic)
    if said is None:
        known = topic.startswith(PREFIX)
        raise refuse("topic_not_used" if known else "unknown_topic", "topic", "a topic about consent")
    payload = place_in(event.get("payload"))
    data = place_in(payload.get("data"))
    channel: Channel = "sms" if "sms" in topic else "email"
    address = _address(payload, channel)
    if address is None:
        raise refuse("profile_without_address", "payload", "an address")
    return Translation(consent=(_statement(delivery, event, data, payload, channel, address, topic, said),))


def _said(topic: str) -> Said | None:
    name = topic.removeprefix(PREFIX)
    return next((said for words, said in _SAID.items() if name.startswith(words)), None)


def _statement(  # noqa: PLR0917 # an event has as many parts as it has
    delivery: Delivery,
    event: Place,
    data: Place,
    payload: Place,
    channel: Channel,
    address: str,
    topic: str,
    said: Said,
) -> ConsentStatement:
    attributes = place_in(data.get("attributes"))
    at = moment_in(attributes.get("datetime")) or seconds_in(attributes.get("timestamp"))
    action, strength = said
    properties = place_in(attributes.get("event_properties"))
    method = address_in(properties.get("method"))
    marketing = _marketing(payload, channel)
    if action == "grant":
        strength = _proven(marketing, method)
    if action == "withdraw" and channel == "sms":
        strength = "hard_out"
    act = address_in(event.get("external_id")) or id_in(data.get("id")) or moment_part(at)
    listed = address_in(properties.get("list_id")) if "_list" in topic else None
    return ConsentStatement(
        statement_id=event_id("event", act),
        channel=channel,
        address=address,
        action=action,
        strength=strength,
        occurred_at=at,
        actor="staff" if action == "hold" else "subject",
        method=_method(action, topic, strength),
        purpose=EVERY_PURPOSE if strength == "hard_out" or action == "hold" else None,
        subscription=None if strength == "hard_out" or action == "hold" else listed or ACCOUNT,
        regions=(delivery.store.country,),
        evidence=evidence_of(
            topic=topic.removeprefix(PREFIX),
            klaviyo_method=method or address_in(marketing.get("method")),
            bounce=address_in(properties.get("Bounce Type")),
        ),
    )


def _proven(marketing: Place, method: str | None) -> Strength:
    """The class of an opt-in by its method: confirmed or by keyword is verified, a form is strong, the rest is weak."""
    how = (method or address_in(marketing.get("method")) or "").lower()
    if marketing.get("double_optin") is True or "keyword" in how:
        return "verified_in"
    return "strong_in" if any(word in how for word in _FIRST_PARTY) else "weak_in"


def _method(action: str, topic: str, strength: Strength) -> str:
    if "bounced" in topic:
        return "bounce"
    if action == "hold" or "suppressed" in topic:
        return "suppression"
    if action == "grant":
        return {"verified_in": "keyword", "strong_in": "form"}.get(strength, "api")
    return "preference_page"


def _address(payload: Place, channel: Channel) -> str | None:
    """The address in the event's own properties, else in the profile that travels along."""
    name = "email_address" if channel == "email" else "phone_number"
    properties = place_in(place_in(place_in(payload.get("data")).get("attributes")).get("event_properties"))
    if said := address_in(properties.get(name)):
        return said
    names = ("email",) if channel == "email" else ("phone_number",)
    return next((said for one in _profiles(payload) for of in names if (said := address_in(one.get(of)))), None)


def _marketing(payload: Place, channel: Channel) -> Place:
    """The profile's own consent on a channel, where it travels along."""
    for one in _profiles(payload):
        if marketing := place_in(place_in(place_in(one.get("subscriptions")).get(channel)).get("marketing")):
            return marketing
    return {}


def _profiles(payload: Place) -> Iterator[Place]:
    """The attributes of the event's own profile. One that travels along and is another's is nobody's here."""
    relationships = place_in(place_in(payload.get("data")).get("relationships"))
    profile = id_in(place_in(place_in(relationships.get("profile")).get("data")).get("id"))
    included = payload.get("included")
    for one in included if isinstance(included, list) else ():
        if place_in(one).get("type") == "profile" and profile in {None, id_in(place_in(one).get("id"))}:
            yield place_in(place_in(one).get("attributes"))
