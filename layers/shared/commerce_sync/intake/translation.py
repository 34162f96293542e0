"""The one door: a delivery's body becomes canonical events, or reasons why not."""

from collections.abc import Mapping
from datetime import datetime

from commerce_sync.contracts import Store
from commerce_sync.intake.consents import people_of
from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.people import people_in
from commerce_sync.intake.registry import SOURCES
from commerce_sync.intake.rejections import RejectedError, refuse

__all__ = ["Translation", "translate"]


def translate(  # noqa: PLR0917 - a delivery has as many parts as it has
    source: str,
    topic: str,
    store: Store,
    body: bytes,
    headers: Mapping[str, str] = {},
    hydrated: Mapping[str, object] | None = None,
    received_at: datetime | None = None,
) -> Translation:
    """Everything that one verified body proves.

    Pure, and total: whatever the bytes are, the answer is a translation and never an exception, because a
    body that raises would come back from the queue until it is lost. Event ids are made from what the body
    is about, never from the delivery, so that a second delivery, a poll and a replay give the same events.

    :param topic: as the sender names it, in its header or in its address.
    Whoever is named by a body that gives no event is among its people, so that an erasure finds it.

    :param hydrated: what was fetched for a body that holds ids only.
    :param received_at: when it came, for bodies without a time: without it and the sender's own header such a body
        is refused.
    """
    translator = SOURCES.get(source)
    topic = topic.strip().lower()
    try:
        if translator is None:
            raise refuse("unknown_source", expected=", ".join(sorted(SOURCES)))
        translation = translator(Delivery(source, topic, store, body, headers, hydrated, received_at))
    except RejectedError as error:
        translation = Translation.refused(error.rejection)
    if translation.rejections and not translation.events and not translation.people:
        translation = translation._replace(people=people_in(topic, body))
    return _with_people_of_consent(translation) if translation.consent else translation


def _with_people_of_consent(translation: Translation) -> Translation:
    """With everybody whose consent it states among its people, unless they are there under that address already."""
    known: list[str | None] = [None, ""]
    latest = None
    for event in translation.events:
        if (person := event.person) is not latest and person:  # the events of one body are about one person, mostly
            known += (person.email, person.phone)
            latest = person
    for person in translation.people:
        known += (person.email, person.phone)
    others = [one for one in translation.consent if one.address not in known]
    return translation._replace(people=(*translation.people, *people_of(others))) if others else translation
