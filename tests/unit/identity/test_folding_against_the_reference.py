"""Who is who is what the specification says, whatever anybody's code says: the fold beside a second reading of it."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import combinations, product

import pytest
from commerce_sync.contracts.identity_book import Basis, Identifier, Link, Separation
from commerce_sync.identity.folding import fold
from commerce_sync.identity.policy import Policy
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.identity.beside_the_reference import neighbourhoods, roles_of
from tests.unit.identity.reference_model import Folded, fold_plainly, wide_ones
from tests.unit.identity.strategies import (
    EMAILS,
    EVERYBODY,
    KINDS,
    PHONES,
    RECORDS,
    START,
    links,
    policies,
    separations,
)

WORLD = (EMAILS[0], EMAILS[1], PHONES[0], RECORDS[0], RECORDS[1], RECORDS[-1])
OTHER_WORLD = (EMAILS[0], EMAILS[1], PHONES[0], PHONES[1], RECORDS[0], RECORDS[-1])
MOVING_WORLD = (EMAILS[0], EMAILS[1], EMAILS[2], RECORDS[0], RECORDS[1], RECORDS[-1])
CALLING_WORLD = (EMAILS[0], EMAILS[1], PHONES[0], PHONES[1], PHONES[2], RECORDS[0])
WORLDS = pytest.mark.parametrize(
    "world",
    [WORLD, OTHER_WORLD, MOVING_WORLD, CALLING_WORLD],
    ids=["one phone", "two phones", "three addresses", "three phones"],
)
UNDECIDED = {"email_held_by_another", "shared_phone", "phones_disagree"}
"""What the specification calls nobody's; that an identifier is barred is told as well."""
GENEROUS = Policy(role_local_parts=frozenset(), most_sharing=50, most_identifiers=80, most_merged=20)
some_links = st.one_of(st.lists(links, max_size=15), st.lists(links, min_size=12, max_size=40))
some_separations = st.lists(separations, max_size=3)


def link(center: Identifier, other: Identifier, basis: Basis = "seen", day: int = 0) -> Link:
    """One link, as old as it says."""
    return Link.model_construct(center=center, other=other, basis=basis, at=START + timedelta(days=day), by="test")


def expected(
    members: Iterable[Identifier], said: Iterable[Link], apart: Iterable[Separation], policy: Policy
) -> Folded:
    """The reference's answer."""
    return fold_plainly(members, said, apart, policy.role_local_parts, policy.most_sharing)


def assert_as_specified(
    members: Sequence[Identifier], said: Sequence[Link], apart: Sequence[Separation], policy: Policy
) -> None:
    """The product gives the reference's profiles, and tells of the same kinds of conflicts."""
    wanted, got = expected(members, said, apart, policy), fold(members, said, apart, policy)
    assert got.profiles == wanted.profiles
    assert {conflict.code for conflict in got.conflicts} & UNDECIDED == wanted.conflicts


@settings(max_examples=3_000)
@given(said=some_links, apart=some_separations, policy=policies)
def test_any_links_fold_as_specified(said: list[Link], apart: list[Separation], policy: Policy) -> None:
    """Profiles and conflicts are those of the second reading."""
    assert_as_specified(EVERYBODY, said, apart, policy)


@pytest.mark.soak
@settings(max_examples=300_000)
@given(said=st.lists(links, max_size=60), apart=st.lists(separations, max_size=5), policy=policies)
def test_any_links_fold_as_specified_for_a_long_time(said: list[Link], apart: list[Separation], policy: Policy) -> None:
    """The same, for long."""
    assert_as_specified(EVERYBODY, said, apart, policy)


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


@settings(max_examples=500)
@given(said=some_links, apart=some_separations, policy=policies, data=st.data())
def test_the_order_of_links_repeats_and_worse_repeats_change_nothing(
    said: list[Link], apart: list[Separation], policy: Policy, data: st.DataObject
) -> None:
    """A set is a set: shuffled, with older decisions and younger sightings of what is known."""
    once = fold(EVERYBODY, said, apart, policy)
    step = timedelta(days=1)
    again = [one.model_copy(update={"at": one.at - step if one.basis == "decided" else one.at + step}) for one in said]
    shuffled = data.draw(st.permutations([*said, *again]))
    members = data.draw(st.permutations(EVERYBODY))
    assert fold(members, shuffled, [*apart[::-1], *apart], policy).profiles == once.profiles


