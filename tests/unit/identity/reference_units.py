"""Sets of identifiers for the second reading of the identity fold, and where separations cut them (its step 5).

A *unit* is a set of identifiers. Nothing here is the product's code.
"""

from collections.abc import Iterable

from commerce_sync.contracts.identity_book import Identifier, Link, Separation

Unit = frozenset[Identifier]
Units = frozenset[Unit]


def joined(units: Units, together: Iterable[Unit]) -> Units:
    """The units, with all that meet one group of ``together`` made one."""
    for group in together:
        meeting = {unit for unit in units if unit & group}
        if len(meeting) > 1:
            units = (units - meeting) | {frozenset().union(*meeting)}
    return units


def ends(link: Link) -> Unit:
    """Both of its identifiers."""
    return frozenset({link.center, link.other})


def whole(units: Units, one: Identifier) -> Unit:
    """The unit that holds the identifier."""
    return next(unit for unit in units if one in unit)


def groups_of(separation: Separation) -> list[Unit]:
    """Its groups; who stands in two of them belongs to the first."""
    groups: list[Unit] = []
    for group in separation.groups:
        groups.append(frozenset(group).difference(*groups))
    return groups


def first_broken(units: Units, links: list[Link], separations: Iterable[Separation]) -> set[Unit]:
    """Step 5: the ends of the links to cut in the first profile that breaks the first broken separation.

    Only what the profile itself holds makes two groups one: a merge elsewhere lets no evidence in here.
    """
    for separation in sorted(separations, key=lambda one: (one.at, one.groups)):
        later = [ends(link) for link in links if link.basis == "decided" and link.at > separation.at]
        for unit in sorted(units, key=min):
            groups = [group & unit for group in groups_of(separation) if group & unit]
            alike = joined(frozenset(frozenset({one}) for one in unit), later)
            parts = [side for side in joined(alike, groups) if any(side & group for group in groups)]
            if len(parts) > 1:
                parts = grown(parts, alike, links)
                return {ends(x) for x in links if ends(x) <= unit and not any(ends(x) <= part for part in parts)}
    return set()


def grown(parts: list[Unit], alike: Units, links: list[Link]) -> list[Unit]:
    """Round by round, whoever is in no part yet joins that of the neighbour it has the earliest link with."""
    while True:
        placed = frozenset().union(*parts)
        coming: list[set[Identifier]] = [set() for _ in parts]
        for one in (one for one in alike if not one & placed):
            near = [(x.at, x.center, x.other) for x in links if ends(x) & one and ends(x) & placed]
            if near:
                _, *pair = min(near)
                (at,) = (at for at, part in enumerate(parts) if part & set(pair))
                coming[at] |= one
        if not any(coming):
            return parts
        parts = [part | more for part, more in zip(parts, coming, strict=True)]
