"""Consent over its ledger, its outbox and its destinations."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

from commerce_sync.aws.consent_outbox import ConsentOutbox
from commerce_sync.aws.control import Control
from commerce_sync.composing.destinations import DestinationSettings, destinations_of, places_of
from commerce_sync.composing.ledger import LedgerPlaces, ledger_of
from commerce_sync.composing.permissions import Brake, ModeSettings, permissions_of
from commerce_sync.config.consent import consent_policy
from commerce_sync.consent.deciding import Deciding, Lease
from commerce_sync.consent.keeping_needs import Limits
from commerce_sync.consent.rules import shipped_rules
from commerce_sync.consent.showing import Reading
from commerce_sync.consent.stating import Refusal, record_of
from commerce_sync.consent.work import ConsentWork
from commerce_sync.contracts.consent import ConsentMessage, ConsentRecord, ConsentStatement


class DecidingSettings(LedgerPlaces, DestinationSettings, Protocol):
    """Where the ledger and the destinations are, and how long an opt-in waits (seconds)."""

    @property
    def settle(self) -> float: ...  # noqa: D102


class WorkSettings(LedgerPlaces, DestinationSettings, ModeSettings, Protocol):
    """Everything that consent_propagation is told. Times in seconds."""

    @property
    def settle(self) -> float: ...  # noqa: D102
    @property
    def verify_after(self) -> str: ...  # noqa: D102
    @property
    def lease(self) -> float: ...  # noqa: D102
    @property
    def first_retry(self) -> float: ...  # noqa: D102
    @property
    def longest_retry(self) -> float: ...  # noqa: D102


def reading() -> Reading:
    """How chains are read: the configured policy by the shipped rules."""
    return Reading(consent_policy(), shipped_rules())


def work_of(settings: WorkSettings, claim: str) -> ConsentWork:
    """The work of one batch, under a lease that starts now."""
    policy, rules, started = consent_policy(), shipped_rules(), now()
    control, ledger = Control(settings.control_table), ledger_of(settings)
    lease = Lease(claim, started, started + timedelta(seconds=settings.lease))
    windows = tuple(float(text) for text in settings.verify_after.split(","))
    return ConsentWork(
        ledger=ledger,
        outbox=ConsentOutbox(settings.consent_outbox_table),
        addresses=ledger,
        destinations=destinations_of(settings, policy),
        reading=reading(),
        deciding=Deciding(reading(), places_of(settings, policy), lease, settings.settle, Brake(control, rules, now)),
        stating=stated,
        limits=Limits(windows, settings.first_retry, settings.longest_retry),
        permissions=permissions_of(control, settings),
        now=now,
    )


def deciding_now(settings: DecidingSettings) -> Deciding:
    """Decides for those who write records and tell nobody: what they cause is due at once, for the dispatcher."""
    at, control = now(), Control(settings.control_table)
    brake = Brake(control, shipped_rules(), now)
    return Deciding(reading(), places_of(settings, consent_policy()), Lease("", at, at), settings.settle, brake)


def stated(statement: ConsentStatement, message: ConsentMessage) -> ConsentRecord | Refusal:
    """A statement as a record, or why it is none."""
    return record_of(
        statement,
        source=message.source,
        store=message.store,
        received_at=message.received_at,
        policy=consent_policy(),
        rules=shipped_rules(),
        tenant="main",
    )


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)
