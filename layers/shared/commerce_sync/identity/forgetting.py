"""Forgetting people: what is left of a neighbourhood without them. Pure."""

from collections.abc import Collection, Iterable
from datetime import datetime

from commerce_sync.contracts.identity_book import (
    Change,
    Identifier,
    Neighbourhood,
    Pointer,
    Separation,
    Side,
    Update,
    identifier_of,
)
from commerce_sync.identity.histories import Occasion
from commerce_sync.identity.neighbourhoods import News, Planner

ERASED_BY = "privacy"


def forgetting(
    planner: Planner, read: Neighbourhood | None, identifiers: Collection[Identifier], at: datetime, now: datetime
) -> Update:
    """The transaction that leaves of these identifiers nothing but a mark that nobody can read.

    :param read: the neighbourhood that holds them; None for identifiers that nobody holds: they are marked too.
    """
    marks = {key: Pointer(None, None, erased_at=at) for one in identifiers for key in planner.keys.keys(one)}
    if read is None:
        return Update(None, 0, {}, marks, frozenset(marks))
    rest = _without(read, set(identifiers))
    if not rest.members:
        return Update(None, 0, {read.neighbourhood_id: read.version}, marks, frozenset())
    update = planner.update([rest], News(Occasion(now, ERASED_BY, ERASED_BY), ()))
    after = update.kept or rest
    return Update(after, read.version, {}, {**planner.changed_pointers([read], after), **marks}, frozenset())


def _without(read: Neighbourhood, gone: set[Identifier]) -> Neighbourhood:
    return read.model_copy(
        update={
            "members": {text: profile for text, profile in read.members.items() if identifier_of(text) not in gone},
            "links": tuple(link for link in read.links if not {link.center, link.other} & gone),
            "separations": tuple(_separations(read.separations, gone)),
            "wide": tuple(one for one in read.wide if one not in gone),
            "history": tuple(_history(read.history, gone)),
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


def _history(history: Iterable[Change], gone: set[Identifier]) -> Iterable[Change]:
    """What others went through stays; an entry about nobody else goes."""
    for change in history:
        before, after = _sides(change.before, gone), _sides(change.after, gone)
        if before or after:
            links = tuple(pair for pair in change.links if not set(pair) & gone)
            yield change.model_copy(update={"before": before, "after": after, "links": links})


def _sides(sides: Iterable[Side], gone: set[Identifier]) -> tuple[Side, ...]:
    left = ((side.profile_id, tuple(one for one in side.identifiers if one not in gone)) for side in sides)
    return tuple(
        Side(profile_id=profile_id, identifiers=identifiers) for profile_id, identifiers in left if identifiers
    )
