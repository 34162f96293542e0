"""The pages of the systems that the baseline reads: Klaviyo's profiles, HubSpot's contacts, what a store lists."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final, Protocol

from commerce_sync.aws.secrets import cached_secret
from commerce_sync.composing.clients import (
    AccountSettings,
    ShopSettings,
    bigcommerce,
    hubspot,
    klaviyo,
    shopify,
)
from commerce_sync.composing.connections import Connections
from commerce_sync.composing.consent_saying import account_of
from commerce_sync.composing.klaviyo_shown import CHANNELS, with_list_named
from commerce_sync.composing.polling_hubspot import kinds_of
from commerce_sync.config.consent import consent_policy
from commerce_sync.config.stores import configured_stores
from commerce_sync.consent.baseline.needs import Found, Page
from commerce_sync.consent.bigcommerce_facts import of_row
from commerce_sync.consent.hubspot_facts import of_contact
from commerce_sync.consent.klaviyo_facts import of_profile
from commerce_sync.consent.naming import named_by
from commerce_sync.consent.shopify_facts import of_customer
from commerce_sync.contracts import Store
from commerce_sync.errors import ConfigurationError, PausedError
from commerce_sync.vendors.bigcommerce import BigCommerceSubscribers
from commerce_sync.vendors.hubspot import HubSpotOptOuts, HubSpotStatuses
from commerce_sync.vendors.klaviyo import KlaviyoPolling
from commerce_sync.vendors.klaviyo.subscriptions import address_of, subscription_of
from commerce_sync.vendors.shopify import ShopifyCustomers

NO_TOKEN_WAIT: Final = 300.0


class SystemSettings(AccountSettings, ShopSettings, Connections, Protocol):
    """Where the systems are, and their tokens."""


def store_of(system: str) -> Store:
    """A system as a store: its source, its id and where its phone numbers are read."""
    source, _, store = system.partition(":")
    return configured_stores()[source, store] if store else account_of(source)


def page_of(settings: SystemSettings, system: str) -> Page:
    """How a system's pages are read; it is connected to with the first of them.

    :raises PausedError: there is no token for it any more.
    """
    source, _, store = system.partition(":")
    make: Callable[[], Page] = {
        "klaviyo": lambda: _klaviyo(settings, _tokens(settings, source)),
        "hubspot": lambda: _hubspot(settings, _tokens(settings, source)),
        "bigcommerce": lambda: _bigcommerce(settings, _tokens(settings, source), store),
        "shopify": lambda: _shopify(settings, _tokens(settings, source), store),
    }[source]
    connected = cache(make)

    def page(cursor: str | None) -> tuple[Sequence[Found], str | None]:
        return connected()(cursor)

    return page


def _klaviyo(settings: SystemSettings, tokens: Mapping[str, Any]) -> Page:
    polling = KlaviyoPolling(klaviyo(settings, tokens))
    list_named = named_by(consent_policy(), "klaviyo", {one.list_id: one.name for one in polling.lists()})

    def found_in(profile: Mapping[str, Any]) -> Iterator[Found]:
        for channel in CHANNELS:
            if address := address_of(profile, channel):
                said = of_profile(address, channel, subscription_of(profile, channel))
                named = tuple(with_list_named(one, list_named) for one in said)
                yield Found(str(profile["id"]), channel, address, named)

    def page(cursor: str | None) -> tuple[Sequence[Found], str | None]:
        profiles, following = polling.profiles(cursor)
        return [one for profile in profiles for one in found_in(profile)], following

    return page


def _hubspot(settings: SystemSettings, tokens: Mapping[str, Any]) -> Page:
    client = hubspot(settings, tokens)
    names = kinds_of(HubSpotStatuses(client))
    opt_outs, named = HubSpotOptOuts(client, sorted(names)), named_by(consent_policy(), "hubspot", names)

    def page(cursor: str | None) -> tuple[Sequence[Found], str | None]:
        contacts, following = opt_outs.page(cursor)
        return [
            Found(one.contact_id, "email", address, tuple(of_contact(one, address, named)))
            for one in contacts
            for address in dict.fromkeys(filter(None, (one.email, *one.additional_emails)))
        ], following

    return page


def _shopify(settings: SystemSettings, tokens: Mapping[str, Any], store: str) -> Page:
    try:
        customers = ShopifyCustomers(shopify(settings, tokens, store))
    except ConfigurationError as error:
        raise PausedError(str(error), retry_after=NO_TOKEN_WAIT) from error

    def page(cursor: str | None) -> tuple[Sequence[Found], str | None]:
        found, following = customers.page(cursor)
        return [
            Found(
                one.customer_id,
                channel,
                shown.address,
                tuple(of_customer(store, one.customer_id, channel, shown.address, shown)),
            )
            for one in found
            for channel in CHANNELS
            if (shown := one.on(channel)) is not None
        ], following

    return page


def _bigcommerce(settings: SystemSettings, tokens: Mapping[str, Any], store: str) -> Page:
    try:
        subscribers = BigCommerceSubscribers(bigcommerce(settings, tokens, store))
    except ConfigurationError as error:
        raise PausedError(str(error), retry_after=NO_TOKEN_WAIT) from error

    def page(cursor: str | None) -> tuple[Sequence[Found], str | None]:
        rows, following = subscribers.page(cursor)
        return [Found(one.subscriber_id, "email", one.email, tuple(of_row(store, one))) for one in rows], following

    return page


def _tokens(settings: SystemSettings, source: str) -> Mapping[str, Any]:
    tokens: Mapping[str, Any] = cached_secret(settings.vendor_tokens_id).value()
    if not tokens.get(source):
        raise PausedError(f"{source} has no token", retry_after=NO_TOKEN_WAIT)
    return tokens
