"""``cut_over``, and what ``setup`` and ``status`` say of vendors' own store apps, over all that they need."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, Protocol

from commerce_sync.aws.comparisons import Comparisons
from commerce_sync.aws.control import Control
from commerce_sync.aws.due_rows import DueRows
from commerce_sync.aws.secrets import cached_secret
from commerce_sync.composing.clients import AccountSettings
from commerce_sync.composing.native_looks import hubspot_natives, klaviyo_natives, native_looks
from commerce_sync.composing.natives import acknowledge, known_natives, looked
from commerce_sync.config.events import events_rules
from commerce_sync.config.natives import native_apps
from commerce_sync.contracts.event_rules import StoreEvents
from commerce_sync.contracts.natives import DESTINATIONS, ORDER, Destination, Native
from commerce_sync.delivery.verifying import ALIVE, SILENT_AFTER
from commerce_sync.errors import CommerceSyncError, PausedError
from commerce_sync.operating.cutting_over import NOT_READ, CutOver, Same, destination_of
from commerce_sync.vendors.klaviyo.events import METRICS

NO_TOKEN_WAIT: Final = 300.0
READ_FLOWS_FOR: Final = 600.0
"""Seconds, of the 900 that an answer may take: Klaviyo lets one flow be read a second."""


class CutOverSettings(AccountSettings, Protocol):
    """Where promises, documents, reports and tokens are."""

    @property
    def order_book_table(self) -> str: ...  # noqa: D102
    @property
    def control_table(self) -> str: ...  # noqa: D102
    @property
    def archive_bucket(self) -> str: ...  # noqa: D102
    @property
    def vendor_tokens_id(self) -> str: ...  # noqa: D102


def cut_over(settings: CutOverSettings, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What hangs on the app of a store (``shopify:us``); with ``acknowledge`` the word that it is off.

    :raises ValueError: no app of that store is configured, or it was heard of within the hour.
    """
    destination, store = destination_of(arguments), str(arguments["store"])
    control, rows = Control(settings.control_table), DueRows(settings.order_book_table)
    waiting = partial(_waiting, rows, destination, store)
    command = CutOver(
        look=partial(_same, settings, control, destination, store),
        hangs=partial(_hangs, settings) if destination == "klaviyo" else lambda _: {},
        acknowledged=lambda: known_natives(control, destination).acknowledged.get(store),
        waiting=lambda: sum(1 for _ in waiting()),
        say_off=partial(acknowledge, control, destination, store),
        hasten=lambda: sum(rows.hasten(item, _now()) for item in list(waiting())),
        now=_now,
    )
    return {"destination": destination, "store": store, **command.run(arguments)}


def inventory(settings: CutOverSettings) -> dict[str, Any]:
    """What store apps tell each vendor, and when they last did; or why that is not known.

    At Klaviyo all of the apps of natives.toml, and of any other app what has the name of something that we may tell.
    ``stores`` are those that name the app in events.toml: what is nobody's holds nothing back.
    """
    token = partial(_token, settings)
    apps = native_apps()
    names = {*METRICS.values(), *(name for app in apps.values() for some in app.metrics.values() for name in some)}
    reads: dict[str, Callable[[], tuple[Native, ...]]] = {
        "klaviyo": lambda: klaviyo_natives(settings, token).found(
            lambda app, name: app in apps or name in names, _now()
        ),
        "hubspot": lambda: hubspot_natives(settings, token).newest(),
    }
    stores: dict[str, Mapping[str, list[str]]] = {
        "klaviyo": _stores_by(lambda rules: rules.integration),
        "hubspot": _stores_by(lambda rules: rules.hubspot_app),
    }
    found = {destination: _inventory(read, stores[destination]) for destination, read in reads.items()}
    return {destination: said for destination, said in found.items() if said}


def natives_at_a_glance(settings: CutOverSettings) -> dict[str, Any]:
    """When each vendor's apps were last looked at, which are alive, and what the last comparisons found."""
    control = Control(settings.control_table)
    known = {destination: known_natives(control, destination) for destination in DESTINATIONS}
    return {
        "store_apps": {
            destination: {
                "looked_at": natives.looked_at.isoformat() if natives.looked_at else None,
                "alive": [_plain(one) for one in natives.found if one.last and _now() - one.last <= SILENT_AFTER],
                "acknowledged": natives.model_dump(mode="json")["acknowledged"],
            }
            for destination, natives in known.items()
        },
        "comparisons": Comparisons(settings.archive_bucket).latest(),
    }


def _same(settings: CutOverSettings, control: Control, destination: Destination, store: str) -> Iterator[Same]:
    source, _, name = store.partition(":")
    rules = events_rules().get((source, name))
    if rules is None or not (rules.integration if destination == "klaviyo" else rules.hubspot_app):
        raise ValueError(f"events.toml names no app of {store} at {destination}")
    natives = looked(control, destination, native_looks(settings, partial(_token, settings))[destination], _now())
    if destination == "hubspot":
        yield from (Same(ORDER, rules.hubspot, one) for one in natives.found if one.app == rules.hubspot_app)
        return
    for event, names in native_apps()[rules.integration or ""].metrics.items():
        for native in natives.found:
            if native.app == rules.integration and native.name in names:
                yield Same(event, rules.to_klaviyo(event), native)


def _hangs(settings: CutOverSettings, metric_ids: Iterable[str]) -> dict[str, list[Mapping[str, Any]]]:
    ids = list(metric_ids)
    if not ids:
        return {}
    klaviyo = klaviyo_natives(settings, partial(_token, settings))
    until = time.monotonic() + READ_FLOWS_FOR
    flows = list(klaviyo.flows(ids, lambda: time.monotonic() < until))
    unread = [one for one in flows if one["metrics"] is None]
    return {
        "flows": [one for one in flows if one["metrics"] is not None],
        "segments": list(klaviyo.segments(ids)),
        "mapped_metrics": list(klaviyo.mapped(ids)),
        **({NOT_READ: unread} if unread else {}),
    }


def _waiting(rows: DueRows, destination: str, store: str) -> Iterator[dict[str, Any]]:
    for item in rows.waiting():
        is_theirs = item["subject"].startswith(f"{store}:") and item["row"].startswith(f"{destination}#")
        if is_theirs and item.get("reason") == ALIVE:
            yield item


def _stores_by(app_of: Callable[[StoreEvents], str | None]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, rules in sorted(events_rules().items()):
        found.setdefault(app_of(rules) or "", []).append(":".join(key))
    return found


def _inventory(read: Callable[[], tuple[Native, ...]], stores: Mapping[str, list[str]]) -> list[dict[str, Any]] | str:
    try:
        return [_plain(one) | {"stores": stores.get(one.app, [])} for one in read()]
    except CommerceSyncError as error:
        return f"unknown: {error}"


def _plain(native: Native) -> dict[str, Any]:
    return {name: value for name, value in native.model_dump(mode="json").items() if value}


def _token(settings: CutOverSettings, vendor: str) -> str:
    tokens = cached_secret(settings.vendor_tokens_id).value()
    if not tokens.get(vendor):
        raise PausedError(f"{vendor} has no token", retry_after=NO_TOKEN_WAIT)
    return str(tokens[vendor])


def _now() -> datetime:
    return datetime.now(UTC)
