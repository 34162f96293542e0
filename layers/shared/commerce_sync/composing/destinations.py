"""The destinations of consent, made of vendor clients when something is to be told there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any, Final, Protocol

from commerce_sync.aws.secrets import cached_secret
from commerce_sync.composing.clients import AccountSettings, ShopSettings, bigcommerce, hubspot, klaviyo, shopify
from commerce_sync.composing.consent_places import now, places_of, purpose_of
from commerce_sync.composing.identity import IdentitySettings, people_of
from commerce_sync.consent.at_hubspot import HubSpotDestination
from commerce_sync.consent.at_klaviyo import KlaviyoDestination
from commerce_sync.consent.at_list import ListDestination
from commerce_sync.consent.at_store import StoreDestination
from commerce_sync.consent.keeping_needs import Destination
from commerce_sync.consent.work import Making
from commerce_sync.contracts.budgets import Lane
from commerce_sync.contracts.consent import Channel, Standing
from commerce_sync.contracts.consent_policy import ConsentPolicy
from commerce_sync.contracts.consent_shown import Place, Wanted
from commerce_sync.errors import ConfigurationError, PausedError
from commerce_sync.vendors.bigcommerce.consent import BigCommerceConsent
from commerce_sync.vendors.hubspot import HubSpotContacts
from commerce_sync.vendors.hubspot.consent_properties import HubSpotConsentProperties, consent_properties
from commerce_sync.vendors.hubspot.preferences import HubSpotPreferences
from commerce_sync.vendors.klaviyo.holds import KlaviyoConsentAndHolds
from commerce_sync.vendors.shopify.consent import ShopifyConsent
from commerce_sync.vendors.shopify.customers import CustomerConsent

NO_TOKEN_WAIT = 300.0
SMS_STANDING: Final = "sync_sms_consent"


class DestinationSettings(AccountSettings, ShopSettings, IdentitySettings, Protocol):
    """Where the vendors and stores are, and their tokens."""

    @property
    def vendor_tokens_id(self) -> str: ...  # noqa: D102


def destinations_of(settings: DestinationSettings, policy: ConsentPolicy) -> Mapping[str, Making]:
    """How each destination is made: once for what takes consent back, whose calls draw first, and once for the rest."""
    makers: dict[str, Making] = {}
    for place in places_of(settings):
        kind = place.name.partition(":")[0]
        make = {"klaviyo": _klaviyo, "hubspot": _hubspot, "bigcommerce": _bigcommerce}.get(kind, _shopify)
        makers[place.name] = cache(partial(make, settings, policy, place))
    return makers


def _klaviyo(settings: DestinationSettings, policy: ConsentPolicy, place: Place, lane: Lane) -> Destination:
    client = klaviyo(settings, _tokens(settings, "klaviyo"), lane)
    return KlaviyoDestination(KlaviyoConsentAndHolds(client), policy, place)


def _hubspot(settings: DestinationSettings, policy: ConsentPolicy, place: Place, lane: Lane) -> Destination:
    client = hubspot(settings, _tokens(settings, "hubspot"), lane)
    preferences, contacts = HubSpotPreferences(client), HubSpotContacts(client)
    return HubSpotDestination(
        preferences=preferences,
        properties=HubSpotConsentProperties(client),
        policy=policy,
        place=place,
        subscription_ids=cache(partial(subscription_ids, preferences, policy)),
        contacts_of=partial(_contacts_of_phone, settings),
        standings_of=partial(_standings_of, contacts),
        described=_described,
    )


def _shopify(settings: DestinationSettings, policy: ConsentPolicy, place: Place, lane: Lane) -> Destination:
    store = place.name.partition(":")[2]
    tokens = _tokens(settings, "shopify")
    try:
        client = ShopCustomers(ShopifyConsent(shopify(settings, tokens, store, lane)))
    except ConfigurationError as error:
        raise PausedError(str(error), retry_after=NO_TOKEN_WAIT) from error
    return StoreDestination(client, purpose_of(policy, "shopify", store), place, now)


def _bigcommerce(settings: DestinationSettings, policy: ConsentPolicy, place: Place, lane: Lane) -> Destination:
    store = place.name.partition(":")[2]
    tokens = _tokens(settings, "bigcommerce")
    try:
        client = BigCommerceConsent(bigcommerce(settings, tokens, store, lane))
    except ConfigurationError as error:
        raise PausedError(str(error), retry_after=NO_TOKEN_WAIT) from error
    return ListDestination(client, purpose_of(policy, "bigcommerce", store), place)


@dataclass(frozen=True)
class ShopCustomers:
    """A Shopify store's customers as a destination takes them: what we grant was proved once, by one act."""

    customers: ShopifyConsent

    def find(self, channel: Channel, address: str) -> Sequence[CustomerConsent]:
        """Every customer that has an address."""
        return self.customers.find(channel, address)

    def unsubscribe(self, customer_id: str, channel: Channel, at: datetime) -> object:
        """Withdraw as of a time."""
        return self.customers.unsubscribe(customer_id, channel, at)

    def subscribe(self, customer_id: str, channel: Channel, at: datetime) -> object:
        """Grant as of a time."""
        return self.customers.subscribe(customer_id, channel, at, "SINGLE_OPT_IN")


def subscription_ids(preferences: HubSpotPreferences, policy: ConsentPolicy) -> Mapping[str, Sequence[str]]:
    """The ids of each purpose's kinds of email, which the policy names by id or by name.

    :raises PausedError: HubSpot has no such kind: what needs it waits until consent.toml names one that it has.
    """
    known = preferences.definitions()
    by_name = {name: one.subscription_id for one in known for name in (one.subscription_id, one.name)}
    wanted = {one.id: one.hubspot for one in policy.purposes_of("email")}
    if unknown := sorted(name for names in wanted.values() for name in names if name not in by_name):
        reason = f"HubSpot has no subscription type {', '.join(unknown)}: see consent.toml"
        raise PausedError(reason, retry_after=NO_TOKEN_WAIT)
    return {purpose: [by_name[name] for name in names] for purpose, names in wanted.items()}


def _described(channel: Channel, standing: Standing, wanted: Wanted) -> Mapping[str, str]:
    return consent_properties(
        channel, standing, opt_in_at=wanted.opted_in_at, opt_out_at=wanted.opted_out_at, source=wanted.source
    )


def _contacts_of_phone(settings: DestinationSettings, phone: str) -> Sequence[str]:
    """The HubSpot contacts of the one profile that a phone number belongs to; none where several share it."""
    identifiers = people_of(settings).identifiers_of_person([("phone", phone)])
    return [value for kind, value in identifiers if kind.startswith("hubspot:")]


def _standings_of(contacts: HubSpotContacts, contact_ids: Sequence[str]) -> Mapping[str, str]:
    found = contacts.read(contact_ids, [SMS_STANDING]) if contact_ids else []
    return {str(one["id"]): str(one["properties"].get(SMS_STANDING) or "") for one in found}


def _tokens(settings: DestinationSettings, vendor: str) -> Mapping[str, Any]:
    tokens: Mapping[str, Any] = cached_secret(settings.vendor_tokens_id).value()
    if not tokens.get(vendor):
        raise PausedError(f"{vendor} has no token", retry_after=NO_TOKEN_WAIT)
    return tokens
