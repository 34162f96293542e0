"""The one door: a delivery's body becomes canonical events, or reasons why not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from commerce_sync.contracts import CanonicalEvent, Store
from commerce_sync.contracts.events import PROFILE_CHANGES
from commerce_sync.intake.consents import people_of
from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.people import people_in
from commerce_sync.intake.registry import SOURCES
from commerce_sync.intake.rejections import RejectedError, refuse, reject

__all__ = ["Translation", "translate"]

FIRST_YEAR: Final = 1990
"""Klaviyo takes no event of before."""
LAST_YEAR: Final = 9998
"""In the last year that there is, a shop's clock may show a day after it."""


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
    if _has_impossible_times(translation):
        translation = _without_impossible_times(translation)
    if translation.rejections and not translation.events and not translation.people:
        translation = translation._replace(people=people_in(topic, body))
    return _with_people_of_consent(translation) if translation.consent else translation


def _has_impossible_times(translation: Translation) -> bool:
    """Most events of a body happened at one moment, which is looked at once."""
    seen = None
    for event in translation.events:
        if event.occurred_at is not seen:
            seen = event.occurred_at
            if not FIRST_YEAR <= seen.year <= LAST_YEAR:
                return True
    return False


def _without_impossible_times(translation: Translation) -> Translation:
    """Without events of a time that a sender writes where it has none, as the year 1: no vendor takes one, and no clock
    of a shop shows its day. A change of a person stays: its time only says which is newer.
    """
    gone = [event for event in translation.events if event.name not in PROFILE_CHANGES and not _is_possible(event)]
    kept = tuple(event for event in translation.events if event not in gone)
    people = dict.fromkeys([*translation.people, *(event.person for event in gone if event.person)])
    why = reject("bad_time", "", f"a time between the years {FIRST_YEAR} and {LAST_YEAR}")
    rejections = (*translation.rejections, why) if gone else translation.rejections
    return translation._replace(events=kept, people=tuple(people), rejections=rejections)


def _is_possible(event: CanonicalEvent) -> bool:
    return FIRST_YEAR <= event.occurred_at.year <= LAST_YEAR


def _with_people_of_consent(translation: Translation) -> Translation:
    """With everybody whose consent it states among its people, unless they are there under that address already."""
    others = [one for one in translation.consent if one.address and not _is_named(one.address, translation)]
    return translation._replace(people=(*translation.people, *people_of(others))) if others else translation


def _is_named(address: str, translation: Translation) -> bool:
    """The first event's person, mostly."""
    for event in translation.events:
        if (person := event.person) and (address == person.email or address == person.phone):  # noqa: PLR1714
            return True
    return any(address in {person.email, person.phone} for person in translation.people)
