"""Every small world, exhaustively: the fold beside a second reading of the specification."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import combinations, product

import pytest
from commerce_sync.contracts.identity_book import Basis, Identifier, Link, Separation
from commerce_sync.identity.policy import Policy

from tests.unit.identity.as_specified import assert_as_specified
from tests.unit.identity.strategies import EMAILS, KINDS, PHONES, RECORDS, START

WORLD = (EMAILS[0], EMAILS[1], PHONES[0], RECORDS[0], RECORDS[1], RECORDS[-1])
OTHER_WORLD = (EMAILS[0], EMAILS[1], PHONES[0], PHONES[1], RECORDS[0], RECORDS[-1])
MOVING_WORLD = (EMAILS[0], EMAILS[1], EMAILS[2], RECORDS[0], RECORDS[1], RECORDS[-1])
CALLING_WORLD = (EMAILS[0], EMAILS[1], PHONES[0], PHONES[1], PHONES[2], RECORDS[0])
WORLDS = pytest.mark.parametrize(
    "world",
    [WORLD, OTHER_WORLD, MOVING_WORLD, CALLING_WORLD],
    ids=["one phone", "two phones", "three addresses", "three phones"],
)
GENEROUS = Policy(role_local_parts=frozenset(), most_sharing=50, most_identifiers=80, most_merged=20)


def link(center: Identifier, other: Identifier, basis: Basis = "seen", day: int = 0) -> Link:
    """One link, as old as it says."""
    return Link.model_construct(center=center, other=other, basis=basis, at=START + timedelta(days=day), by="test")


def small_worlds(world: Sequence[Identifier]) -> list[tuple[Identifier, Identifier]]:
    """Every pair of the world that a delivery can be about, in a fixed order."""
    emails, numbers = [x for x in world if x[0] == "email"], [x for x in world if x[0] == "phone"]
    records = [x for x in world if x[0] in KINDS]
    return [*product(records, emails), *product(records, numbers), *product(emails, numbers)]


@pytest.mark.parametrize("pace", [1, -1, 0], ids=["oldest first", "newest first", "at one moment"])
@WORLDS
def test_every_small_world_folds_as_specified(world: Sequence[Identifier], pace: int) -> None:
    """All sets of links over six identifiers."""
    pairs = small_worlds(world)
    days = {pair: pace * index for index, pair in enumerate(pairs)}
    for size in range(len(pairs) + 1):
        for chosen in combinations(pairs, size):
            assert_as_specified(world, [link(*pair, day=days[pair]) for pair in chosen[::-1]], (), GENEROUS)


@pytest.mark.soak
@WORLDS
def test_every_small_world_with_any_one_separation_folds_as_specified(world: Sequence[Identifier]) -> None:
    """All sets of links over six identifiers, and all two groups of them."""
    pairs = small_worlds(world)
    sides = [cut for cut in product((0, 1, 2), repeat=len(world)) if {1, 2} <= set(cut)]
    groups = [tuple(tuple(x for x, side in zip(world, cut, strict=True) if side == n) for n in (1, 2)) for cut in sides]
    for size in range(len(pairs) + 1):
        for chosen in combinations(pairs, size):
            said = [link(*pair) for pair in chosen]
            for two in groups[:: max(1, size)]:
                assert_as_specified(world, said, [Separation.model_construct(groups=two, at=START)], GENEROUS)
