"""The stores that are asked what stands behind a thin body, and how often."""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Hashable
from functools import cache
from typing import Final, Protocol

from commerce_sync.aws.secrets import cached_secret
from commerce_sync.errors import NotAllowedError, PermanentError, RetriableError
from commerce_sync.intake import Records

WHILE_AWAY: Final = 10.0
_ANY: Final = "*"


class HydrationSettings(Hashable, Protocol):
    """Where stores are, and their tokens."""

    @property
    def vendor_tokens_id(self) -> str: ...  # noqa: D102
    @property
    def store_base_urls(self) -> str: ...  # noqa: D102
    @property
    def vendor_timeout(self) -> float: ...  # noqa: D102


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


def records_of(settings: HydrationSettings, source: str, store: str) -> Records:
    """One store's records, made when its first thin body comes.

    :raises ConfigurationError: the store has no base URL or no token.
    """
    if source != "bigcommerce":
        raise PermanentError(f"nobody knows how to ask {source}")
    return _records(settings, store, json.dumps(cached_secret(settings.vendor_tokens_id).value()))


@cache
def _records(settings: HydrationSettings, store: str, tokens: str) -> Records:
    """Kept as long as the tokens are these: a rotated one makes a new session."""
    from commerce_sync.vendors.bigcommerce import BigCommerceRecords  # noqa: PLC0415 # only thin bodies pay for HTTP
    from commerce_sync.vendors.factory import bigcommerce  # noqa: PLC0415

    return SparingRecords(BigCommerceRecords(bigcommerce(settings, json.loads(tokens), store)))


def forget_records() -> None:
    """Forget every session, and which store is away."""
    _records.cache_clear()
