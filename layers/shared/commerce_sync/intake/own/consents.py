"""Consent in the own system's words: ``consent.granted``, ``consent.withdrawn``, ``consent.updated``, ticked boxes.

What is accepted is ours to say (docs/consent.md). A grant is as strong as its ``method`` and its ``verification``
prove; a withdrawal is one whatever else the event says, and a state that is not known is held for a person.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final, cast

from commerce_sync.contracts.consent import Actor, Channel, ConsentStatement, Strength
from commerce_sync.intake.consents import (
    EVERY_PURPOSE,
    ONE_EACH,
    Said,
    body_of,
    evidence_of,
    form_of,
    moment_in,
    moment_part,
    own_id,
    received,
    require_addresses,
    text_in,
)
from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.fields import event_id
from commerce_sync.intake.own.shapes import Data
from commerce_sync.intake.people import Place, address_in, place_in
from commerce_sync.intake.rejections import refuse

PROVEN: Final = frozenset({"form", "checkout", "preference_page", "paid_lead", "co_registration", "shared"})
"""Methods by which a person acts. By any other an opt-in is weak: imports, APIs, staff, and what is not known."""
_HARD: Final = frozenset({"complaint", "erasure", "legal"})
_STATES: Final[Mapping[str, Said]] = MappingProxyType(
    {"granted": ("grant", "strong_in"), "withdrawn": ("withdraw", "pref_out")}
)
_ACTORS: Final = frozenset({"subject", "staff", "system"})


def is_consent(kind: str) -> bool:
    """Whether an event's type is about consent."""
    return kind.startswith("consent.")


def told(delivery: Delivery, kind: str) -> Translation:
    """One CloudEvent about consent.

    :raises RejectedError: the body is no object, or names nobody.
    """
    event = body_of(delivery)
    data = place_in(event.get("data"))
    state = kind.removeprefix("consent.")
    said = (address_in(data.get("state")) or "").lower() if state == "updated" else state
    action, strength = _STATES.get(said, ("hold", "info"))
    channel = _channel(data)
    if action == "grant" and channel is None:
        raise refuse("wrong_type", "data.channel", "email or sms")
    found = require_addresses(_with_address(data, channel), channel, is_opt_in=action == "grant")
    at = moment_in(data.get("occurred_at")) or moment_in(event.get("time"))
    one = ConsentStatement(
        statement_id=ONE_EACH,
        channel="email",
        address="",
        action=action,
        strength=strength,
        occurred_at=at,
        actor=_actor(data),
        method=(address_in(data.get("method")) or "").lower(),
        purpose=address_in(data.get("purpose")) or (None if action == "grant" else EVERY_PURPOSE),
        sender=address_in(data.get("sender")),
        form=form_of(delivery, form) if (form := address_in(data.get("form"))) else None,
        notice_sha256=address_in(data.get("notice_sha256")),
        country=address_in(data.get("country")),
        regions=_regions(delivery, address_in(data.get("country"))),
        evidence=evidence_of(
            state=said, language=address_in(data.get("language")), reason=text_in(data.get("reason"), 1000)
        ),
    )
    act = own_id(delivery, event.get("id"))
    when = moment_part(at, received(delivery) if action != "grant" else None)
    return Translation(
        consent=tuple(
            one.model_copy(
                update={
                    "statement_id": event_id("consent", act, channel, said, when),
                    "channel": channel,
                    "address": address,
                    "strength": _strength(one, channel, address_in(data.get("verification"))),
                }
            )
            for channel, address in found
        )
    )


def with_boxes(translation: Translation, delivery: Delivery, data: Data) -> Translation:
    """The translation of an order or a checkout, with the boxes that were ticked at it."""
    facts = next((one for one in translation.events if one.name in {"placed_order", "started_checkout"}), None)
    if facts is None or facts.person is None:
        return translation
    subject = f"order:{facts.order_id}" if facts.order_id else f"checkout:{facts.properties['checkout_token']}"
    boxes: list[tuple[object, Channel, str | None]] = [
        (data.accepts_marketing, "email", facts.person.email),
        (data.accepts_sms, "sms", facts.person.phone),
    ]
    ticked = (
        _ticked(delivery, subject, channel, address, facts.occurred_at, facts.person.country)
        for is_ticked, channel, address in boxes
        if is_ticked is True and address
    )
    return translation._replace(consent=tuple(ticked))


def _ticked(  # noqa: PLR0917 # a tick has an address, a time and a place
    delivery: Delivery, subject: str, channel: Channel, address: str, at: datetime, country: str | None
) -> ConsentStatement:
    return ConsentStatement(
        statement_id=event_id("accepts", subject, channel),
        channel=channel,
        address=address,
        action="grant",
        strength="strong_in",
        occurred_at=at,
        method="checkout",
        form=form_of(delivery, "checkout"),
        country=(country or delivery.store.country) if channel == "email" else None,
        regions=_regions(delivery, country),
    )


def _channel(data: Place) -> Channel | None:
    """The channel that is named; without a name the one whose address is there alone."""
    said = (address_in(data.get("channel")) or "").lower()
    if said in {"email", "sms"}:
        return cast("Channel", said)
    named = {"email": address_in(data.get("email")), "sms": address_in(data.get("phone"))}
    alone = [channel for channel, address in named.items() if address]
    return cast("Channel", alone[0]) if len(alone) == 1 and not said else None


def _with_address(data: Place, channel: Channel | None) -> Place:
    """With ``address`` as what it is on its channel; on none that is known, as what it looks like."""
    address = address_in(data.get("address"))
    if address is None:
        return data
    is_email = channel == "email" or (channel is None and "@" in address)
    return {**data, ("email" if is_email else "phone"): address}


def _actor(data: Place) -> Actor:
    said = (address_in(data.get("actor")) or "subject").lower()
    return cast("Actor", said if said in _ACTORS else "subject")


def _strength(statement: ConsentStatement, channel: str, verification: str | None) -> Strength:
    if statement.action == "withdraw":
        is_stop = channel == "sms" and statement.method == "keyword"
        return "hard_out" if is_stop or statement.method in _HARD else "pref_out"
    if statement.action != "grant":
        return "info"
    verified = {"double_opt_in"} | ({"handset"} if channel == "sms" else set())
    if statement.actor != "subject" or statement.method not in PROVEN | {"keyword"}:
        return "weak_in"
    if (verification or "").lower() in verified:
        return "verified_in"
    return "weak_in" if statement.method == "keyword" else "strong_in"


def _regions(delivery: Delivery, country: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (country, delivery.store.country))))
