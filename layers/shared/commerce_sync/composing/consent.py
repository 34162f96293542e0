"""The work of consent_propagation over its ledger, its outbox and its destinations."""

from datetime import timedelta
from functools import partial
from typing import Protocol

from commerce_sync.aws.consent_outbox import ConsentOutbox
from commerce_sync.aws.control import Control
from commerce_sync.composing.connections import systems_of
from commerce_sync.composing.consent_places import DecidingSettings, deciding, now, reading
from commerce_sync.composing.destinations import DestinationSettings, destinations_of
from commerce_sync.composing.ledger import ledger_of
from commerce_sync.composing.permissions import ModeSettings, permissions_of
from commerce_sync.config.consent import consent_policy
from commerce_sync.consent.deciding import Lease
from commerce_sync.consent.keeping_needs import Limits
from commerce_sync.consent.rules import shipped_rules
from commerce_sync.consent.stating import Refusal, record_of
from commerce_sync.consent.work import ConsentWork
from commerce_sync.contracts.consent import ConsentMessage, ConsentRecord, ConsentStatement


class WorkSettings(DecidingSettings, DestinationSettings, ModeSettings, Protocol):
    """Everything that consent_propagation is told. Times in seconds."""

    @property
    def verify_after(self) -> str: ...  # noqa: D102
    @property
    def lease(self) -> float: ...  # noqa: D102
    @property
    def first_retry(self) -> float: ...  # noqa: D102
    @property
    def longest_retry(self) -> float: ...  # noqa: D102


def work_of(settings: WorkSettings, claim: str) -> ConsentWork:
    """The work of one batch, under a lease that starts now."""
    started, ledger = now(), ledger_of(settings)
    lease = Lease(claim, started, started + timedelta(seconds=settings.lease))
    windows = tuple(float(text) for text in settings.verify_after.split(","))
    return ConsentWork(
        ledger=ledger,
        outbox=ConsentOutbox(settings.consent_outbox_table),
        addresses=ledger,
        destinations=destinations_of(settings, consent_policy()),
        reading=reading(),
        deciding=deciding(settings, lease),
        stating=stated,
        limits=Limits(windows, settings.first_retry, settings.longest_retry),
        permissions=permissions_of(Control(settings.control_table), settings, partial(systems_of, settings)),
        now=now,
    )


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
