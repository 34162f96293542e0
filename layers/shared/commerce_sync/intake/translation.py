"""The one door: a delivery's body becomes canonical events, or reasons why not."""

from collections.abc import Mapping

from commerce_sync.contracts import Store
from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.registry import SOURCES
from commerce_sync.intake.rejections import RejectedError, reject

__all__ = ["Translation", "translate"]


def translate(  # noqa: PLR0917 - a delivery has as many parts as it has
    source: str,
    topic: str,
    store: Store,
    body: bytes,
    headers: Mapping[str, str] = {},
    hydrated: Mapping[str, object] | None = None,
) -> Translation:
    """Everything that one verified body proves.

    Pure, and total: whatever the bytes are, the answer is a translation and never an exception, because a
    body that raises would come back from the queue until it is lost. Event ids are made from what the body
    is about, never from the delivery, so that a second delivery, a poll and a replay give the same events.

    :param topic: as the sender names it, in its header or in its address.
    :param hydrated: what was fetched for a body that holds ids only.
    """
    translator = SOURCES.get(source)
    if translator is None:
        return Translation.refused(reject("unknown_source", expected=", ".join(sorted(SOURCES))))
    try:
        return translator(Delivery(source, topic.strip().lower(), store, body, headers, hydrated))
    except RejectedError as error:
        return Translation.refused(error.rejection)
