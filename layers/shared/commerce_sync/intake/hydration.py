"""Thin bodies: an id is all that they say, and the store is asked what stands behind it before they are translated.

Some say nearly all, but for the person: a store that we have no token for is not asked about those.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, Protocol

from commerce_sync.intake.bigcommerce import behind as behind_bigcommerce
from commerce_sync.intake.recharge import behind as behind_recharge
from commerce_sync.intake.records import Behind
from commerce_sync.intake.shopify import behind as behind_shopify


class Records(Protocol):
    """One store's records, as its API shows them now."""

    def read(self, kind: str, record_id: str) -> Mapping[str, object] | None:
        """The record of a kind (``order``, ``customer``); None where the store knows none by that id.

        :raises RetriableError: the store did not answer; the delivery comes back.
        """


THIN: Final[Mapping[str, Callable[[str, bytes], Behind | None]]] = MappingProxyType(
    {"bigcommerce": behind_bigcommerce, "recharge": behind_recharge, "shopify": behind_shopify}
)
"""Sources of thin bodies, and what stands behind one. Adding one is a line here."""


def hydrate(source: str, topic: str, body: bytes, records: Callable[[], Records | None]) -> Mapping[str, object] | None:
    """What stands behind a thin body, by the kind of record, for ``translate``.

    None for a body that says all itself, or of which nothing would be translated anyway, and where there are no records
    to be asked. Empty where the store knows nothing by that id.
    """
    behind = THIN[source](topic.strip().lower(), body) if source in THIN else None
    store = records() if behind else None
    if behind is None or store is None:
        return None
    record = store.read(behind.kind, behind.record_id)
    return {} if record is None else {behind.kind: record}
