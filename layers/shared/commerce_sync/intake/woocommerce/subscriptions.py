"""Subscriptions (WooCommerce Subscriptions): what one body proves of a subscription that it shows as it stands now.

========================== =========================================== ==============================================
Event                      Proved by                                   Its own moment
========================== =========================================== ==============================================
subscription_started       every status but ``pending``                ``start_date``
subscription_paused        ``on-hold``                                 none is told: the last change, derived
subscription_cancelled     ``pending-cancel``, ``cancelled``,          ``cancelled_date``, which stays the same from
                           ``expired``                                 the act to the end; ``end_date`` of an expired
subscription_reactivated   ``active`` with ``resubscribed_from``, or   the start; the last change, derived
                           with a ``cancelled_date`` left behind
========================== =========================================== ==============================================

Ids are made of dates that stay while the state stays, so that however often a state is told it is one event: a pause is
named by the payment before it (two pauses of one paid period are one), an end by its own date. An active body does not
say that it was on hold before, and every automatic renewal holds a subscription for a moment: that it runs again is
told only where the body itself proves it. ``switched`` was replaced by another subscription and is no end. A skipped
period is not visible. Deleting a record (``subscription.deleted``) is no cancellation.
"""

from datetime import datetime
from typing import Final

from commerce_sync.contracts import Person
from commerce_sync.intake.assembly import event_of
from commerce_sync.intake.bodies import decode, decoder_of
from commerce_sync.intake.consents import moment_in_utc, moment_part
from commerce_sync.intake.delivery import Delivery, Facts, Translation, facts_of
from commerce_sync.intake.fields import event_id, identifier
from commerce_sync.intake.people import address_in, id_in
from commerce_sync.intake.properties import properties_of
from commerce_sync.intake.rejections import RejectedError
from commerce_sync.intake.woocommerce.amounts import amounts_of, extras_of
from commerce_sync.intake.woocommerce.lines import rows_of
from commerce_sync.intake.woocommerce.properties import DERIVED, order_properties
from commerce_sync.intake.woocommerce.shapes import Subscription, person_of
from commerce_sync.intake.woocommerce.statuses import CANCELLED, status_of
from commerce_sync.intake.woocommerce.times import last_change, moment, required_moment

_SUBSCRIPTION: Final = decoder_of(Subscription)
_ENDED: Final = frozenset({"pending-cancel", CANCELLED, "expired"})
_NONE: Final = "0"


def translate(delivery: Delivery) -> Translation:
    """subscription.created, updated, restored and switched: the whole subscription as it stands now."""
    said = decode(_SUBSCRIPTION, delivery.body)
    person = person_of(said.customer_id, None, said.billing)
    try:
        return Translation(tuple(map(event_of, _events(delivery, said, person))))
    except RejectedError as error:
        return Translation(rejections=(error.rejection,), people=(person,) if person else ())


def _events(delivery: Delivery, said: Subscription, person: Person | None) -> list[Facts]:
    status = status_of(said, delivery.store)
    subscription_id, rows, extras = identifier(said.id, "id"), rows_of(said.line_items), extras_of(said)
    started_at = moment(said, "start_date", delivery.store) or required_moment(said, "date_created", delivery.store)
    facts = facts_of(
        delivery,
        event_id=event_id(delivery.source, delivery.store.id, subscription_id, "subscription_started"),
        name="subscription_started",
        occurred_at=started_at,
        person=person,
        properties=order_properties(said, extras) | _terms(said, subscription_id, status),
        **amounts_of(said, rows, extras),
    )
    return [facts, *_since(delivery, said, facts, subscription_id, status)]


def _since(delivery: Delivery, said: Subscription, started: Facts, subscription_id: str, status: str) -> list[Facts]:
    """What happened to it since, as far as its status and dates prove."""
    changed_at = last_change(said, delivery.store)

    def happened(name: str, named_by: str, at: datetime | None, **properties: str) -> Facts:
        parts = (delivery.source, delivery.store.id, subscription_id, name, *([named_by] if named_by else []))
        trust = {} if at else {"occurred_trust": DERIVED}
        return started | {
            "event_id": event_id(*parts),
            "name": name,
            "occurred_at": at or changed_at,
            "properties": started["properties"] | properties | trust,
        }

    cancelled_at = moment(said, "cancelled_date", delivery.store)
    ended_at = moment(said, "end_date", delivery.store)
    if status == "on-hold":
        paid_at = moment(said, "last_payment_date", delivery.store)
        because = {"paused_because": "payment_due"} if _waits_for_payment(delivery, said, changed_at) else {}
        named_by = moment_part(paid_at, moment(said, "date_paid", delivery.store), started["occurred_at"])
        return [happened("subscription_paused", named_by, None, **because)]
    if status in _ENDED:
        at = ended_at if status == "expired" else cancelled_at or ended_at
        if at and at > changed_at:
            at = None
        return [happened("subscription_cancelled", moment_part(cancelled_at, ended_at), at)]
    if status != "active":
        return []
    resumed = id_in(said.resubscribed_from)
    if resumed and resumed != _NONE:
        by = f"from-{resumed}"
        return [happened("subscription_reactivated", by, started["occurred_at"], resubscribed_from=resumed)]
    return [happened("subscription_reactivated", moment_part(cancelled_at), None)] if cancelled_at else []


def _waits_for_payment(delivery: Delivery, said: Subscription, changed_at: datetime) -> bool:
    """Whether it is held for a payment that is due: one that somebody paused has its next payment ahead of it."""
    next_at = moment(said, "next_payment_date", delivery.store)
    return next_at is None or next_at <= changed_at


def _terms(said: Subscription, subscription_id: str, status: str) -> dict[str, str]:
    parent = id_in(said.parent_id)
    return properties_of(
        subscription_id=subscription_id,
        subscription_status=status,
        billing_period=address_in(said.billing_period),
        billing_interval=id_in(said.billing_interval),
        next_payment_at=_told(said.next_payment_date_gmt),
        trial_end_at=_told(said.trial_end_date_gmt),
        end_at=_told(said.end_date_gmt),
        parent_order_id=None if parent == _NONE else parent,
    )


def _told(value: object) -> str | None:
    at = moment_in_utc(value)
    return at.isoformat() if at else None
