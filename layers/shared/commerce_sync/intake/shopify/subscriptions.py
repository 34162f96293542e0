"""Subscriptions of Shopify's own: contracts, and the deliveries that are skipped.

A contract's body says whose it is by the customer's id, and with which order it began: whom the order's events are
about, its subscription's are about too. The address is fetched where that can be done. No body says when it happened;
its delivery does, and a contract's revision tells one pause from the next (whether Shopify raises it with every change
of the status was not seen).

https://shopify.dev/docs/api/webhooks (subscription_contracts, subscription_billing_cycles).
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from commerce_sync.contracts import EventName, Person
from commerce_sync.intake.bodies import Id, decode, decoder_of
from commerce_sync.intake.delivery import Delivery, Facts, Translation, facts_of
from commerce_sync.intake.fields import event_id, identifier, identifier_if_any, moment_id, text
from commerce_sync.intake.money import currency
from commerce_sync.intake.properties import properties_of
from commerce_sync.intake.records import record_behind, shaped_if_any
from commerce_sync.intake.rejections import refuse
from commerce_sync.intake.shopify.arrival import said_at
from commerce_sync.intake.shopify.people import person_of
from commerce_sync.intake.shopify.shapes import Customer

_CHANGES: Final[Mapping[str, EventName]] = MappingProxyType(
    {
        "subscription_contracts/create": "subscription_started",
        "subscription_contracts/activate": "subscription_reactivated",
        "subscription_contracts/pause": "subscription_paused",
        "subscription_contracts/cancel": "subscription_cancelled",
        "subscription_contracts/expire": "subscription_cancelled",
        "subscription_contracts/fail": "subscription_cancelled",
    }
)
TOPICS: Final = frozenset(_CHANGES)
_ENDED: Final = frozenset({"cancelled", "expired", "failed", "stale"})
"""States from which no delivery comes any more (SubscriptionContractSubscriptionStatus)."""


class ContractBody(Struct, gc=False):
    """The body of subscription_contracts/*. Neither lines nor prices are in it."""

    id: Id
    currency_code: str
    status: str | None = None
    customer_id: Id | None = None
    origin_order_id: Id | None = None
    revision_id: Id | None = None


class CycleBody(Struct, gc=False):
    """The body of subscription_billing_cycles/skip: one delivery of a contract."""

    subscription_contract_id: Id
    cycle_index: int
    skipped: bool
    billing_attempt_expected_date: datetime | None = None


class Contract(Struct, gc=False):
    """What was fetched of a contract: whose it is."""

    customer: Customer | None = None
    origin_order_id: Id | None = None


_CONTRACT: Final = decoder_of(ContractBody)
_CYCLE: Final = decoder_of(CycleBody)


def translate(delivery: Delivery) -> Translation:
    """subscription_contracts/create, activate, pause, cancel, expire and fail."""
    body, name = decode(_CONTRACT, delivery.body), _CHANGES[delivery.topic]
    status = (text(body.status) or "").lower()
    if name == "subscription_cancelled" and status not in _ENDED:
        raise refuse("wrong_type", "status", " or ".join(sorted(_ENDED)))
    if name in {"subscription_paused", "subscription_reactivated"} and status in _ENDED:
        raise refuse("wrong_type", "status", "a subscription that goes on")
    contract = shaped_if_any(delivery, "subscriber", Contract) or Contract()
    customer_id = identifier_if_any(body.customer_id, "customer_id")
    person = _buyer(contract) or (Person(customer_id=customer_id) if customer_id else None)
    at = said_at(delivery)
    revision = identifier_if_any(body.revision_id, "revision_id") or moment_id(at)
    key = () if name == "subscription_started" else (revision,)
    told = _facts(delivery, identifier(body.id, "id"), name, *key) | {
        "occurred_at": at,
        "order_id": identifier_if_any(body.origin_order_id, "origin_order_id"),
        "currency": currency(body.currency_code, "currency_code"),
        "person": person,
    }
    told["properties"] |= properties_of(cancel_reason=status if status in _ENDED else None)
    return Translation.of(told)


def skip(delivery: Delivery) -> Translation:
    """subscription_billing_cycles/skip. The body names a contract and nobody, so the contract is fetched."""
    cycle = decode(_CYCLE, delivery.body)
    if not cycle.skipped:
        raise refuse("wrong_type", "skipped", "true")
    contract = record_behind(delivery, "contract", Contract, "subscription_contract_id")
    contract_id = identifier(cycle.subscription_contract_id, "subscription_contract_id")
    due = cycle.billing_attempt_expected_date
    told = _facts(delivery, contract_id, "subscription_skipped", str(cycle.cycle_index)) | {
        "occurred_at": said_at(delivery),
        "order_id": identifier_if_any(contract.origin_order_id, "contract.origin_order_id"),
        "person": _buyer(contract),
    }
    told["properties"] |= properties_of(skipped_on=due.date().isoformat() if due else None)
    return Translation.of(told)


def _buyer(contract: Contract) -> Person | None:
    return person_of(None, None, contract.customer) if contract.customer else None


def _facts(delivery: Delivery, contract_id: str, name: EventName, *key: str) -> Facts:
    return facts_of(
        delivery,
        event_id=event_id(delivery.source, delivery.store.id, contract_id, name, *key),
        name=name,
        properties=properties_of(subscription_id=contract_id),
    )
