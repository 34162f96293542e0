"""Choices: what a person chose at a preference page, and what staff write down for one."""

from datetime import datetime
from typing import Final, cast

from commerce_sync.contracts.consent import Action, Channel, ConsentStatement, Strength
from commerce_sync.intake.consents import (
    EVERY_PURPOSE,
    ONE_EACH,
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
from commerce_sync.intake.people import Place, address_in
from commerce_sync.intake.rejections import refuse

EVERY_SENDER: Final = "*"
_CHOICES: Final[dict[str, Action]] = {"subscribe": "grant", "unsubscribe": "withdraw"}


def preference(delivery: Delivery) -> Translation:
    """A choice at a form. An opt-out without a channel holds for every address that it names."""
    body = body_of(delivery)
    action = _action(body)
    channel = _channel(body)
    if action == "grant" and channel is None:
        raise refuse("wrong_type", "channel", "email or sms")
    country, form = address_in(body.get("country")), address_in(body.get("form"))
    verified = address_in(body.get("verification")) == "double_opt_in"
    grant: Strength = "verified_in" if verified else "strong_in"
    base = ConsentStatement(
        statement_id=ONE_EACH,
        channel="email",
        address="",
        action=action,
        strength={"grant": grant, "withdraw": "pref_out"}.get(action, "info"),
        occurred_at=moment_in(body.get("occurred_at")),
        method="preference_page",
        purpose=address_in(body.get("purpose")) or (None if action == "grant" else EVERY_PURPOSE),
        sender=address_in(body.get("sender")),
        form=form_of(delivery, form) if form else None,
        notice_sha256=address_in(body.get("notice_sha256")),
        country=country,
        regions=_regions(delivery, country),
        evidence=evidence_of(choice=address_in(body.get("choice")), language=address_in(body.get("language"))),
    )
    return _stated(delivery, body, channel, base)


def by_staff(delivery: Delivery) -> Translation:
    """What staff write down: revocations on a person's request. A tick to subscribe proves nothing."""
    body = body_of(delivery)
    action = _action(body)
    out: Strength = "hard_out" if body.get("legal") is True else "pref_out"
    is_grant = action == "grant"
    base = ConsentStatement(
        statement_id=ONE_EACH,
        channel="email",
        address="",
        action=action,
        strength={"grant": "weak_in", "withdraw": out}.get(action, "info"),
        occurred_at=moment_in(body.get("occurred_at")),
        actor="staff",
        method="staff",
        purpose=address_in(body.get("purpose")) or (None if is_grant else EVERY_PURPOSE),
        sender=address_in(body.get("sender")) or (None if is_grant else EVERY_SENDER),
        regions=_regions(delivery, None),
        evidence=evidence_of(
            choice=address_in(body.get("choice")),
            reason=text_in(body.get("reason"), 1000),
            staff_id=address_in(body.get("staff_id")),
            legal="true" if body.get("legal") is True else None,
        ),
    )
    return _stated(delivery, body, None, base)


def _stated(delivery: Delivery, body: Place, channel: Channel | None, base: ConsentStatement) -> Translation:
    """The statement of each address.

    Its id holds all that makes the act: a sender that uses one id twice, for an opt-in and for an opt-out, is heard
    both times, and an undated opt-out is dated by its arrival.
    """
    found = require_addresses(body, channel, is_opt_in=base.action == "grant")
    when = moment_part(base.occurred_at, _arrival(delivery, base.action))
    act = own_id(delivery, body.get("id"))
    return Translation(
        consent=tuple(
            base.model_copy(
                update={
                    "statement_id": event_id(delivery.source, act, of, base.action, base.purpose or "", when),
                    "channel": of,
                    "address": address,
                }
            )
            for of, address in found
        )
    )


def _arrival(delivery: Delivery, action: Action) -> datetime | None:
    return None if action == "grant" else received(delivery)


def _action(body: Place) -> Action:
    """What was chosen; a choice that is not known is held for a person."""
    return _CHOICES.get((address_in(body.get("choice")) or "").lower(), "hold")


def _channel(body: Place) -> Channel | None:
    said = (address_in(body.get("channel")) or "").lower()
    return cast("Channel", said) if said in {"email", "sms"} else None


def _regions(delivery: Delivery, country: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (country, delivery.store.country))))
