"""The identity fold once more, read from DECISIONS.md by another hand: slow, plain, and without the product's code.

Every step says which identifiers belong together; :func:`joined` closes over that. :func:`first_broken` then says which
links have to go, and all is done again without them.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from commerce_sync.contracts.identity_book import Identifier, Link, Separation

from tests.unit.identity.reference_units import Unit, Units, ends, first_broken, groups_of, joined, whole


class Folded(NamedTuple):
    """Who is who, and the codes of what could not be decided."""

    profiles: Units
    conflicts: frozenset[str]


def kinds(unit: Iterable[Identifier]) -> set[str]:
    """What the unit holds: ``email``, ``phone`` (of a store that is apart, too), ``record`` for any system's record."""
    families = {kind.partition("@")[0] for kind, _ in unit}
    return {family if family in {"email", "phone"} else "record" for family in families}


def seen_pairs(links: Iterable[Link]) -> dict[Unit, list[Link]]:
    """The ``seen`` links by their two ends, whichever of them is the centre."""
    pairs: dict[Unit, list[Link]] = {}
    for link in (link for link in links if link.basis == "seen"):
        pairs.setdefault(ends(link), []).append(link)
    return pairs


def wide_ones(links: Iterable[Link], most_sharing: int) -> set[Identifier]:
    """Step 1: identifiers seen with more than ``most_sharing`` identifiers of one kind; phones do not count."""
    counts = Counter(
        (one, kind) for pair in seen_pairs(links) for one in pair for kind, _ in pair - {one} if "phone" not in kind
    )
    return {one for (one, _), count in counts.items() if count > most_sharing}


def alive(link: Link, separations: Iterable[Separation], barred: set[Identifier]) -> bool:
    """Whether the link can join anything at all."""
    apart = [s.at for s in separations if sum(bool(ends(link) & group) for group in groups_of(s)) > 1]
    if link.basis == "decided":
        return all(link.at > at for at in apart)
    return not apart and not ends(link) & barred


def fold_plainly(
    people: Iterable[Identifier],
    said: Iterable[Link],
    apart: Iterable[Separation],
    roles: Iterable[str],
    most: int,
    *,
    wide: Iterable[Identifier] = (),
) -> Folded:
    """Everybody's profile, in the five steps of the specification. ``wide`` are wide besides: once, or by decision."""
    people, links, separations, roles = frozenset(people), list(said), list(apart), set(roles)
    barred = {one for one in people if "email" in kinds({one}) and one[1].rsplit("@", 1)[0] in roles}
    barred |= wide_ones(links, most) | set(wide)
    living = [link for link in links if alive(link, separations, barred)]
    cut: set[Unit] = set()
    while True:
        left = [link for link in living if ends(link) not in cut]
        units, conflicts = evidence(people, left)
        broken = first_broken(units, left, separations)
        if not broken:
            return Folded(units, frozenset(conflicts | ({"separated"} if cut else set())))
        cut |= broken


def evidence(people: Unit, living: list[Link]) -> tuple[Units, set[str]]:
    """Steps 2 to 4, over the links that can join."""
    seen = seen_pairs(living)
    units = joined(
        frozenset(frozenset({one}) for one in people), [ends(link) for link in living if link.basis != "seen"]
    )
    units = joined(units, map(frozenset, origins(seen).items()))
    units, held = addresses(units, seen)
    units, disputed = phones(units, list(seen))
    return units, held | disputed


def sightings(seen: dict[Unit, list[Link]]) -> list[tuple[Identifier, Identifier, datetime]]:
    """Each record with each address it was seen with, and the earliest time of that."""
    found = []
    for pair, links in seen.items():
        if kinds(pair) == {"record", "email"}:
            (address,) = (one for one in pair if kinds({one}) == {"email"})
            (record,) = pair - {address}
            found.append((record, address, min(link.at for link in links)))
    return found


def origins(seen: dict[Unit, list[Link]]) -> dict[Identifier, Identifier]:
    """Step 2: each record's earliest address, the smaller text of equals."""
    first: dict[Identifier, tuple[datetime, Identifier]] = {}
    for record, address, at in sightings(seen):
        first[record] = min(first.get(record, (at, address)), (at, address))
    return {record: address for record, (_, address) in first.items()}


def addresses(units: Units, seen: dict[Unit, list[Link]]) -> tuple[Units, set[str]]:
    """Step 3: an address goes to the records that were first, unless it is the origin of others of their kind."""
    met, origin, together = sightings(seen), origins(seen), []
    for address in {address for _, address, _ in met}:
        earliest = min(at for _, one, at in met if one == address)
        first = {record for record, one, at in met if (one, at) == (address, earliest)}
        begin = {record for record in origin if origin[record] == address}
        taken = not first & begin and {kind for kind, _ in begin} & {kind for kind, _ in first}
        holders = {whole(units, record) for record in first}
        if len(holders) == 1 and not taken:
            together.append(holders.pop() | {address})
    after = joined(units, together)
    strangers = [record for record, address, _ in met if record not in whole(after, address)]
    return after, {"email_held_by_another"} if strangers else set()


def phones(units: Units, seen: list[Unit]) -> tuple[Units, set[str]]:
    """Step 4: phones join units that have at most one name between them."""
    conflicts, touching = set(), {}
    for phone in [one for unit in units for one in unit if "phone" in kinds({one})]:
        with_it = frozenset().union(*(pair for pair in seen if phone in pair)) - {phone}
        touching[phone] = {unit for unit in units if unit & with_it or (phone in unit and len(unit) > 1)}
        if sum("email" in kinds(unit) for unit in touching[phone]) > 1:
            conflicts.add("shared_phone")
            del touching[phone]
    groups = [frozenset({phone}).union(*met) for phone, met in touching.items()]
    result = units
    for all_of_it in joined(units, groups):
        if sum("email" in kinds(unit) for unit in units if unit <= all_of_it) <= 1:
            result = joined(result, [all_of_it])
        else:
            conflicts.add("phones_disagree")
            alone = [
                {phone, *next(iter(met))} for phone, met in touching.items() if phone in all_of_it and len(met) == 1
            ]
            result = joined(result, map(frozenset, alone))
    return result, conflicts
