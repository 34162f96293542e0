"""Forgetting people: what is left of a neighbourhood without them. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime

from commerce_sync.contracts.identity_book import (
    Identifier,
    Neighbourhood,
    Pointer,
    Separation,
    Update,
    identifier_of,
)
from commerce_sync.identity.histories import Occasion, only_about
from commerce_sync.identity.neighbourhoods import MOST_ITEMS, Planner

ERASED_BY = "privacy"


def forgetting(
    planner: Planner, read: Neighbourhood | None, identifiers: Collection[Identifier], at: datetime, now: datetime
) -> Update:
    """The transaction that leaves of these identifiers nothing but a mark that nobody can read.

    :param read: the neighbourhood that holds them; None for identifiers that nobody holds: they are marked too.
    """
    keys = planner.pointers.keys
    marks = {keys.key(one): Pointer(None, erased_at=at) for one in identifiers}
    dropped = frozenset(key for one in identifiers for key in keys.keys(one)[1:])
    if read is None:
        return Update((), {}, marks, frozenset(marks), dropped)
    rest = _without(read, set(identifiers))
    if not rest.members:
        return Update((), {read.neighbourhood_id: read.version}, marks, frozenset(), dropped)
    update = planner.rest(read, rest, Occasion(now, ERASED_BY, ERASED_BY))
    return Update(update.kept, {}, {**update.pointers, **marks}, frozenset(), update.dropped | dropped)


def most_forgotten(planner: Planner, read: Neighbourhood | None) -> int:
    """How many members one transaction can forget: a mark each, and the rest may change, under every pepper."""
    versions = planner.pointers.keys.versions
    rest = (1 + len(read.members)) * versions if read else 0
    return max((MOST_ITEMS - rest) // versions, 1)


def loosest_first(identifiers: Iterable[Identifier], read: Neighbourhood | None) -> list[Identifier]:
    """Those with the fewest links first: what is left stays in one piece as long as can be."""
    ends = Counter(end for link in (read.links if read else ()) for end in (link.center, link.other))
    return sorted(identifiers, key=lambda one: (ends[one], one))


def _without(read: Neighbourhood, gone: set[Identifier]) -> Neighbourhood:
    return read.model_copy(
        update={
            "members": {text: profile for text, profile in read.members.items() if identifier_of(text) not in gone},
            "links": tuple(link for link in read.links if not {link.center, link.other} & gone),
            "separations": tuple(_separations(read.separations, gone)),
            "wide": tuple(one for one in read.wide if one not in gone),
            "history": tuple(only_about(read.history, {identifier_of(text) for text in read.members} - gone)),
            "erased": {text: at for text, at in read.erased.items() if identifier_of(text) not in gone},
            "met": tuple(text for text in read.met if identifier_of(text) not in gone),
        }
    )


def _separations(separations: Iterable[Separation], gone: set[Identifier]) -> Iterable[Separation]:
    for separation in separations:
        groups = tuple(tuple(one for one in group if one not in gone) for group in separation.groups)
        left = tuple(group for group in groups if group)
        if len(left) > 1:
            yield Separation(groups=left, at=separation.at)
