"""Profile ids: they stay with most of those who had them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from commerce_sync.contracts.identity_book import Identifier


def named(
    profiles: Iterable[frozenset[Identifier]], before: Mapping[Identifier, str], new_id: Callable[[], str]
) -> dict[Identifier, str]:
    """A profile id for every identifier, as few changed as can be, no two profiles alike.

    The profile that keeps most of an id's identifiers keeps the id; where two keep as many, the one with the smaller
    identifier. A profile to which no id is left gets a new one.
    """
    profiles = sorted(profiles, key=min)
    wishes = [
        (-number, at, profile_id)
        for at, profile in enumerate(profiles)
        for profile_id, number in Counter(before[one] for one in profile if one in before).items()
    ]
    given: dict[int, str] = {}
    for _, at, profile_id in sorted(wishes):
        if at not in given and profile_id not in given.values():
            given[at] = profile_id
    ids = [given.get(at) or new_id() for at in range(len(profiles))]
    return {identifier: ids[at] for at, profile in enumerate(profiles) for identifier in profile}
