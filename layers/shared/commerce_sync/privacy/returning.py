"""Requests about people who are forgotten already, or who came back since they were."""

from collections.abc import Collection
from datetime import datetime, timedelta

from commerce_sync.contracts.identity import PrivacyRequest
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.privacy import PrivacyCase
from commerce_sync.errors import PermanentError
from commerce_sync.privacy.needs import People, Places
from commerce_sync.privacy.tracing import EPOCH, arrived, deliveries_of

OPERATOR = "operator"
ECHO = "a repeat: everybody whom it names was forgotten before, and nobody has come back since"
LATE = "the person came back after this request was made: confirm it only if it is meant for what is known since"
ECHOING = frozenset({"hubspot"})
"""Vendors that tell of every deletion for privacy, our own included."""


def is_echo(request: PrivacyRequest, named: Collection[Identifier], people: People) -> bool:
    """Whether a vendor tells of a deletion that an erasure from here asked for.

    A store's repeated request is worked on once more instead: it costs little, and a store means what it says.
    """
    if request.kind != "erase" or request.source not in ECHOING or request.orders or not named:
        return False
    names = list(named)
    return set(people.erased(names)) >= set(names) and not people.came_back(names)


def refuse_if_late(case: PrivacyCase, identifiers: Collection[Identifier], places: Places) -> None:
    """An automatic request about somebody who came back erases what is known since only if it was made since.

    Senders repeat old requests. An operator's word is always meant for now.

    :raises PermanentError: it was made before the person's return, as far as that can be told.
    """
    if case.source == OPERATOR or case.confirmed_at:
        return
    back = places.people.came_back(list(identifiers))
    if back and case.requested_at < _returned_at(back, places):
        raise PermanentError(LATE)


def _returned_at(back: Collection[Identifier], places: Places) -> datetime:
    """When they were first heard of again. Older than the archive, where it holds nothing of it any more."""
    marks = places.people.erased(list(back))
    later = [at for one in back for key in deliveries_of([one], places) if (at := arrived(key)) > marks.get(one, EPOCH)]
    return min(later, default=places.now() - timedelta(days=places.archive_days))
