"""Separations hold whatever the evidence: where links would join two of their groups, the profile is cut there."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from commerce_sync.contracts.identity_book import Identifier, Link, Separation
from commerce_sync.identity.units import Units


def is_parted(link: Link, separations: Iterable[Separation]) -> bool:
    """Whether a link's ends are in two groups of a separation that it does not overrule."""
    return any(
        _group(separation, link.center) is not None
        and _group(separation, link.other) is not None
        and _group(separation, link.center) != _group(separation, link.other)
        and not _overrules(link, separation)
        for separation in separations
    )


def cut(
    profiles: Iterable[frozenset[Identifier]], links: Collection[Link], separations: Iterable[Separation]
) -> tuple[frozenset[Link], tuple[Identifier, ...]]:
    """The links to cut in the first profile that breaks a separation, and whom that separation keeps apart.

    Nothing where none is broken.
    """
    profiles = sorted(profiles, key=min)
    for separation in sorted(separations, key=lambda one: (one.at, one.groups)):
        for profile in profiles:
            grouped = {one: group for one in profile if (group := _group(separation, one)) is not None}
            if len(set(grouped.values())) > 1:
                inside = [link for link in links if link.center in profile and link.other in profile]
                side = _sides(profile, grouped, inside, separation)
                if len(set(side.values())) > 1:
                    crossing = frozenset(link for link in inside if side[link.center] != side[link.other])
                    return crossing, tuple(sorted(grouped))
    return frozenset(), ()


def _sides(
    profile: frozenset[Identifier], grouped: Mapping[Identifier, int], links: Iterable[Link], separation: Separation
) -> dict[Identifier, int]:
    """Each identifier's group: its own, else that of the neighbour with the earliest link, round by round."""
    bound = Units(profile)
    others = []
    for link in links:
        if _overrules(link, separation):
            bound.join(link.center, link.other)
        else:
            others.append(link)
    group_of = _groups(bound, grouped)
    while open_ends := _open_ends(bound, group_of, others):
        group_of |= {inner: group_of[bound.of(outer)] for inner, outer in open_ends.items()}
    return {one: group_of.get(bound.of(one), -1) for one in profile}


def _groups(bound: Units, grouped: Mapping[Identifier, int]) -> dict[Identifier, int]:
    """Groups by what a later decision bound together; groups that it connects are one."""
    same: dict[int, set[int]] = {group: {group} for group in grouped.values()}
    members: dict[Identifier, set[int]] = defaultdict(set)
    for one, group in grouped.items():
        members[bound.of(one)].add(group)
    for groups in members.values():
        together = set().union(*(same[group] for group in groups))
        for group in together:
            same[group] = together
    return {unit: min(same[next(iter(groups))]) for unit, groups in members.items()}


def _open_ends(bound: Units, group_of: Mapping[Identifier, int], links: Iterable[Link]) -> dict[Identifier, Identifier]:
    """Who is in no group yet, with the neighbour in one that each has the earliest link with."""
    earliest: dict[Identifier, tuple[Link, Identifier]] = {}
    for link in links:
        for inner, outer in ((link.center, link.other), (link.other, link.center)):
            if bound.of(inner) not in group_of and bound.of(outer) in group_of:
                known = earliest.get(bound.of(inner))
                if known is None or _age(link) < _age(known[0]):
                    earliest[bound.of(inner)] = link, outer
    return {inner: outer for inner, (_, outer) in earliest.items()}


def _age(link: Link) -> tuple[float, Identifier, Identifier]:
    return link.at.timestamp(), link.center, link.other


def _group(separation: Separation, identifier: Identifier) -> int | None:
    return next((at for at, group in enumerate(separation.groups) if identifier in group), None)


def _overrules(link: Link, separation: Separation) -> bool:
    return link.basis == "decided" and link.at > separation.at
