"""The commands of ``operations`` about consent, with all that they need.

Only what reads or writes records opens the ledger: ``stop`` and ``status`` work without it.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol
from uuid import uuid4

from commerce_sync.aws.consent_outbox import ConsentOutbox
from commerce_sync.aws.consent_waits import ConsentWaits
from commerce_sync.aws.control import Control
from commerce_sync.aws.ledger_records import LedgerRecords
from commerce_sync.composing import permissions
from commerce_sync.composing.baseline_command import BaselineCommandSettings, baseline_command
from commerce_sync.composing.commands import CommandSettings, identity_commands
from commerce_sync.composing.connections import systems_of
from commerce_sync.composing.consent_places import DecidingSettings, deciding_now, now, places_of, reading
from commerce_sync.composing.consent_words import all_states, named, said_of, wanted_at
from commerce_sync.composing.ledger import ledger_of
from commerce_sync.composing.ledger_audit import AuditPlaces, verify_ledger
from commerce_sync.consent.explaining import counts_as
from commerce_sync.consent.identifying import record_id_of
from commerce_sync.consent.modes import MODES
from commerce_sync.consent.rules import shipped_rules
from commerce_sync.consent.voiding import may_be_voided
from commerce_sync.contracts.identity_book import identifier_of
from commerce_sync.operating.arguments import Arguments, flag
from commerce_sync.operating.consent_at_a_glance import consent_at_a_glance
from commerce_sync.operating.consent_brake import BrakeCommands
from commerce_sync.operating.consent_corrections import CorrectionCommands
from commerce_sync.operating.consent_explain import ConsentExplaining, addresses_in
from commerce_sync.operating.consent_modes import ModeCommands, StopCommands
from commerce_sync.operating.consent_naming import Naming
from commerce_sync.operating.consent_needs import MayGoOn
from commerce_sync.operating.consent_outlook import Outlook
from commerce_sync.operating.consent_releasing import Gate
from commerce_sync.operating.consent_review import ReviewCommands


class ConsentCommandSettings(DecidingSettings, AuditPlaces, CommandSettings, BaselineCommandSettings, Protocol):
    """Where everything about consent is."""

    @property
    def stores_mode(self) -> str: ...  # noqa: D102


ConsentCommand = Callable[[ConsentCommandSettings, Arguments, MayGoOn], dict[str, Any]]


def review(settings: ConsentCommandSettings, arguments: Arguments, _may_go_on: MayGoOn) -> dict[str, Any]:
    """``review``."""
    ledger = ledger_of(settings)
    return ReviewCommands(
        ledger=ledger,
        waiters=ConsentWaits(settings.heads_table),
        rows=ConsentOutbox(settings.consent_outbox_table),
        states=lambda channel, records: reading().states(channel, records, now()),
        sentence=said_of,
        decide=partial(deciding_now, settings),
        record_id=record_id_of,
        naming=Naming(ledger, named),
        now=now,
    ).review(arguments)


def correct(settings: ConsentCommandSettings, arguments: Arguments, may_go_on: MayGoOn) -> dict[str, Any]:
    """``correct``."""
    return CorrectionCommands(
        ledger=ledger_of(settings),
        records=LedgerRecords(settings.ledger_table),
        documents=Control(settings.control_table),
        may_be_voided=may_be_voided,
        decide=partial(deciding_now, settings),
        record_id=record_id_of,
        approvals=shipped_rules().approvals,
        now=now,
        new_id=lambda: uuid4().hex[:12],
    ).correct(arguments, may_go_on)


def brake(settings: ConsentCommandSettings, arguments: Arguments, may_go_on: MayGoOn) -> dict[str, Any]:
    """``brake``."""
    control = Control(settings.control_table)
    return BrakeCommands(
        ledger=ledger_of(settings),
        rows=ConsentOutbox(settings.consent_outbox_table),
        documents=control,
        limit=lambda: permissions.brake_limit(control, shipped_rules()),
        counter=permissions.brake_counter,
        document=permissions.BRAKE_DOCUMENT,
        now=now,
    ).brake(arguments, may_go_on)


def mode(settings: ConsentCommandSettings, arguments: Arguments, may_go_on: MayGoOn) -> dict[str, Any]:
    """``mode``."""
    ledger, gate = ledger_of(settings), gate_of(settings)
    return ModeCommands(
        ledger=ledger,
        rows=gate.rows,
        documents=gate.documents,
        naming=Naming(ledger, named),
        gate=gate,
        outlook=Outlook(ledger, MODES, wanted_at),
        missing=partial(baseline_lacks, settings),
        document=permissions.MODES_DOCUMENT,
        now=now,
    ).mode(arguments, may_go_on)


def stop(settings: ConsentCommandSettings, arguments: Arguments, may_go_on: MayGoOn) -> dict[str, Any]:
    """``stop``."""
    return StopCommands(Control(settings.control_table), gate_of(settings), now).stop(arguments, may_go_on)


def explain(settings: ConsentCommandSettings, arguments: Arguments, _may_go_on: MayGoOn) -> dict[str, Any]:
    """``explain``: who somebody is, and how each of their addresses stands."""
    plainly = flag(arguments, "show")
    found = identity_commands(settings).explain(arguments)
    theirs = (identifier_of(text) for profile in found["profiles"] for text in profile["identifiers"])
    explaining = ConsentExplaining(ledger_of(settings), all_states, said_of, partial(counts_as, rules=shipped_rules()))
    addresses = addresses_in([identifier_of(found["identifier"]), *theirs])
    return {**found, "consent": explaining.explain(addresses, plainly=plainly)}


def verify(settings: ConsentCommandSettings, _arguments: Arguments, may_go_on: MayGoOn) -> dict[str, Any]:
    """``verify_ledger``."""
    return verify_ledger(settings, may_go_on)


def baseline(settings: ConsentCommandSettings, arguments: Arguments, _may_go_on: MayGoOn) -> dict[str, Any]:
    """``baseline``."""
    return baseline_command(settings, arguments)


CONSENT_COMMANDS: Mapping[str, ConsentCommand] = {
    "baseline": baseline,
    "review": review,
    "correct": correct,
    "brake": brake,
    "mode": mode,
    "stop": stop,
    "explain": explain,
    "verify_ledger": verify,
}


def consent_status(settings: ConsentCommandSettings) -> dict[str, Any]:
    """The part of ``status`` about consent."""
    gate, waiters = gate_of(settings), ConsentWaits(settings.heads_table)
    return consent_at_a_glance(waiters, gate.rows, gate.documents, gate, partial(baseline_lacks, settings))


def release_consents(settings: ConsentCommandSettings, reason: str) -> int:
    """Give parked rows of the consent outbox their tries again: those of one reason, or all (``*``)."""
    outbox = ConsentOutbox(settings.consent_outbox_table)
    chosen = [row for row in outbox.waiting("parked") if reason in ("*", row.reason)]
    return sum(outbox.release(row, now()) for row in chosen)


def gate_of(settings: ConsentCommandSettings) -> Gate:
    """What the modes let through."""
    control = Control(settings.control_table)
    return Gate(
        rows=ConsentOutbox(settings.consent_outbox_table),
        documents=control,
        places=places_of(settings),
        chosen=lambda: permissions.chosen_modes(control, settings),
        stop_document=permissions.STOP_DOCUMENT,
        now=now,
    )


def baseline_lacks(settings: ConsentCommandSettings) -> str | None:
    """Why the baseline is not complete; None where it is."""
    return permissions.Baseline(Control(settings.control_table), partial(systems_of, settings)).lacks()
