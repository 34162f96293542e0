"""The baseline over the ledger, its spool and the connected systems."""

import time
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Protocol

from commerce_sync.aws.baseline_spool import BaselineSpool
from commerce_sync.aws.consent_outbox import ConsentOutbox
from commerce_sync.aws.control import Control
from commerce_sync.aws.queues import send_later
from commerce_sync.composing.baseline_systems import SystemSettings, page_of, store_of
from commerce_sync.composing.consent_places import now, places_of, reading
from commerce_sync.composing.identity import keys_of
from commerce_sync.composing.ledger import LedgerPlaces, ledger_of
from commerce_sync.config.consent import consent_policy
from commerce_sync.consent.baseline.needs import Found, Page, Seen
from commerce_sync.consent.baseline.running import Running
from commerce_sync.consent.baseline.settling import Settling
from commerce_sync.consent.baseline.silent import Silent
from commerce_sync.consent.baseline.taking import Taking
from commerce_sync.consent.loading import Loading
from commerce_sync.consent.rules import shipped_rules
from commerce_sync.consent.stating import Refusal, record_of
from commerce_sync.consent.telling import NO_BASELINE
from commerce_sync.contracts.baseline import BaselineStep
from commerce_sync.contracts.consent import Address, Channel, ConsentRecord, ConsentStatement
from commerce_sync.identity.emails import normalize_email
from commerce_sync.identity.phones import normalize_phone


class BaselinePlaces(SystemSettings, LedgerPlaces, Protocol):
    """Where the systems, the ledger and the spool are. ``page_pause`` (seconds) is waited before each page."""

    @property
    def archive_bucket(self) -> str: ...  # noqa: D102
    @property
    def baseline_queue_url(self) -> str: ...  # noqa: D102
    @property
    def page_pause(self) -> float: ...  # noqa: D102


class SeenSpool(BaselineSpool):
    """The spool, whose lines are what a system shows."""

    def seen(self, run_id: str, system: str) -> Iterator[Seen]:
        """All that a system shows, one part in memory at a time."""
        return (Seen(*line) for line in super().seen(run_id, system))


def running(settings: BaselinePlaces) -> Running:
    """Does the steps of a run."""
    ledger = ledger_of(settings)
    loading = Loading(reading(), places_of(settings), now)
    return Running(
        documents=Control(settings.control_table),
        spool=SeenSpool(settings.archive_bucket),
        page_of=partial(_paused, settings),
        taking=Taking(ledger, loading, _stated, _normalized, partial(_key, settings)),
        settling=Settling(ledger, ledger, reading(), loading),
        silent=Silent(ledger, ledger, loading),
        send=partial(_send, settings),
        release=partial(_release, settings),
        now=now,
    )


def _paused(settings: BaselinePlaces, system: str) -> Page:
    """A system's pages, each after a pause that leaves its budget of calls to those in a hurry."""
    plain = page_of(settings, system)

    def page(cursor: str | None) -> tuple[list[Found], str | None]:
        time.sleep(settings.page_pause)
        found, following = plain(cursor)
        return list(found), following

    return page


def _stated(statement: ConsentStatement, system: str, at: datetime) -> ConsentRecord | Refusal:
    store = store_of(system)
    return record_of(
        statement,
        source=store.source,
        store=store.id,
        received_at=at,
        policy=consent_policy(),
        rules=shipped_rules(),
        tenant="main",
    )


def _normalized(system: str, channel: Channel, address: str) -> str | None:
    if channel == "email":
        return normalize_email(address)
    country = store_of(system).country
    return normalize_phone(address, [country] if country else [])


def _key(settings: BaselinePlaces, address: Address) -> str:
    return keys_of(settings).key(("email" if address[0] == "email" else "phone", address[1]))


def _release(settings: BaselinePlaces) -> None:
    outbox = ConsentOutbox(settings.consent_outbox_table)
    for row in [one for one in outbox.waiting("observed") if one.reason == NO_BASELINE]:
        outbox.release(row, now())


def _send(settings: BaselinePlaces, step: BaselineStep, delay: int) -> None:
    send_later(settings.baseline_queue_url, step.to_json(), delay)
