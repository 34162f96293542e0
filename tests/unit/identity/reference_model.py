"""The identity fold once more, read from DECISIONS.md by another hand: slow, plain, and without the product's code.

A *unit* is a set of identifiers. Every step says which identifiers belong together; :func:`joined` closes over that.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from commerce_sync.contracts.identity_book import Identifier, Link, Separation

Unit = frozenset[Identifier]
Units = frozenset[Unit]


class Folded(NamedTuple):
    """Who is who, and the codes of what could not be decided."""

    profiles: Units
    conflicts: frozenset[str]


def kinds(unit: Iterable[Identifier]) -> set[str]:
    """What the unit holds: ``email``, ``phone`` (of a store that is apart, too), ``record`` for any system's record."""
    families = {kind.partition("@")[0] for kind, _ in unit}
    return {family if family in {"email", "phone"} else "record" for family in families}


def joined(units: Units, together: Iterable[Unit]) -> Units:
    """The units, with all that meet one group of ``together`` made one."""
    for group in together:
        meeting = {unit for unit in units if unit & group}
        if len(meeting) > 1:
            units = (units - meeting) | {frozenset().union(*meeting)}
    return units


def seen_pairs(links: Iterable[Link]) -> dict[Unit, list[Link]]:
    """The ``seen`` links by their two ends, whichever of them is the centre."""
    pairs: dict[Unit, list[Link]] = {}
    for link in (link for link in links if link.basis == "seen"):
        pairs.setdefault(frozenset({link.center, link.other}), []).append(link)
    return pairs


def wide_ones(links: Iterable[Link], most_sharing: int) -> set[Identifier]:
    """Step 1: identifiers seen with more than ``most_sharing`` identifiers of one kind."""
    counts = Counter((one, kind) for pair in seen_pairs(links) for one in pair for kind, _ in pair - {one})
    return {one for (one, _), count in counts.items() if count > most_sharing}


def alive(link: Link, separations: Iterable[Separation], barred: set[Identifier]) -> bool:
    """Whether the link can join anything at all."""
    ends = {link.center, link.other}
    apart = [s.at for s in separations if sum(bool(ends & set(group)) for group in s.groups) > 1]
    if link.basis == "decided":
        return all(link.at > at for at in apart)
    return not apart and not ends & barred


def fold_plainly(
    people: Iterable[Identifier], said: Iterable[Link], apart: Iterable[Separation], roles: Iterable[str], most: int
) -> Folded:
    """Everybody's profile, in the four steps of the specification."""
    people, links, separations, roles = frozenset(people), list(said), list(apart), set(roles)
    barred = {one for one in people if "email" in kinds({one}) and one[1].rsplit("@", 1)[0] in roles}
    barred |= wide_ones(links, most)
    living = [link for link in links if alive(link, separations, barred)]
    seen = seen_pairs(living)
    units = joined(
        frozenset(frozenset({one}) for one in people),
        [frozenset({x.center, x.other}) for x in living if x.basis != "seen"],
    )
    units = joined(units, origins(seen))
    units, held = addresses(units, list(seen))
    units, disputed = phones(units, list(seen))
    return Folded(units, frozenset(held | disputed))


def origins(seen: dict[Unit, list[Link]]) -> list[Unit]:
    """Step 2: each record with the earliest of the addresses it was seen with, the smaller text of equals."""
    first: dict[Identifier, tuple[datetime, Identifier]] = {}
    for pair, links in seen.items():
        if kinds(pair) == {"record", "email"}:
            (record,), (address,) = ([one for one in pair if kinds({one}) == {k}] for k in ("record", "email"))
            found = (min(link.at for link in links), address)
            first[record] = min(first.get(record, found), found)
    return [frozenset({record, address}) for record, (_, address) in first.items()]


def addresses(units: Units, seen: list[Unit]) -> tuple[Units, set[str]]:
    """Step 3: a unit without a record goes to the one unit whose record was seen with an address of it."""
    together, conflicts = [], set()
    for unit in units:
        pairs = [pair for pair in seen if kinds(pair) == {"record", "email"} and "email" in kinds(pair & unit)]
        suitors = {other for other in units - {unit} if any(other & pair for pair in pairs)}
        if len(suitors) > 1 or (suitors and "record" in kinds(unit)):
            conflicts.add("email_held_by_another")
        elif suitors:
            together.append(unit | suitors.pop())
    return joined(units, together), conflicts


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
    for whole in joined(units, groups):
        if sum("email" in kinds(unit) for unit in units if unit <= whole) <= 1:
            result = joined(result, [whole])
        else:
            conflicts.add("phones_disagree")
            alone = [{phone, *next(iter(met))} for phone, met in touching.items() if phone in whole and len(met) == 1]
            result = joined(result, map(frozenset, alone))
    return result, conflicts
