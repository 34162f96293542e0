"""What an operator decides, as news: that people are one, or that they are not. Pure."""

from collections.abc import Sequence
from datetime import datetime
from itertools import combinations

from commerce_sync.contracts.identity_book import Change, Identifier, Link, Neighbourhood, Separation, identifier_of
from commerce_sync.errors import PermanentError
from commerce_sync.identity.histories import Occasion
from commerce_sync.identity.neighbourhoods import News


class NoSuchChangeError(PermanentError):
    """The history names no such change."""


def merging(identifiers: Sequence[Identifier], at: datetime, by: str, why: str) -> News:
    """The first identifier and each other are one person, whatever was separated before."""
    first, *others = dict.fromkeys(identifiers)
    links = tuple(Link(center=first, other=other, basis="decided", at=at, by=by) for other in others)
    return News(Occasion(at, by, why, tuple((first, other) for other in others)), (first, *others), links)


def separating(
    groups: Sequence[Sequence[Identifier]], at: datetime, by: str, why: str, former: Sequence[str] = ()
) -> News:
    """These groups are different people, whatever was seen or decided before.

    :param former: the groups' profile ids, where they shall have them back; empty for a group that shall not.
    """
    separation = Separation(groups=tuple(map(tuple, groups)), at=at)
    members = tuple(dict.fromkeys(identifier for group in groups for identifier in group))
    ids = {one: profile for profile, group in zip(former, groups, strict=False) if profile for one in group}
    pairs = tuple((one[0], other[0]) for one, other in combinations(groups, 2) if one and other)
    return News(Occasion(at, by, why, pairs), members, (), separation, former=ids)


def sharing(identifier: Identifier, at: datetime, by: str, why: str) -> News:
    """An identifier is nobody's own: a counter's phone, an address that a clerk types for everybody."""
    return News(Occasion(at, by, why), (identifier,), wide=frozenset({identifier}))


def undoing(neighbourhood: Neighbourhood | None, change_id: str, at: datetime, by: str, why: str) -> News:
    """Separates the sides of a change, and gives them their profile ids back.

    But not the id that went on after the change and is not here any more: whoever was parted from them since has it.

    :raises NoSuchChangeError: the history has no such change, or its sides have nothing left in common.
    """
    history = neighbourhood.history if neighbourhood else ()
    change = next((one for one in history if one.change_id == change_id), None)
    if change is None or neighbourhood is None:
        raise NoSuchChangeError("the history of that identifier has no such change")
    sides = _sides_left(change, neighbourhood)
    if len(sides) < 2:  # noqa: PLR2004 # of the others nothing is known here
        raise NoSuchChangeError(
            "its sides are apart, seen from that identifier: unmerge by another of them, or separate them"
        )
    gone = {side.profile_id for side in change.after} - set(neighbourhood.members.values())
    former = ["" if profile_id in gone else profile_id for profile_id, _ in sides]
    return separating([group for _, group in sides], at, by, why, former)


def _sides_left(change: Change, neighbourhood: Neighbourhood) -> list[tuple[str, list[Identifier]]]:
    """The sides without who was forgotten since."""
    known = {identifier_of(text) for text in neighbourhood.members}
    sides = [(side.profile_id, [one for one in side.identifiers if one in known]) for side in change.before]
    return [(profile_id, group) for profile_id, group in sides if group]