@settings(max_examples=500)
@given(said=some_links, apart=some_separations, policy=policies, data=st.data())
def test_names_decide_nothing(said: list[Link], apart: list[Separation], policy: Policy, data: st.DataObject) -> None:
    """Any other phone numbers and record ids, and addresses in the same order, give the same people."""
    names: dict[Identifier, Identifier] = {one: ("email", f"{one[1]}.example") for one in EMAILS}
    names |= dict(zip(PHONES, data.draw(st.permutations(PHONES)), strict=True))
    for kind, other in zip(KINDS, data.draw(st.permutations(KINDS)), strict=True):
        values = data.draw(st.permutations(["1", "2", "3"]))
        names |= {(kind, str(number)): (other, values[number - 1]) for number in (1, 2, 3)}
    members = [names.get(one, one) for one in EVERYBODY]
    renamed = [
        one.model_copy(update={"center": names.get(one.center, one.center), "other": names.get(one.other, one.other)})
        for one in said
    ]
    groups = [
        one.model_copy(update={"groups": tuple(tuple(names.get(x, x) for x in group) for group in one.groups)})
        for one in apart
    ]
    profiles = fold(EVERYBODY, said, apart, policy).profiles
    assert fold(members, renamed, groups, policy).profiles == {
        frozenset(names.get(x, x) for x in profile) for profile in profiles
    }


@settings(max_examples=1_000)
@given(said=some_links, apart=some_separations, policy=policies)
def test_everybody_is_in_exactly_one_profile(said: list[Link], apart: list[Separation], policy: Policy) -> None:
    """Nobody is lost, nobody is two people, nobody is invented."""
    profiles = fold(EVERYBODY, said, apart, policy).profiles
    assert sorted(one for profile in profiles for one in profile) == sorted(EVERYBODY)


@settings(max_examples=1_000)
@given(said=some_links, apart=some_separations, policy=policies)
def test_a_phone_never_joins_two_addresses(said: list[Link], apart: list[Separation], policy: Policy) -> None:
    """Two addresses are one person's exactly where they are without anything that was seen with a phone."""
    wide = wide_ones(said, policy.most_sharing)
    silent = [one for one in said if one.basis != "seen" or "phone" not in {one.center[0], one.other[0]}]
    with_phones = fold(EVERYBODY, said, apart, policy).profiles
    without = fold(EVERYBODY, silent, apart, policy, wide).profiles
    assert addresses_of(with_phones) == addresses_of(without)


def addresses_of(profiles: Iterable[Iterable[Identifier]]) -> set[frozenset[Identifier]]:
    """The addresses of each profile that has any."""
    return {frozenset(one for one in profile if one[0] == "email") for profile in profiles} - {frozenset()}


@settings(max_examples=1_000)
@given(said=some_links, apart=some_separations, policy=policies)
def test_a_neighbourhood_folds_alone_as_it_does_among_all(
    said: list[Link], apart: list[Separation], policy: Policy
) -> None:
    """What is stored as one item needs nothing of the others but the names of those that too many share."""
    wide = wide_ones(said, policy.most_sharing)
    alone: set[frozenset[Identifier]] = set()
    for members in neighbourhoods(said, wide | roles_of(policy)):
        own = [one for one in said if {one.center, one.other} & members]
        alone |= {profile & members for profile in fold(members, own, apart, policy, wide).profiles} - {frozenset()}
    assert alone == fold(EVERYBODY, said, apart, policy).profiles


@settings(max_examples=1_000)
@given(said=some_links, apart=some_separations, policy=policies)
def test_a_profile_holds_together_by_links_within_it(said: list[Link], apart: list[Separation], policy: Policy) -> None:
    """Whoever is in one profile is connected by what somebody said about members of it, not only by others."""
    for profile in fold(EVERYBODY, said, apart, policy).profiles:
        inner = [one for one in said if {one.center, one.other} <= profile]
        assert profile in neighbourhoods(inner, set())
