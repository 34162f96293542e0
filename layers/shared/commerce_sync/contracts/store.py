"""The configured store: who sent a delivery, and what that implies for money, phones and dates."""

from commerce_sync.contracts.advanced import AdvancedProperty
from commerce_sync.contracts.base import Contract


class OptInMeta(Contract):
    """The fields of a WooCommerce order or customer (``meta_data``) by which a plugin notes an opt-in, by channel."""

    email: tuple[str, ...] = ()
    sms: tuple[str, ...] = ()


class Store(Contract):
    """One shop (or CRM portal) that sends us deliveries.

    ``currency`` is the ISO 4217 code the shop is paid in, ``country`` the ISO 3166-1 alpha-2 region tried
    last for phone numbers, ``time_zone`` the IANA zone that turns its moments into dates. ``opt_in_meta`` is where a
    WooCommerce shop's plugins note opt-ins. ``shop`` is the store (``shopify:us``) that a subscription app charges for,
    or whose pages a ``web`` store is. A sender of properties knows all of them (``advanced``), and the stores whose
    customers it may name (``shops``). Of a store that sends no ``webhooks`` every order is found by polling, at once.
    """

    source: str
    id: str
    currency: str = "USD"
    country: str = "US"
    time_zone: str = "UTC"
    domain: str | None = None
    opt_in_meta: OptInMeta = OptInMeta()
    shop: str | None = None
    advanced: tuple[AdvancedProperty, ...] = ()
    shops: tuple[str, ...] = ()
    webhooks: bool = True
