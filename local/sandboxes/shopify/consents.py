"""What a change of consent does: the newest time wins, and whoever listens hears of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from local.sandboxes.shopify.customers import Channel, Consent, Customer, moment

if TYPE_CHECKING:
    from local.sandboxes.shopify.state import ShopifyState

TOPICS: Mapping[Channel, str] = {
    "email": "customers_email_marketing_consent/update",
    "sms": "customers_marketing_consent/update",
}


def apply(state: "ShopifyState", customer: Customer, channel: Channel, consent: Consent) -> bool:
    """Show a consent unless a newer one stands there; says whether anything changed, and tells whoever listens."""
    before = customer.consent(channel)
    is_stale = state.settings.newest_consent_wins and before.at and consent.at and consent.at < before.at
    changed = not is_stale and before != consent
    if changed:
        customer.consents[channel] = consent
        customer.updated = state.clock.moment()
    if changed or state.settings.echo_unchanged:
        state.echo(TOPICS[channel], _body(state, customer, channel))
    return changed


def act_as_people(state: "ShopifyState", acts: list[Mapping[str, Any]]) -> None:
    """The control ``customer_consents``: people change their consent in the shop.

    Each is ``{"email" or "phone" or "customer_id", "channel", "state", "at", "opt_in_level"}``; without a time it is
    now.
    """
    for act in acts:
        channel: Channel = "sms" if act.get("channel", "email") == "sms" else "email"
        customer = _named(state, act)
        before = customer.consent(channel)
        at = moment(act.get("at")) or state.clock.moment().replace(microsecond=0)
        level = act.get("opt_in_level") or before.level or "single_opt_in"
        apply(state, customer, channel, Consent(str(act["state"]), level, at))


def _named(state: "ShopifyState", act: Mapping[str, Any]) -> Customer:
    if "customer_id" in act:
        return state.customers.by_id[int(act["customer_id"])]
    channel: Channel = "email" if "email" in act else "sms"
    (customer,) = state.customers.holding(channel, str(act.get("email") or act.get("phone")))
    return customer


def _body(state: "ShopifyState", customer: Customer, channel: Channel) -> dict[str, Any]:
    """A webhook's body: the customer's id has another name in each of the two."""
    consent = customer.consent(channel)
    shifted = replace(consent, at=_shifted(consent.at, state.settings.echo_time_shift))
    if channel == "email":
        return {
            "customer_id": customer.id,
            "email_address": customer.addresses.get("email"),
            "email_marketing_consent": shifted.body(),
        }
    return {
        "id": customer.id,
        "phone": customer.addresses.get("sms"),
        "sms_marketing_consent": {**shifted.body(), "consent_collected_from": consent.collected_from},
    }


def _shifted(at: datetime | None, seconds: float) -> datetime | None:
    return at + timedelta(seconds=seconds) if at and seconds else at
