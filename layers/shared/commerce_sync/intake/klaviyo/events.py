"""One event of Klaviyo's, as far as it is about consent.

Topics are ``event:klaviyo.`` and the metric's name in small letters. The words of a name decide, so that older names
(``unsubscribed``) and newer ones are read alike. An opt-in is as strong as its own method proves: by itself weak.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Final

import msgspec

from commerce_sync.contracts.consent import Action, Actor, Channel, ConsentStatement, Strength
from commerce_sync.contracts.klaviyo_methods import method_of, strength_of, suppresses
from commerce_sync.intake.consents import EVERY_PURPOSE, Said, evidence_of, moment_in, seconds_in
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
_ENCODER: Final = msgspec.json.Encoder(enc_hook=str)


def told(delivery: Delivery, event: Place) -> Translation:
    """What an event says of consent.

    :raises RejectedError: it is about something else, or names nobody by an address.
    """
    topic = (address_in(event.get("topic")) or "").lower()
    said = _said(topic)
    if said is None:
        known = topic.startswith(PREFIX)
        raise refuse("topic_not_used" if known else "unknown_topic", "topic", "a topic about consent")
    channel: Channel = "sms" if "sms" in topic else "email"
    address = _address(place_in(event.get("payload")), channel)
    if address is None:
        raise refuse("profile_without_address", "payload", "an address")
    return Translation(consent=(_statement(delivery, event, channel, address, topic, said),))


def _said(topic: str) -> Said | None:
    name = topic.removeprefix(PREFIX)
    return next((said for words, said in _SAID.items() if name.startswith(words)), None)


def _statement(  # noqa: PLR0917 # an event has as many parts as it has
    delivery: Delivery, event: Place, channel: Channel, address: str, topic: str, said: Said
) -> ConsentStatement:
    payload = place_in(event.get("payload"))
    attributes = place_in(place_in(payload.get("data")).get("attributes"))
    properties, marketing = place_in(attributes.get("event_properties")), _marketing(payload, channel)
    how = address_in(properties.get("method")) or address_in(marketing.get("method")) or ""
    action, strength = said
    at = moment_in(attributes.get("datetime")) or seconds_in(attributes.get("timestamp"))
    if action == "grant":
        strength = strength_of(
            how,
            is_dated=at is not None,
            is_confirmed=marketing.get("double_optin") is True,
            is_suppressed=suppresses(_suppressions(marketing)),
        )
    elif action == "withdraw" and channel == "sms":
        strength = "hard_out"
    concerns_all = strength == "hard_out" or action == "hold"
    return ConsentStatement(
        statement_id=event_id("event", _act(event)),
        channel=channel,
        address=address,
        action=action,
        strength=strength,
        occurred_at=at,
        actor=_actor(action, strength),
        method=_method(action, topic, how),
        purpose=EVERY_PURPOSE if concerns_all else None,
        subscription=None if concerns_all else _list(topic, properties),
        regions=(delivery.store.country,),
        evidence=evidence_of(
            topic=topic.removeprefix(PREFIX),
            klaviyo_method=how,
            bounce=address_in(properties.get("Bounce Type")),
        ),
    )


def _act(event: Place) -> str:
    """The event's own id; of one that has none, one made from all that it says."""
    data = place_in(place_in(event.get("payload")).get("data"))
    known = address_in(event.get("external_id")) or id_in(data.get("id"))
    return known or sha256(_ENCODER.encode(event)).hexdigest()[:32]


def _list(topic: str, properties: Place) -> str:
    """The list that it is about by its id, else by its name; the account's own consent where it is about no list."""
    if "_list" not in topic:
        return ACCOUNT
    return next((said for name in ("list_id", "List") if (said := address_in(properties.get(name)))), "list")


def _actor(action: Action, strength: Strength) -> Actor:
    if action == "hold":
        return "staff"
    return "system" if action == "info" or strength == "weak_in" else "subject"


def _method(action: Action, topic: str, how: str) -> str:
    if "bounced" in topic:
        return "bounce"
    if action == "hold" or "suppressed" in topic:
        return "suppression"
    if action != "grant":
        return "preference_page"
    return method_of(how)


def _address(payload: Place, channel: Channel) -> str | None:
    """The address in the event's own properties, else in the profile that travels along."""
    name, of = ("email_address", "email") if channel == "email" else ("phone_number", "phone_number")
    properties = place_in(place_in(place_in(payload.get("data")).get("attributes")).get("event_properties"))
    if said := address_in(properties.get(name)):
        return said
    return next((said for one in _profiles(payload) if (said := address_in(one.get(of)))), None)


def _marketing(payload: Place, channel: Channel) -> Place:
    """The profile's own consent on a channel, where it travels along."""
    for one in _profiles(payload):
        if marketing := place_in(place_in(place_in(one.get("subscriptions")).get(channel)).get("marketing")):
            return marketing
    return {}


def _suppressions(marketing: Place) -> Iterator[str]:
    """The reasons for which Klaviyo does not write to the profile, whatever it consented to."""
    suppressions = marketing.get("suppression")
    for one in suppressions if isinstance(suppressions, list) else ():
        yield address_in(place_in(one).get("reason")) or ""


def _profiles(payload: Place) -> Iterator[Place]:
    """The attributes of the event's own profile. One that travels along and is another's is nobody's here."""
    relationships = place_in(place_in(payload.get("data")).get("relationships"))
    profile = id_in(place_in(place_in(relationships.get("profile")).get("data")).get("id"))
    included = payload.get("included")
    for one in included if isinstance(included, list) else ():
        if place_in(one).get("type") == "profile" and profile in {None, id_in(place_in(one).get("id"))}:
            yield place_in(place_in(one).get("attributes"))
