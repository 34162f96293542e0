"""What a Shopify body says of consent: the two consent topics, customers of old API versions, boxes at the checkout.

``subscribed`` and ``unsubscribed`` are acts, dated by ``consent_updated_at``; ``not_subscribed``, ``pending``
(a confirmation was sent), ``invalid`` and ``redacted`` are none. An opt-in whose level does not say that a person
opted in is weak: imports and staff leave such. No state is no information, an unknown one is held for a person. A
customer's own body only mirrors a state, so it never proves an opt-in; an opt-out it does
(shopify.dev, CustomerEmailMarketingState).
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from commerce_sync.contracts.consent import Action, Channel, ConsentStatement, Trust
from commerce_sync.contracts.shopify_opt_ins import was_opted_in
from commerce_sync.intake.assembly import statement_of
from commerce_sync.intake.consents import Said, body_of, evidence_of, moment_in, moment_part
from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.fields import escape, event_id
from commerce_sync.intake.people import Place, address_in, id_in, people_in, place_in
from commerce_sync.intake.rejections import RejectedError, refuse
from commerce_sync.intake.shopify.arrival import said_at

_STATES: Final[Mapping[str, Said]] = MappingProxyType(
    {
        "subscribed": ("grant", "strong_in"),
        "unsubscribed": ("withdraw", "pref_out"),
        "not_subscribed": ("info", "info"),
        "pending": ("info", "info"),
        "redacted": ("info", "info"),
        "invalid": ("info", "info"),
    }
)
_UNKNOWN: Final[Said] = ("hold", "info")
_FIELDS: Final[tuple[tuple[Channel, str, str], ...]] = (
    ("email", "email_marketing_consent", "email"),
    ("sms", "sms_marketing_consent", "phone"),
)


def email_changed(delivery: Delivery) -> Translation:
    """customers_email_marketing_consent/update."""
    return _changed(delivery, "email", "customer_id", "email_address", "email_marketing_consent")


def sms_changed(delivery: Delivery) -> Translation:
    """customers_marketing_consent/update, whose ``id`` is the customer's."""
    return _changed(delivery, "sms", "id", "phone", "sms_marketing_consent")


def _changed(delivery: Delivery, channel: Channel, who: str, where: str, what: str) -> Translation:
    body = body_of(delivery)
    consent, address = place_in(body.get(what)), address_in(body.get(where))
    state = address_in(consent.get("state"))
    if state is None:
        raise refuse("consent_says_nothing", f"{what}.state", "a state")
    action, strength = _STATES.get(state.lower(), _UNKNOWN)
    if address is None:
        raise refuse(
            "opt_in_without_address" if action in {"grant", "info"} else "address_not_usable", where, "an address"
        )
    collected = address_in(consent.get("consent_collected_from")) or ""
    is_elsewhere = channel == "sms" and collected.lower() != "shopify"
    is_proven = was_opted_in(address_in(consent.get("opt_in_level")) or "") and not is_elsewhere
    is_weak = action == "grant" and not is_proven
    if is_weak:
        strength = "weak_in"
    at, trust = _occurred(delivery, consent, action)
    statement = ConsentStatement(
        statement_id=_id(f"customers_{what}", id_in(body.get(who)), at, state),
        channel=channel,
        address=address,
        action=action,
        strength=strength,
        occurred_at=at,
        occurred_trust=trust,
        actor="system" if is_weak else "subject",
        method="import" if is_weak else "checkout",
        form=checkout_form(delivery),
        country=delivery.store.country if channel == "email" else None,
        regions=(delivery.store.country,),
        evidence=_evidence(consent, state),
    )
    return Translation(consent=(statement,), people=people_in(delivery.topic, delivery.body))


def of_customer(delivery: Delivery) -> tuple[ConsentStatement, ...]:
    """What a customer's body mirrors, where it carries consent at all (until 2024-10)."""
    body = body_of(delivery)
    found = [_mirrored(delivery, body, *names) for names in _FIELDS]
    if not place_in(body.get("email_marketing_consent")):
        found.append(_accepting(delivery, body))
    return tuple(filter(None, found))


def _mirrored(delivery: Delivery, body: Place, channel: Channel, what: str, where: str) -> ConsentStatement | None:
    consent, address = place_in(body.get(what)), address_in(body.get(where))
    state = address_in(consent.get("state"))
    action, strength = _STATES.get(state.lower(), _UNKNOWN) if state else ("info", "info")
    if state is None or address is None or action == "info":
        return None
    at, trust = _occurred(delivery, consent, action)
    return ConsentStatement(
        statement_id=_id(what, id_in(body.get("id")), at, state),
        channel=channel,
        address=address,
        action=action,
        strength="weak_in" if action == "grant" else strength,
        occurred_at=at,
        occurred_trust=trust,
        actor="system" if action == "grant" else "subject",
        method="profile_state",
        country=delivery.store.country if channel == "email" else None,
        regions=(delivery.store.country,),
        evidence=_evidence(consent, state),
    )


def _accepting(delivery: Delivery, body: Place) -> ConsentStatement | None:
    """``accepts_marketing`` of still older bodies: true mirrors an opt-in, false is the default and says nothing."""
    address = address_in(body.get("email"))
    if body.get("accepts_marketing") is not True or address is None:
        return None
    at = moment_in(body.get("accepts_marketing_updated_at"))
    return ConsentStatement(
        statement_id=_id("accepts_marketing", id_in(body.get("id")), at, "true"),
        channel="email",
        address=address,
        action="grant",
        strength="weak_in",
        occurred_at=at,
        actor="system",
        method="profile_state",
        country=delivery.store.country,
    )


def at_checkout(  # noqa: PLR0917 # a tick has an address, a time and a place
    delivery: Delivery, subject: str, channel: Channel, address: object, at: datetime, country: str | None
) -> ConsentStatement | None:
    """A ticked box, if there is an address: every body of one order or checkout states the same.

    :param subject: ``order:<id>`` or ``checkout:<token>``.
    """
    said = address_in(address)
    if said is None:
        return None
    shop = delivery.store.country
    home = country or shop
    return statement_of(
        {
            "statement_id": f"buyer_accepts_marketing:{escape(subject)}:{channel}",
            "channel": channel,
            "address": said,
            "action": "grant",
            "strength": "strong_in",
            "occurred_at": at,
            "method": "checkout",
            "form": checkout_form(delivery),
            "country": home if channel == "email" else None,
            "regions": (home,) if home == shop else (home, shop),
            "evidence": {},
        }
    )


def checkout_form(delivery: Delivery) -> str:
    """The checkout's boxes, as notices.toml names them."""
    return f"{delivery.source}:{delivery.store.id}:checkout"


def _occurred(delivery: Delivery, consent: Place, action: Action) -> tuple[datetime | None, Trust]:
    """When, and how that is known. An undated opt-out is dated by its delivery, so that the next one is another."""
    at = moment_in(consent.get("consent_updated_at"))
    if at or action in {"grant", "info"}:
        return at, "vendor"
    try:
        return said_at(delivery), "derived"
    except RejectedError:
        return None, "untrusted"


def _id(what: str, customer: str | None, at: datetime | None, state: str) -> str:
    return event_id(what, customer or "", moment_part(at), state.lower())


def _evidence(consent: Place, state: str) -> dict[str, str]:
    said = {name: address_in(consent.get(name)) for name in ("opt_in_level", "consent_collected_from")}
    return evidence_of(state=state, **said)
