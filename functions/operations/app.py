"""operations: what an operator does. Payload ``{"command", "arguments"}``, answer ``{"ok", "result", "errors"}``.

Every command may be given twice: setup creates only what is missing, status reads, replay and redrive send messages
that their consumers recognise as repeats.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from commerce_sync.aws.archive import Archive
from commerce_sync.aws.audits import Audits
from commerce_sync.aws.due_rows import DueRows
from commerce_sync.aws.privacy_requests import PrivacyRequests
from commerce_sync.aws.quarantine import Quarantine
from commerce_sync.aws.queues import depth, move_all, send_all
from commerce_sync.aws.secrets import cached_secret
from commerce_sync.composing.commands import (
    identity_commands,
    merge_duplicates,
    privacy_commands,
    show_duplicates,
)
from commerce_sync.contracts import Envelope
from commerce_sync.errors import CommerceSyncError, PermanentError
from commerce_sync.operating.at_a_glance import at_a_glance
from commerce_sync.operating.replaying import arrived_between, quarantined_by_key, replay
from commerce_sync.operating.setting_up import set_up
from commerce_sync.settings import settings_for
from commerce_sync.settings.operations import OperationsSettings
from commerce_sync.vendors.factory import hubspot
from commerce_sync.vendors.hubspot import HubSpotProperties
from commerce_sync.vendors.hubspot.properties import WANTED_PROPERTIES

Arguments = dict[str, Any]


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Run one command."""
    command = COMMANDS.get(str(event.get("command", "")))
    if command is None:
        return _answer(errors=[f"unknown command; one of {', '.join(sorted(COMMANDS))}"])
    arguments = event.get("arguments") or {}
    if not isinstance(arguments, dict):
        return _answer(errors=["arguments is an object: docs/schemas/operations.json says what it holds"])
    try:
        return _answer(command(arguments))
    except KeyError as error:
        return _answer(errors=[f"{error} is missing or unknown: docs/schemas/operations.json says what there is"])
    except (CommerceSyncError, ValueError, TypeError) as error:
        return _answer(errors=[str(error)])


def setup(arguments: Arguments) -> dict[str, Any]:
    """Create HubSpot's group and properties; ``{"plan": true}`` only says what would be created."""
    settings = settings_for(OperationsSettings)
    tokens = cached_secret(settings.vendor_tokens_id).value()
    definitions = HubSpotProperties(hubspot(settings, tokens))
    return set_up(definitions, WANTED_PROPERTIES, plan_only=bool(arguments.get("plan", False)))


def status(_arguments: Arguments) -> dict[str, Any]:
    """Modes, queues, open and parked promises, what is quarantined by reason, privacy requests, the last audits."""
    settings = settings_for(OperationsSettings)
    rows = DueRows(settings.order_book_table)
    parked = list(rows.parked())
    return {
        "modes": {"klaviyo": settings.klaviyo_mode, "hubspot": settings.hubspot_mode},
        "queues": {name: {kind: depth(url) for kind, url in urls.items()} for name, urls in _queues().items()},
        "open_promises": sum(1 for _ in rows.waiting()),
        "parked_promises": Counter(item["reason"] for item in parked),
        "quarantined": Counter(item["code"] for item in _quarantine().items() if "replayed_at" not in item),
        **at_a_glance(PrivacyRequests(settings.privacy_table).all(), _audits().latest, datetime.now(UTC)),
    }


def replay_deliveries(arguments: Arguments) -> dict[str, Any]:
    """Replay by source, store, since and until, or by quarantine code (``*`` for all). Dry unless told otherwise."""
    dry_run = bool(arguments.get("dry_run", True))
    if "code" in arguments:
        waiting = quarantined_by_key(_quarantine().items(), str(arguments["code"]))
        return replay(waiting, lambda key: _send_again(key, waiting[key]), dry_run=dry_run)
    since, until = (datetime.fromisoformat(arguments[name]) for name in ("since", "until"))
    prefix = f"archive/{arguments['source']}/{arguments['store']}/"
    keys = arrived_between(_archive().keys(prefix), since, until)
    return replay(keys, _send, dry_run=dry_run)


def release(arguments: Arguments) -> dict[str, Any]:
    """Give parked promises their tries again: those of one ``reason``, or all (``*``)."""
    rows, reason = DueRows(settings_for(OperationsSettings).order_book_table), str(arguments["reason"])
    chosen = [item for item in rows.parked() if reason in ("*", item.get("reason"))]
    return {"released": sum(rows.release(item, datetime.now(UTC)) for item in chosen)}


def redrive(arguments: Arguments) -> dict[str, Any]:
    """Send a queue's dead letters back to it; ``queue`` is one of the names in status."""
    if arguments["queue"] not in _queues():
        raise ValueError(f"unknown queue; one of {', '.join(_queues())}")
    queue = _queues()[arguments["queue"]]
    return {"redriven": move_all(queue["dead_letters"], queue["queue"])}


COMMANDS: dict[str, Callable[[Arguments], dict[str, Any]]] = {
    "setup": setup,
    "status": status,
    "explain": lambda arguments: identity_commands(_settings()).explain(arguments),
    "merge": lambda arguments: identity_commands(_settings()).merge(arguments),
    "unmerge": lambda arguments: identity_commands(_settings()).unmerge(arguments),
    "separate": lambda arguments: identity_commands(_settings()).separate(arguments),
    "share": lambda arguments: identity_commands(_settings()).share(arguments),
    "erase": lambda arguments: privacy_commands(_settings()).erase(arguments),
    "export": lambda arguments: privacy_commands(_settings()).export(arguments),
    "privacy": lambda arguments: privacy_commands(_settings()).privacy(arguments),
    "duplicates": lambda arguments: show_duplicates(_settings(), arguments),
    "merge_duplicates": lambda arguments: merge_duplicates(_settings(), arguments),
    "replay": replay_deliveries,
    "redrive": redrive,
    "release": release,
}


def _send(key: str) -> bool:
    try:
        envelope = _archive().fetch(key)
    except PermanentError:
        return False
    claim = Envelope.model_validate(envelope.model_dump() | {"body": None, "archived": True})
    send_all(_queues()["Inbound"]["queue"], [claim.to_json()])
    return True


def _send_again(key: str, items: Iterable[Mapping[str, Any]]) -> bool:
    """Note first, send then: a delivery that is still wrong is recorded anew, without the note."""
    now = datetime.now(UTC)
    if not _archive().has(key):
        return False
    _quarantine().mark_replayed(items, now)
    return _send(key)


def _answer(result: dict[str, Any] | None = None, errors: Iterable[str] = ()) -> dict[str, Any]:
    errors = list(errors)
    return {"ok": not errors, "result": result or {}, "errors": errors}


def _settings() -> OperationsSettings:
    settings: OperationsSettings = settings_for(OperationsSettings)
    return settings


def _queues() -> dict[str, dict[str, str]]:
    queues: dict[str, dict[str, str]] = json.loads(settings_for(OperationsSettings).queues)
    return queues


@cache
def _archive() -> Archive:
    return Archive(settings_for(OperationsSettings).archive_bucket)


@cache
def _audits() -> Audits:
    return Audits(settings_for(OperationsSettings).archive_bucket)


@cache
def _quarantine() -> Quarantine:
    return Quarantine(settings_for(OperationsSettings).quarantine_table)
