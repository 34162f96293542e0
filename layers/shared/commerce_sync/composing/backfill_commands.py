"""``backfill``, and what ``status`` says of it, over all that they need."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, Protocol

from commerce_sync.aws.control import Control
from commerce_sync.aws.secrets import cached_secret
from commerce_sync.backfilling.commanding import DOS, Backfill, Flows, Wish
from commerce_sync.backfilling.flows import Changing
from commerce_sync.backfilling.progress import Total, shown
from commerce_sync.composing.backfill_pace import most_a_minute, orders_a_minute
from commerce_sync.composing.backfilling import FIELDS, lacking, name_of, orders_known, walked_stores
from commerce_sync.composing.clients import AccountSettings, ShopSettings, hubspot, klaviyo
from commerce_sync.composing.flow_guard import fields_changing, flows_started_by
from commerce_sync.contracts import Store
from commerce_sync.errors import CommerceSyncError, RetriableError
from commerce_sync.operating.arguments import flag, moment, one_of, texts
from commerce_sync.vendors.hubspot.counting import contacts_known
from commerce_sync.vendors.klaviyo.flow_triggers import KlaviyoFlowTriggers

KNOWN: Final = frozenset({"what", "store", "do", "since", "dry_run", "acknowledge", "flows_unread"})
CHANGES: Final = frozenset({"pause", "resume", "cancel"})
MOST_FLOWS: Final = 200
NOTHING_LIVE: Final = "neither Klaviyo nor HubSpot is live: orders would be observed, and what was is never sent"


class BackfillCommandSettings(AccountSettings, ShopSettings, Protocol):
    """Where documents and tokens are, and which destinations are live."""

    @property
    def control_table(self) -> str: ...  # noqa: D102
    @property
    def vendor_tokens_id(self) -> str: ...  # noqa: D102
    @property
    def klaviyo_mode(self) -> str: ...  # noqa: D102
    @property
    def hubspot_mode(self) -> str: ...  # noqa: D102


def backfill(settings: BackfillCommandSettings, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """One history, ``fields`` or a store's ``orders``: show it, start it (a dry run unless told), halt or resume it.

    :raises ValueError: it cannot be done now, or an argument makes no sense.
    """
    if unknown := sorted(set(arguments) - KNOWN):
        raise ValueError(f"unknown arguments: {', '.join(unknown)}")
    what = one_of(arguments, "what", ("fields", "orders"))
    wish = _wish(arguments)
    if wish.do in CHANGES and arguments.get("dry_run") is True:
        raise ValueError(f"only a start has a dry run: {wish.do} would be done at once. Leave dry_run out")
    if what == "fields":
        if wish.since or "store" in arguments:
            raise ValueError("fields has no since and no store: every contact is looked at")
        return _fields(settings)(wish)
    return _orders(settings, _store(arguments))(wish)


def backfills_at_a_glance(control_table: str) -> dict[str, Any]:
    """Every backfill there was, by its name: how it stands, done, left, a minute, and when it will have finished."""
    documents = Control(control_table).named("backfill#")
    return {name.removeprefix("backfill#"): shown(document, _now()) for name, document in documents}


def _wish(arguments: Mapping[str, Any]) -> Wish:
    return Wish(
        do=next(do for do in DOS if do == one_of({"do": "show", **arguments}, "do", DOS)),
        since=moment(arguments, "since").astimezone(UTC) if "since" in arguments else None,
        dry_run=flag({"dry_run": True, **arguments}, "dry_run"),
        acknowledged=tuple(texts(arguments, "acknowledge", most=MOST_FLOWS)) if "acknowledge" in arguments else (),
        unread_is_fine=flag(arguments, "flows_unread"),
    )


def _store(arguments: Mapping[str, Any]) -> Store:
    stores = {f"{store.source}:{store.id}": store for store in walked_stores()}
    return stores[one_of(arguments, "store", tuple(stores))]


def _fields(settings: BackfillCommandSettings) -> Backfill:
    return Backfill(
        name=FIELDS,
        documents=Control(settings.control_table),
        flows=partial(_flows, settings, fields_changing()),
        total=lambda _: _counted(lambda: contacts_known(hubspot(settings, _tokens(settings, "hubspot")))),
        lacks=lambda: "" if settings.klaviyo_mode == "live" else "Klaviyo is not live: it would be told of nobody",
        most_a_minute=most_a_minute(),
        now=_now,
    )


def _orders(settings: BackfillCommandSettings, store: Store) -> Backfill:
    """Orders reach Klaviyo as history, which starts no flow by itself; segments by our metrics change all the same.

    What is only observed is not sent afterwards, by no second backfill either.
    """
    modes = {"klaviyo": settings.klaviyo_mode, "hubspot": settings.hubspot_mode}
    tokens = cached_secret(settings.vendor_tokens_id).value
    not_live = [vendor for vendor, mode in modes.items() if mode != "live"]
    return Backfill(
        name=name_of(store),
        documents=Control(settings.control_table),
        flows=partial(_flows, settings, Changing(frozenset()), metrics=True),
        total=lambda since: _counted(lambda: orders_known(settings, tokens(), store, since)),
        lacks=lambda: NOTHING_LIVE if len(not_live) == len(modes) else lacking(settings, tokens(), store),
        most_a_minute=orders_a_minute(store.source),
        now=_now,
        never_told=not_live,
    )


def _counted(count: Callable[[], int]) -> Total:
    """A total, or why there is none: nothing that cannot be counted keeps a run from beginning."""
    try:
        return Total(count())
    except CommerceSyncError as error:
        return Total(None, str(error))


def _flows(settings: BackfillCommandSettings, changing: Changing, *, metrics: bool = False) -> Flows:
    triggers = KlaviyoFlowTriggers(klaviyo(settings, _tokens(settings, "klaviyo")))
    return flows_started_by(triggers, changing, metrics=metrics)


def _tokens(settings: BackfillCommandSettings, vendor: str) -> Mapping[str, Any]:
    tokens = cached_secret(settings.vendor_tokens_id).value()
    if not tokens.get(vendor):
        raise RetriableError(f"{vendor} has no token")
    return dict(tokens)


def _now() -> datetime:
    return datetime.now(UTC)
