"""How the vendors are asked what their own store apps tell."""

from collections.abc import Callable
from datetime import UTC, datetime

from commerce_sync.aws.control import Control
from commerce_sync.composing.clients import AccountSettings, hubspot, klaviyo
from commerce_sync.composing.natives import Looks, NativeGuard, watched
from commerce_sync.config.events import events_rules
from commerce_sync.config.natives import native_apps
from commerce_sync.contracts.natives import Native, Natives
from commerce_sync.vendors.hubspot.natives import HubSpotNatives
from commerce_sync.vendors.klaviyo.natives import KlaviyoNatives

Token = Callable[[str], str]
"""A vendor's token. Raises PausedError where there is none, or where nothing may be asked now."""


def native_looks(settings: AccountSettings, token: Token) -> Looks:
    """A look at each destination, for those apps alone that events.toml names."""

    def at_klaviyo(known: Natives) -> tuple[Native, ...]:
        return klaviyo_natives(settings, token).found(watched(events_rules(), native_apps()), _now(), known.found)

    def at_hubspot(_known: Natives) -> tuple[Native, ...]:
        apps = sorted({one.hubspot_app for one in events_rules().values() if one.hubspot_app})
        return hubspot_natives(settings, token).newest(apps) if apps else ()

    return {"klaviyo": at_klaviyo, "hubspot": at_hubspot}


def klaviyo_natives(settings: AccountSettings, token: Token) -> KlaviyoNatives:
    """Klaviyo's metrics and what hangs on them."""
    return KlaviyoNatives(klaviyo(settings, {"klaviyo": token("klaviyo")}))


def hubspot_natives(settings: AccountSettings, token: Token) -> HubSpotNatives:
    """HubSpot's orders that are not ours."""
    return HubSpotNatives(hubspot(settings, {"hubspot": token("hubspot")}))


def native_guard(settings: AccountSettings, control_table: str, token: Token) -> NativeGuard:
    """The guard before everything that is sent."""
    looks = native_looks(settings, token)
    return NativeGuard(Control(control_table), events_rules(), native_apps(), looks, _now)


def _now() -> datetime:
    return datetime.now(UTC)
