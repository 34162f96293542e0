"""operations: what an operator does. Payload ``{"command", "arguments"}``, answer ``{"ok", "result", "errors"}``.

Every command may be given twice: setup creates only what is missing, status reads, replay and redrive send messages
that their consumers recognise as repeats. Long ones stop before the invocation does, and say how to go on.
"""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from commerce_sync.aws.archive import Archive
from commerce_sync.aws.control import Control
from commerce_sync.aws.due_rows import DueRows
from commerce_sync.aws.quarantine import Quarantine
from commerce_sync.aws.queues import move_all
from commerce_sync.composing.backfill_commands import backfill
from commerce_sync.composing.commands import PEOPLE_COMMANDS, traces_of
from commerce_sync.composing.consent_commands import CONSENT_COMMANDS, release_consents
from commerce_sync.composing.cursor_commands import reset_cursor
from commerce_sync.composing.cutting_over import cut_over
from commerce_sync.composing.deliveries import Deliveries
from commerce_sync.composing.importing import import_properties
from commerce_sync.composing.order_exports import import_orders
from commerce_sync.composing.planning import plan
from commerce_sync.composing.sampling import sample_contacts
from commerce_sync.composing.setting_up import setup
from commerce_sync.composing.status import status
from commerce_sync.errors import CommerceSyncError
from commerce_sync.settings import settings_for
from commerce_sync.settings.operations import OperationsSettings

Arguments = dict[str, Any]
MayGoOn = Callable[[], bool]
Command = Callable[[Arguments, MayGoOn], dict[str, Any]]
LAST_CALL_MILLISECONDS = 30_000


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Run one command."""
    command = COMMANDS.get(str(event.get("command", "")))
    if command is None:
        return _answer(errors=[f"unknown command; one of {', '.join(sorted(COMMANDS))}"])
    arguments = event.get("arguments") or {}
    if not isinstance(arguments, dict):
        return _answer(errors=["arguments is an object: docs/schemas/operations.json says what it holds"])
    try:
        return _answer(command(arguments, lambda: _has_time(context)))
    except KeyError as error:
        return _answer(errors=[f"{error} is missing or unknown: docs/schemas/operations.json says what there is"])
    except (CommerceSyncError, ValueError, TypeError) as error:
        return _answer(errors=[str(error)])


def release(arguments: Arguments) -> dict[str, Any]:
    """Give parked promises, those of consent too, their tries again: those of one ``reason``, or all (``*``)."""
    settings, reason, now = _settings(), str(arguments["reason"]), datetime.now(UTC)
    rows = DueRows(settings.order_book_table)
    promises = sum(rows.release(one, now) for one in list(rows.parked()) if reason in ("*", one.get("reason")))
    return {"released": promises + release_consents(settings, reason)}


def redrive(arguments: Arguments) -> dict[str, Any]:
    """Send a queue's dead letters back to it; ``queue`` is one of the names in status."""
    if arguments["queue"] not in _queues():
        raise ValueError(f"unknown queue; one of {', '.join(_queues())}")
    queue = _queues()[arguments["queue"]]
    return {"redriven": move_all(queue["dead_letters"], queue["queue"])}


AT_ONCE: dict[str, Callable[[Arguments], dict[str, Any]]] = {
    "setup": lambda arguments: setup(_settings(), arguments),
    "status": lambda _arguments: status(_settings(), _queues()),
    "backfill": lambda arguments: backfill(_settings(), arguments),
    "import_properties": lambda arguments: import_properties(_queues()["Inbound"]["queue"], arguments),
    "cut_over": lambda arguments: cut_over(_settings(), arguments),
    "reset_cursor": lambda arguments: reset_cursor(Control(_settings().control_table), arguments),
    "redrive": redrive,
    "release": release,
}


def _at_once(name: str, arguments: Arguments, _may_go_on: MayGoOn) -> dict[str, Any]:
    return AT_ONCE[name](arguments)


def _about_people(name: str, arguments: Arguments, _may_go_on: MayGoOn) -> dict[str, Any]:
    return PEOPLE_COMMANDS[name](_settings(), arguments)


def _about_consent(name: str, arguments: Arguments, may_go_on: MayGoOn) -> dict[str, Any]:
    return CONSENT_COMMANDS[name](_settings(), arguments, may_go_on)


def _import_orders(arguments: Arguments, may_go_on: MayGoOn) -> dict[str, Any]:
    return import_orders(_settings().archive_bucket, _queues()["Inbound"]["queue"], arguments, may_go_on)


def _replay(arguments: Arguments, may_go_on: MayGoOn) -> dict[str, Any]:
    settings = _settings()
    archive, quarantine = Archive(settings.archive_bucket), Quarantine(settings.quarantine_table)
    inbound, *behind = (_queues()[name]["queue"] for name in ("Inbound", "Events", "ProfileChanges"))
    return Deliveries(archive, quarantine, partial(traces_of, settings), inbound, behind).replay(arguments, may_go_on)


COMMANDS: dict[str, Command] = {
    "replay": _replay,
    "import_orders": _import_orders,
    "plan": lambda arguments, may_go_on: plan(_settings(), arguments, may_go_on),
    "sample_contacts": lambda arguments, may_go_on: sample_contacts(_settings(), arguments, may_go_on),
    **{name: partial(_at_once, name) for name in AT_ONCE},
    **{name: partial(_about_people, name) for name in PEOPLE_COMMANDS},
    **{name: partial(_about_consent, name) for name in CONSENT_COMMANDS},
}


def _has_time(context: Any) -> bool:
    return context is None or bool(context.get_remaining_time_in_millis() > LAST_CALL_MILLISECONDS)


def _answer(result: dict[str, Any] | None = None, errors: Iterable[str] = ()) -> dict[str, Any]:
    errors = list(errors)
    return {"ok": not errors, "result": result or {}, "errors": errors}


def _settings() -> OperationsSettings:
    settings: OperationsSettings = settings_for(OperationsSettings)
    return settings


def _queues() -> dict[str, dict[str, str]]:
    return dict(json.loads(_settings().queues))
