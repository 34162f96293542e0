"""The stores that are asked what stands behind a thin body, and how often."""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from functools import cache
from typing import Any, Final, Protocol

from commerce_sync.aws.secrets import cached_secret
from commerce_sync.contracts.budgets import Lane
from commerce_sync.errors import NotAllowedError, PermanentError, RetriableError
from commerce_sync.intake import Records

WHILE_AWAY: Final = 10.0
_ANY: Final = "*"


class HydrationSettings(Hashable, Protocol):
    """Where stores are, their tokens, and the budgets of their calls."""

    @property
    def vendor_tokens_id(self) -> str: ...  # noqa: D102
    @property
    def store_base_urls(self) -> str: ...  # noqa: D102
    @property
    def shopify_api_version(self) -> str: ...  # noqa: D102
    @property
    def recharge_api_version(self) -> str: ...  # noqa: D102
    @property
    def vendor_timeout(self) -> float: ...  # noqa: D102
    @property
    def budget_table(self) -> str: ...  # noqa: D102
    @property
    def budget_lane(self) -> str: ...  # noqa: D102
    @property
    def budget_patience(self) -> float: ...  # noqa: D102


class SparingRecords:
    """Records of one store that is not asked again for a while once it did not answer.

    So a store that is away costs one time-out, and holds up no delivery of others in the same batch. A token that may
    not read one kind of record may read the others: who left the newsletter is not held up by carts.
    """

    def __init__(self, records: Records, clock: Callable[[], float] = time.monotonic) -> None:
        self._records = records
        self._clock = clock
        self._ask_at: defaultdict[str, float] = defaultdict(lambda: float("-inf"))

    def read(self, kind: str, record_id: str) -> object | None:
        """As the store says.

        :raises RetriableError: it does not answer, or did not a moment ago.
        """
        if self._clock() < max(self._ask_at[_ANY], self._ask_at[kind]):
            raise RetriableError("the store did not answer a moment ago")
        try:
            return self._records.read(kind, record_id)
        except RetriableError as error:
            held_up = kind if isinstance(error, NotAllowedError) else _ANY
            self._ask_at[held_up] = self._clock() + (error.retry_after or WHILE_AWAY)
            raise


def records_of(settings: HydrationSettings, source: str, store: str, lane: Lane) -> Records | None:
    """One store's records, made when its first thin body comes; None where its bodies can do without, and it has no
    base URL or no token. Each ``lane`` has its own: what orders' calls have used up holds up nobody who leaves a list.

    :raises ConfigurationError: BigCommerce's bodies are nothing without their records, and the store has none of both.
    """
    if source not in MAKERS:
        raise PermanentError(f"nobody knows how to ask {source}")
    tokens = cached_secret(settings.vendor_tokens_id).value()
    if source in OPTIONAL and not _is_connected(settings, tokens, source, store):
        return None
    return _records(settings, source, store, json.dumps(tokens), lane)


def _is_connected(settings: HydrationSettings, tokens: Mapping[str, Any], source: str, store: str) -> bool:
    from commerce_sync.vendors.factory import read_store_urls  # noqa: PLC0415 # only thin bodies pay for HTTP

    of_source = tokens.get(source)
    has_token = bool(isinstance(of_source, Mapping) and of_source.get(store))
    return has_token and store in read_store_urls(settings.store_base_urls).get(source, {})


@cache
def _records(settings: HydrationSettings, source: str, store: str, tokens: str, lane: Lane) -> Records:
    """Kept as long as the tokens are these: a rotated one makes a new session."""
    return SparingRecords(MAKERS[source](settings, json.loads(tokens), store, lane))


def _bigcommerce(settings: HydrationSettings, tokens: Mapping[str, Any], store: str, lane: Lane) -> Records:
    from commerce_sync.composing.clients import bigcommerce  # noqa: PLC0415
    from commerce_sync.vendors.bigcommerce import BigCommerceRecords  # noqa: PLC0415 # only thin bodies pay for HTTP

    return BigCommerceRecords(bigcommerce(settings, tokens, store, lane))


def _recharge(settings: HydrationSettings, tokens: Mapping[str, Any], store: str, lane: Lane) -> Records:
    from commerce_sync.composing.clients import recharge  # noqa: PLC0415 # only thin bodies pay for HTTP
    from commerce_sync.vendors.recharge import RechargeRecords  # noqa: PLC0415

    return RechargeRecords(recharge(settings, tokens, store, lane))


def _shopify(settings: HydrationSettings, tokens: Mapping[str, Any], store: str, lane: Lane) -> Records:
    from commerce_sync.composing.clients import shopify  # noqa: PLC0415 # only thin bodies pay for HTTP
    from commerce_sync.vendors.shopify import ShopifyRecords  # noqa: PLC0415

    return ShopifyRecords(shopify(settings, tokens, store, lane))


def _woocommerce(settings: HydrationSettings, tokens: Mapping[str, Any], store: str, lane: Lane) -> Records:
    from commerce_sync.composing.clients import woocommerce  # noqa: PLC0415 # only thin bodies pay for HTTP
    from commerce_sync.vendors.woocommerce import WooCommerceOrders, WooCommerceRecords  # noqa: PLC0415

    return WooCommerceRecords(WooCommerceOrders(woocommerce(settings, tokens, store, lane)))


MAKERS: Final[Mapping[str, Callable[[HydrationSettings, Mapping[str, Any], str, Lane], Records]]] = {
    "bigcommerce": _bigcommerce,
    "recharge": _recharge,
    "shopify": _shopify,
    "woocommerce": _woocommerce,
}
OPTIONAL: Final = frozenset({"recharge", "shopify", "woocommerce"})
"""Sources most of whose bodies say enough themselves; the translation of the others says that nobody was asked."""


def forget_records() -> None:
    """Forget every session, and which store is away."""
    _records.cache_clear()
