"""Thin bodies: an id is all that they say, and the store is asked what stands behind it before they are translated.

Some say nearly all, but for the person or when money went back: a store that we have no token for is not asked about
those.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, Protocol

from commerce_sync.intake.bigcommerce import behind as behind_bigcommerce
from commerce_sync.intake.recharge import behind as behind_recharge
from commerce_sync.intake.records import Questions
from commerce_sync.intake.shopify import behind as behind_shopify
from commerce_sync.intake.woocommerce import behind as behind_woocommerce


class Records(Protocol):
    """One store's records, as its API shows them now."""

    def read(self, kind: str, record_id: str) -> object | None:
        """The record of a kind (``subscriber``, ``order``), or the list of a kind that a record has (an order's
        ``products``, maybe empty); None where the store knows none by that id. Amounts are text or ``Decimal``.

        :raises RetriableError: the store did not answer; the delivery comes back.
        """


THIN: Final[Mapping[str, Callable[[str, bytes], Questions]]] = MappingProxyType(
    {
        "bigcommerce": behind_bigcommerce,
        "recharge": behind_recharge,
        "shopify": behind_shopify,
        "woocommerce": behind_woocommerce,
    }
)
"""Sources of thin bodies, and what is asked about one. Adding one is a line here."""


def hydrate(source: str, topic: str, body: bytes, records: Callable[[], Records | None]) -> Mapping[str, object] | None:
    """What stands behind a thin body, by the kind of record, for ``translate``.

    A source asks one thing after the other, and knows each answer before it asks on, so that no store is asked for what
    would not be translated. None for a body that says all itself, or of which nothing would be translated anyway, and
    where there are no records to be asked; empty where the store knows nothing by that id.
    """
    if source not in THIN:
        return None
    questions = THIN[source](topic.strip().lower(), body)
    question, known = next(questions, None), dict[str, object]()
    store = records() if question else None
    if store is None:
        return None
    while question is not None:
        answer = store.read(question.kind, question.record_id)
        if answer is not None:
            known[question.kind] = answer
        try:
            question = questions.send(answer)
        except StopIteration:
            question = None
    return known
