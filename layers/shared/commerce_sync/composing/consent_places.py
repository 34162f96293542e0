"""The destinations of consent by name, and how their chains are read and decided: for all who write records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

from commerce_sync.aws.control import Control
from commerce_sync.composing.ledger import LedgerPlaces
from commerce_sync.composing.permissions import Brake
from commerce_sync.config.consent import consent_policy
from commerce_sync.config.stores import configured_stores
from commerce_sync.consent.deciding import Deciding, Lease
from commerce_sync.consent.rules import shipped_rules
from commerce_sync.consent.showing import Reading
from commerce_sync.contracts.consent import ConsentRecord
from commerce_sync.contracts.consent_book import Chain, Decided
from commerce_sync.contracts.consent_policy import ConsentPolicy
from commerce_sync.contracts.consent_shown import Place
from commerce_sync.vendors.factory import read_store_urls

SELLERS: Final = frozenset({"shopify", "bigcommerce", "woocommerce", "own"})
"""Sources whose own app may bring opt-ins to Klaviyo."""
TAKES_CONSENT: Final = "shopify"
"""Stores whose customers can be told of consent."""
HAS_A_LIST: Final = "bigcommerce"
"""Stores with a newsletter's list, of email alone."""


class StoreUrls(Protocol):
    """Where the stores' APIs are."""

    @property
    def store_base_urls(self) -> str: ...  # noqa: D102


class DecidingSettings(LedgerPlaces, StoreUrls, Protocol):
    """Where the ledger and the stores are, and how long an opt-in waits (seconds)."""

    @property
    def settle(self) -> float: ...  # noqa: D102


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


def reading() -> Reading:
    """How chains are read: the configured policy by the shipped rules."""
    return Reading(consent_policy(), shipped_rules())


@dataclass(frozen=True)
class BrakedDeciding(Deciding):
    """Decides, and tells the brake about which record."""

    brake: Brake

    def __call__(self, chain: Chain, record: ConsentRecord) -> Decided:
        """What a record causes. Asked again about the same record, the brake does not count it again."""
        self.brake.about = f"{record.address_key} {record.record_id}"
        return super().__call__(chain, record)


def deciding(settings: DecidingSettings, lease: Lease) -> Deciding:
    """What a new record causes, for a worker with a lease."""
    brake = Brake(Control(settings.control_table), shipped_rules(), now)
    return BrakedDeciding(reading(), places_of(settings), lease, settings.settle, brake, brake)


def deciding_now(settings: DecidingSettings) -> Deciding:
    """The same for those who write records and tell nobody: what they cause is due at once, for the dispatcher."""
    at = now()
    return deciding(settings, Lease("", at, at))


def places_of(settings: StoreUrls) -> tuple[Place, ...]:
    """Every destination: Klaviyo, HubSpot, and each Shopify and BigCommerce store whose API is known."""
    policy = consent_policy()
    subscribed_by_us = {f"{one.source}:{one.store}" for one in policy.sources if one.subscribed_by == "us"}
    stores = {f"{source}:{store}" for source, store in configured_stores() if source in SELLERS}
    return (
        Place(
            "klaviyo",
            takes_holds=True,
            confirms=bool(policy.double_opt_in_list),
            subscribed_by_others=frozenset(stores - subscribed_by_us),
        ),
        Place("hubspot", shows_standings=True),
        *(
            Place(f"{TAKES_CONSENT}:{store}", purposes=(purpose_of(policy, TAKES_CONSENT, store),))
            for store in _known_stores(settings, TAKES_CONSENT)
        ),
        *(
            Place(f"{HAS_A_LIST}:{store}", channels=("email",), purposes=(purpose_of(policy, HAS_A_LIST, store),))
            for store in _known_stores(settings, HAS_A_LIST)
        ),
    )


def purpose_of(policy: ConsentPolicy, source: str, store: str) -> str:
    """The one purpose that a store knows."""
    configured = policy.source_of(source, store)
    return (configured.purpose if configured else None) or policy.default_purpose


def _known_stores(settings: StoreUrls, kind: str) -> Sequence[str]:
    """The configured stores of a kind whose API's address is known."""
    urls = read_store_urls(settings.store_base_urls).get(kind, {})
    return [store for source, store in configured_stores() if source == kind and store in urls]
