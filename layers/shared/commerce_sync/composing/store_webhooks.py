"""The webhooks of the configured stores: what each shall tell us, and with whose credentials that is seen to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from commerce_sync.composing import clients
from commerce_sync.composing.clients import RechargeSettings, ShopSettings
from commerce_sync.config.stores import configured_stores
from commerce_sync.errors import ConfigurationError, PermanentError, RetriableError
from commerce_sync.intake.bigcommerce import topics as bigcommerce_topics
from commerce_sync.intake.recharge import topics as recharge_topics
from commerce_sync.intake.shopify import topics as shopify_topics
from commerce_sync.intake.woocommerce import topics as woocommerce_topics
from commerce_sync.operating.store_webhooks import Wanted, Webhooks, carried_out, planned, told_of
from commerce_sync.vendors.bigcommerce import BigCommerceWebhooks
from commerce_sync.vendors.recharge import RechargeWebhooks
from commerce_sync.vendors.shopify import ShopifyWebhooks
from commerce_sync.vendors.shopify.webhooks import SCOPES, is_granted
from commerce_sync.vendors.woocommerce import WooCommerceWebhooks
from commerce_sync.webhooks.refusals import UnverifiedError
from commerce_sync.webhooks.secrets import secrets_of

Tokens = Mapping[str, Any]
IN_THE_APP: Final = "only the app's own configuration subscribes to these"
NOT_SIGNED: Final = "the signing secrets have none of this store: every delivery would be refused"
NOT_PLAIN: Final = "the signing secret is not letters and digits only: the shop would sign with another one"


class WebhookSettings(ShopSettings, RechargeSettings, Protocol):
    """Where the stores are, and where they reach us: ``intake_url``, and ``public_base_url`` where that is set."""

    @property
    def intake_url(self) -> str: ...  # noqa: D102
    @property
    def public_base_url(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Store:
    """One store's webhooks, the topics that it shall tell us, and by reason those that it cannot be asked for."""

    webhooks: Webhooks
    topics: Sequence[str]
    left_out: Mapping[str, Sequence[str]] = field(default_factory=dict)
    topic_in_address: bool = False


@dataclass(slots=True)
class Found:
    """What was done at the stores, by ``shopify:us webhooks``, and what a person should know, by ``shopify:us``."""

    created: dict[str, list[str]] = field(default_factory=dict)
    mended: dict[str, list[str]] = field(default_factory=dict)
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    misfits: list[str] = field(default_factory=list)


def addresses_of_ours(settings: WebhookSettings, source: str, store: str) -> list[str]:
    """Where a store's deliveries reach this deployment; the first is the one that senders are given."""
    bases = filter(None, (settings.public_base_url, settings.intake_url))
    return list(dict.fromkeys(f"{base.rstrip('/')}/webhooks/{source}/{store}" for base in bases))


def set_up_webhooks(settings: WebhookSettings, tokens: Tokens, signing: Any, *, plan_only: bool) -> Found:
    """See to the webhooks of every store that sends any. A store that cannot be asked says why; the others go on."""
    found = Found()
    for (source, store), line in configured_stores().items():
        if source not in OPENED or not line.webhooks:
            continue
        try:
            opened = OPENED[source](settings, tokens, store, _secret(signing, source, store))
            _see_to(found, settings, source, store, opened, plan_only=plan_only)
        except (ConfigurationError, PermanentError, RetriableError) as error:
            found.told[f"{source}:{store}"] = {"not_done": str(error)}
    return found


def _see_to(
    found: Found, settings: WebhookSettings, source: str, store: str, opened: Store, *, plan_only: bool
) -> None:
    wanted = Wanted(opened.topics, addresses_of_ours(settings, source, store), opened.topic_in_address)
    standing = opened.webhooks.all()
    plan = planned(standing, wanted)
    done = carried_out(opened.webhooks, plan, wanted, plan_only=plan_only)
    name = f"{source}:{store}"
    found.created |= {f"{name} webhooks": done.created} if done.created else {}
    found.mended |= {f"{name} webhooks": done.mended} if done.mended else {}
    left_out = {reason: list(topics) for reason, topics in opened.left_out.items() if topics}
    if told := told_of(plan, done) | ({"left_out": left_out} if left_out else {}):
        found.told[name] = told
    versions = {one.version for one in standing if wanted.is_ours(one)} - {"", settings.shopify_api_version}
    found.misfits += [
        f"{name}: the webhooks of the app have the version {version}, {settings.shopify_api_version} is read here"
        for version in sorted(versions)
    ]


def _secret(signing: Any, source: str, store: str) -> str:
    """The secret that new webhooks sign with: the current one.

    :raises ConfigurationError: there is none, so whatever the store sends would be refused.
    """
    try:
        known = secrets_of(signing, source, store)
    except UnverifiedError as error:
        raise ConfigurationError(f"signing secrets: {error.reason}") from None
    if not any(known):
        raise ConfigurationError(NOT_SIGNED)
    return known[0]


def _shopify(settings: WebhookSettings, tokens: Tokens, store: str, _secret: str) -> Store:
    shop = clients.shopify(settings, tokens, store)
    granted = shop.scopes()
    topics = [topic for topic in shopify_topics.SUBSCRIBED if is_granted(SCOPES[topic], granted)]
    left_out: dict[str, list[str]] = {}
    for topic in shopify_topics.SUBSCRIBED:
        if topic not in topics:
            left_out.setdefault(f"without the scope {SCOPES[topic]}", []).append(topic)
    return Store(ShopifyWebhooks(shop), topics, {**left_out, IN_THE_APP: shopify_topics.PRIVACY})


def _bigcommerce(settings: WebhookSettings, tokens: Tokens, store: str, _secret: str) -> Store:
    return Store(BigCommerceWebhooks(clients.bigcommerce(settings, tokens, store)), bigcommerce_topics.SUBSCRIBED)


def _woocommerce(settings: WebhookSettings, tokens: Tokens, store: str, secret: str) -> Store:
    if not (secret.isascii() and secret.isalnum()):
        raise ConfigurationError(NOT_PLAIN)
    webhooks = WooCommerceWebhooks(clients.woocommerce(settings, tokens, store), secret)
    more = woocommerce_topics.SUBSCRIBED_WITH_SUBSCRIPTIONS if webhooks.knows_subscriptions() else ()
    return Store(webhooks, (*woocommerce_topics.SUBSCRIBED, *more))


def _recharge(settings: WebhookSettings, tokens: Tokens, store: str, _secret: str) -> Store:
    webhooks = RechargeWebhooks(clients.recharge(settings, tokens, store))
    return Store(webhooks, recharge_topics.SUBSCRIBED, topic_in_address=True)


OPENED: Final[Mapping[str, Callable[[WebhookSettings, Tokens, str, str], Store]]] = {
    "shopify": _shopify,
    "bigcommerce": _bigcommerce,
    "woocommerce": _woocommerce,
    "recharge": _recharge,
}
