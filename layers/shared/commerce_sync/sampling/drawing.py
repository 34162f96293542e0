"""Whom a sample looks at: drawn at random in several places, so that nobody is hidden by who keeps them. Pure.

Half are drawn from our own tables, a quarter from what each vendor has: so a contact that we never told of is found,
and so is somebody whom a vendor lost. Whoever was drawn twice counts once, and the next one takes their place.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from random import Random
from typing import Final
from uuid import UUID

from commerce_sync.contracts.identity_book import Neighbourhood, identifier_of
from commerce_sync.contracts.samples import Place

TURNS: Final[tuple[Place, ...]] = ("ours", "hubspot", "ours", "klaviyo")
MOST_PLACES: Final = 20
"""Random places looked at in our tables, each once, and parts read of a vendor's records, at most."""
EMAIL: Final = "email"


def randomness(seed: str) -> Random:
    """The same choices for the same seed."""
    return Random(seed)  # noqa: S311 # a sample is no secret


def somewhere(random: Random) -> str:
    """A random id of a neighbourhood: a place in a table that is ordered by a hash of its keys, or by the keys."""
    return str(UUID(int=random.getrandbits(128)))


def addresses(neighbourhoods: Sequence[Neighbourhood], random: Random) -> Iterator[str]:
    """One email address of each person, so that nobody is likelier for having many, or for having many neighbours."""
    for one in neighbourhoods:
        people: dict[str, list[str]] = {}
        for text, profile in sorted(one.members.items()):
            kind, value = identifier_of(text)
            if kind.partition("@")[0] == EMAIL:
                people.setdefault(profile, []).append(value)
        for theirs in people.values():
            yield random.choice(theirs)


def parts_to_read(sizes: Mapping[str, int], number: int, random: Random) -> Mapping[str, int]:
    """How many records of each part to take: a part is as likely as it is large, so a record is as likely as another.

    Of more than :data:`MOST_PLACES` parts as many are read, the larger ones likelier.
    """
    names = [name for name, size in sorted(sizes.items()) if size > 0]
    if not names:
        return {}
    weights = [sizes[name] for name in names]
    if len(names) > MOST_PLACES:
        names = sorted(set(random.choices(names, weights, k=MOST_PLACES)))
        weights = [1] * len(names)
    taken = random.choices(names, weights, k=number)
    return {name: taken.count(name) for name in names if name in taken}


def in_turns(drawn: Mapping[Place, Sequence[str]], number: int) -> dict[str, Place]:
    """As many email addresses as wanted, each with where it was drawn first; one that has none left is passed by."""
    left = {place: iter(dict.fromkeys(emails)) for place, emails in drawn.items()}
    found: dict[str, Place] = {}
    for place in cycle(TURNS):
        if len(found) >= number or not left:
            break
        email = next((one for one in left.get(place, iter(())) if one not in found), None)
        if email is None:
            left.pop(place, None)
        else:
            found[email] = place
    return found
