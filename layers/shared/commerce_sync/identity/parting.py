"""Neighbourhoods part where nothing goes through any more: an identifier became wide, a person was forgotten."""

from collections.abc import Callable, Iterable, Sequence

from commerce_sync.contracts.identity_book import Identifier, Neighbourhood, identifier_of, text_of
from commerce_sync.identity.histories import only_about
from commerce_sync.identity.units import Units

Barred = Callable[[Identifier], bool]


def parted(whole: Neighbourhood, is_barred: Barred, new_id: Callable[[], str]) -> list[Neighbourhood]:
    """What links, profiles and separations still connect, each for itself. The largest stays what it was."""
    members = {identifier_of(text): profile for text, profile in whole.members.items()}
    parts = sorted(_connected(whole, members.keys(), is_barred).all(), key=lambda part: (-len(part), min(part)))
    if len(parts) < 2:  # noqa: PLR2004 # it is in one piece
        return [whole]
    return [_part(whole, part, is_barred, None if at == 0 else new_id()) for at, part in enumerate(parts)]


def _connected(whole: Neighbourhood, members: Iterable[Identifier], is_barred: Barred) -> Units:
    units = Units(members)
    bonds: list[Sequence[Identifier]] = [
        (link.center, link.other)
        for link in whole.links
        if link.basis == "decided" or not (is_barred(link.center) or is_barred(link.other))
    ]
    bonds += [[one for group in separation.groups for one in group] for separation in whole.separations]
    profiles: dict[str, list[Identifier]] = {}
    for text, profile in whole.members.items():
        profiles.setdefault(profile, []).append(identifier_of(text))
    for bond in (*bonds, *profiles.values()):
        inside = [one for one in bond if one in units]
        for other in inside[1:]:
            units.join(inside[0], other)
    return units


def _part(whole: Neighbourhood, part: frozenset[Identifier], is_barred: Barred, new_id: str | None) -> Neighbourhood:
    """One part with all that is about it. A link stays with each end that links go through."""
    texts = set(map(text_of, part))
    links = tuple(
        link
        for link in whole.links
        if any(end in part and (link.basis == "decided" or not is_barred(end)) for end in (link.center, link.other))
    )
    near = part | {end for link in links for end in (link.center, link.other)}
    return whole.model_copy(
        update={
            "neighbourhood_id": new_id or whole.neighbourhood_id,
            "version": 1 if new_id else whole.version,
            "members": {text: profile for text, profile in whole.members.items() if text in texts},
            "links": links,
            "separations": tuple(
                one for one in whole.separations if any(part.intersection(group) for group in one.groups)
            ),
            "wide": tuple(one for one in whole.wide if one in near),
            "history": tuple(only_about(whole.history, part)),
            "erased": {text: at for text, at in whole.erased.items() if text in texts},
            "met": tuple(text for text in whole.met if text in texts),
        }
    )
