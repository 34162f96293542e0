"""``setup``: HubSpot's properties, the stores' webhooks, Klaviyo's metrics, and all that a person has to mend."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from commerce_sync.aws.control import Control
from commerce_sync.aws.secrets import cached_secret
from commerce_sync.composing.budgets import limits_misfits
from commerce_sync.composing.clients import hubspot, klaviyo
from commerce_sync.composing.cutting_over import inventory
from commerce_sync.composing.first_events import make_metrics, metrics_at
from commerce_sync.composing.joining import list_misfits
from commerce_sync.composing.permissions import is_stopped
from commerce_sync.composing.store_scopes import scopes_lacking
from commerce_sync.composing.store_webhooks import Found, set_up_webhooks
from commerce_sync.config.advanced import advanced_properties
from commerce_sync.config.fields import field_map
from commerce_sync.config.revenue import RevenueRules, revenue_rules
from commerce_sync.config.stores import configured_stores
from commerce_sync.errors import NotAllowedError, PermanentError, RetriableError
from commerce_sync.operating.arguments import Arguments, flag
from commerce_sync.operating.first_events import Metrics
from commerce_sync.operating.setting_up import Space, needed_scopes, set_up
from commerce_sync.settings.operations import OperationsSettings
from commerce_sync.vendors.hubspot import HubSpot, HubSpotProperties, HubSpotRevenue
from commerce_sync.vendors.hubspot.account import HubSpotAccount
from commerce_sync.vendors.hubspot.advanced_properties import with_advanced, with_fields
from commerce_sync.vendors.hubspot.field_misfits import field_misfits
from commerce_sync.vendors.hubspot.properties import wanted_properties
from commerce_sync.vendors.klaviyo import account as klaviyo_account

Said = TypeVar("Said")
Asked = dict[str, str]
"""By question, why a vendor did not answer it."""
METRICS: Final = "klaviyo metrics"
CHOICES: Final = {"plan": False, "webhooks": True, "metrics": False}
"""The arguments, and what they are unless they are said."""


def setup(settings: OperationsSettings, arguments: Arguments) -> dict[str, Any]:
    """Create HubSpot's group and properties and the stores' webhooks; ``{"plan": true}`` only says what would be done.

    ``webhooks: false`` leaves the stores alone; ``metrics: true`` makes Klaviyo's missing metrics by a first event
    each, which cannot be taken back. Given twice, the second time writes nothing.

    ``misfits`` says what revenue.toml, fields.toml and stores.toml name and an account has not, or has otherwise;
    ``limits`` where limits.toml and an account differ. ``left_out`` are properties that the account has no room for.
    ``grant`` is one list of the scopes that a person has to grant, ``scopes_lacking`` says what is missed without a
    store's. ``webhooks`` says what a person should know of a store's. ``store_apps`` says what vendors' own apps tell,
    ``not_said`` which questions a vendor did not answer.
    """
    choices = _choices(arguments)
    tokens, plan_only = cached_secret(settings.vendor_tokens_id).value(), choices["plan"]
    client, rules, not_said = hubspot(settings, tokens), revenue_rules(), Asked()
    no_calls: Mapping[str, int] = {}
    ours = wanted_properties(rules.objects, line_items=rules.line_items)
    wanted = with_advanced(with_fields(ours, field_map()), advanced_properties())
    space = _asked("hubspot room for properties", lambda: _space(client), Space(), not_said)
    done = set_up(HubSpotProperties(client), wanted, space, plan_only=plan_only)
    none: list[str] = []
    misfits = _asked("hubspot revenue", lambda: _revenue_misfits(client, rules, done), none, not_said)
    misfits += field_misfits(client, field_map())
    lacking, stores = _klaviyo(settings, tokens, misfits, not_said), scopes_lacking(settings, tokens)
    misfits += _unlike("hubspot", _asked("hubspot account", HubSpotAccount(client).details, {}, not_said))
    webhooks = _webhooks(settings, tokens, plan_only=plan_only) if choices["webhooks"] else Found()
    metrics, made = _metrics(settings, tokens, choices, not_said)
    granted = {place: [scope for scope in some if scope != "not_asked"] for place, some in stores.items()}
    done["would_create" if plan_only else "created"] |= webhooks.created | ({METRICS: made} if made else {})
    found = {
        "would_mend" if plan_only else "mended": webhooks.mended,
        "webhooks": webhooks.told,
        "klaviyo_metrics": metrics,
        "misfits": misfits + webhooks.misfits,
        "limits": limits_misfits(settings),
        "scopes_lacking": stores,
        "grant": needed_scopes(done.get("not_allowed", {}), {**lacking, **granted}),
        "calls_today": _asked("hubspot calls of today", HubSpotAccount(client).calls_today, no_calls, not_said),
        "store_apps": inventory(settings),
        "not_said": not_said,
    }
    return done | {name: said for name, said in found.items() if said}


def _choices(arguments: Arguments) -> Mapping[str, bool]:
    """What was chosen, read before anything is written: a misspelt ``plan`` would be an order to write.

    :raises ValueError: an argument is none of these; :class:`TypeError`: one is neither true nor false.
    """
    if arguments.keys() - CHOICES.keys():
        raise ValueError(f"setup takes {', '.join(CHOICES)}, and nothing else")
    return {name: flag(arguments, name, unless_said=unless_said) for name, unless_said in CHOICES.items()}


def _revenue_misfits(client: HubSpot, rules: RevenueRules, done: dict[str, Any]) -> list[str]:
    """What revenue.toml names and the account has not; a scope without which nobody can say is to be granted."""
    try:
        return HubSpotRevenue(client, rules.pipelines).misfits(rules.company_currency, rules.objects)
    except NotAllowedError as error:
        refused = {**done.get("not_allowed", {}), "hubspot revenue": list(error.scopes) or [str(error)]}
        done["not_allowed"] = refused
        return []


def _klaviyo(
    settings: OperationsSettings, tokens: Mapping[str, Any], misfits: list[str], not_said: Asked
) -> dict[str, list[str]]:
    """The scopes that its key lacks."""
    if not tokens.get("klaviyo"):
        not_said["klaviyo"] = "there is no token"
        return {}
    http = klaviyo(settings, tokens)
    misfits += _unlike("klaviyo", _asked("klaviyo account", lambda: klaviyo_account.details(http), {}, not_said))
    misfits += _asked("klaviyo lists", lambda: list_misfits(http, field_map().lists), [], not_said)
    lacking: list[str] = _asked("klaviyo scopes", lambda: klaviyo_account.scopes_lacking(http), [], not_said)
    return {"klaviyo": lacking} if lacking else {}


def _webhooks(settings: OperationsSettings, tokens: Mapping[str, Any], *, plan_only: bool) -> Found:
    signing = cached_secret(settings.signing_secrets_id).value()
    return set_up_webhooks(settings, tokens, signing, plan_only=plan_only)


def _metrics(
    settings: OperationsSettings, tokens: Mapping[str, Any], choices: Mapping[str, bool], not_said: Asked
) -> tuple[dict[str, Any], list[str]]:
    """What there is of Klaviyo's metrics, and those that were made, or would be."""
    if not tokens.get("klaviyo"):
        return {}, []
    http = klaviyo(settings, tokens)
    metrics = _asked("which metrics klaviyo has", lambda: metrics_at(http), Metrics((), (), {}), not_said)
    made: list[str] = []
    if choices["metrics"] and is_stopped(Control(settings.control_table)):
        not_said[METRICS] = "everything is stopped: none is made"
    elif choices["metrics"] and choices["plan"]:
        made += metrics.missing
    elif choices["metrics"]:
        _asked(METRICS, lambda: make_metrics(http, metrics, made.append), None, not_said)
    return metrics.told(), made


def _space(client: HubSpot) -> Space:
    room = HubSpotAccount(client).room()
    return Space(room.overall, room.by_type)


def _unlike(vendor: str, said: Mapping[str, str]) -> list[str]:
    """Where an account and its line of stores.toml differ: days and totals would be counted by another clock."""
    store = next((one for (source, _), one in configured_stores().items() if source == vendor), None)
    if store is None:
        return []
    ours = {"currency": store.currency, "time_zone": store.time_zone}
    return [
        f"{vendor}'s account has the {name.replace('_', ' ')} {value}, stores.toml says {ours[name]}"
        for name, value in said.items()
        if value != ours[name]
    ]


def _asked(question: str, ask: Callable[[], Said], unless: Said, not_said: Asked) -> Said:
    """An answer; a question that a vendor refuses, or does not answer now, is named and keeps nothing else up."""
    try:
        return ask()
    except (PermanentError, RetriableError) as error:
        not_said[question] = str(error)
        return unless
