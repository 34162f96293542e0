"""Who is who is what the specification says, whatever anybody's code says: the fold beside a second reading of it."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from commerce_sync.contracts.identity_book import Identifier, Link, Separation
from commerce_sync.identity.folding import fold
from commerce_sync.identity.neighbourhoods import with_links
from commerce_sync.identity.policy import Policy
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.identity.as_specified import assert_as_specified
from tests.unit.identity.beside_the_reference import neighbourhoods, roles_of
from tests.unit.identity.reference_model import wide_ones
from tests.unit.identity.reference_units import ends
from tests.unit.identity.strategies import (
    EMAILS,
    EVERYBODY,
    KINDS,
    PHONES,
    links,
    policies,
    separations,
)
from tests.unit.identity.whole_books import assert_separations_hold

some_links = st.one_of(st.lists(links, max_size=15), st.lists(links, min_size=12, max_size=40))
some_separations = st.lists(separations, max_size=3)


@settings(max_examples=2_000)
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


@settings(max_examples=400)
@given(said=some_links, apart=some_separations, policy=policies, data=st.data())
def test_the_order_of_links_repeats_and_worse_repeats_change_nothing(
    said: list[Link], apart: list[Separation], policy: Policy, data: st.DataObject
) -> None:
    """A set is a set: shuffled, with older decisions and younger sightings of what is known."""
    once = fold(EVERYBODY, said, apart, policy)
    step = timedelta(days=1)
    again = [one.model_copy(update={"at": one.at - step if one.basis == "decided" else one.at + step}) for one in said]
    kept = with_links(said, data.draw(st.permutations([*said, *again])))
    members = data.draw(st.permutations(EVERYBODY))
    assert fold(members, data.draw(st.permutations(kept)), [*apart[::-1], *apart], policy).profiles == once.profiles


@settings(max_examples=400)
@given(said=some_links, policy=policies, data=st.data())
def test_names_decide_nothing(said: list[Link], policy: Policy, data: st.DataObject) -> None:
    """Any other phone numbers and record ids, and addresses in the same order, give the same people.

    Where a separation cuts, the smaller name decides between links that are equally early.
    """
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
    profiles = fold(EVERYBODY, said, (), policy).profiles
    assert fold(members, renamed, (), policy).profiles == {
        frozenset(names.get(x, x) for x in profile) for profile in profiles
    }


@settings(max_examples=600)
@given(said=some_links, apart=some_separations, policy=policies)
def test_everybody_is_in_exactly_one_profile(said: list[Link], apart: list[Separation], policy: Policy) -> None:
    """Nobody is lost, nobody is two people, nobody is invented."""
    profiles = fold(EVERYBODY, said, apart, policy).profiles
    assert sorted(one for profile in profiles for one in profile) == sorted(EVERYBODY)


@settings(max_examples=600)
@given(said=some_links, apart=some_separations, policy=policies)
def test_whom_an_operator_separated_no_evidence_joins(
    said: list[Link], apart: list[Separation], policy: Policy
) -> None:
    """No profile holds two sides of a separation, but where a later merge joined them."""
    assert_separations_hold(fold(EVERYBODY, said, apart, policy).profiles, apart, said)


@settings(max_examples=600)
@given(said=some_links, policy=policies)
def test_a_phone_never_joins_two_addresses(said: list[Link], policy: Policy) -> None:
    """Two addresses are one person's exactly where they are without anything that was seen with a phone.

    A separation may cut off an address from what it shares with a phone.
    """
    wide = wide_ones(said, policy.most_sharing)
    silent = [one for one in said if one.basis != "seen" or not any("phone" in kind for kind, _ in ends(one))]
    with_phones = fold(EVERYBODY, said, (), policy).profiles
    without = fold(EVERYBODY, silent, (), policy, wide).profiles
    assert addresses_of(with_phones) == addresses_of(without)


def addresses_of(profiles: Iterable[Iterable[Identifier]]) -> set[frozenset[Identifier]]:
    """The addresses of each profile that has any."""
    return {frozenset(one for one in profile if "email" in one[0]) for profile in profiles} - {frozenset()}


@settings(max_examples=600)
@given(said=some_links, apart=some_separations, policy=policies)
def test_a_neighbourhood_folds_alone_as_it_does_among_all(
    said: list[Link], apart: list[Separation], policy: Policy
) -> None:
    """What is stored as one item needs nothing of the others but the names of those that too many share."""
    wide = wide_ones(said, policy.most_sharing)
    alone: set[frozenset[Identifier]] = set()
    for members in neighbourhoods(said, wide | roles_of(policy), apart):
        own = [one for one in said if {one.center, one.other} & members]
        alone |= {profile & members for profile in fold(members, own, apart, policy, wide).profiles} - {frozenset()}
    assert alone == fold(EVERYBODY, said, apart, policy).profiles


@settings(max_examples=600)
@given(said=some_links, apart=some_separations, policy=policies)
def test_a_profile_holds_together_by_links_within_it(said: list[Link], apart: list[Separation], policy: Policy) -> None:
    """Whoever is in one profile is connected by what somebody said about members of it, not only by others."""
    for profile in fold(EVERYBODY, said, apart, policy).profiles:
        inner = [one for one in said if {one.center, one.other} <= profile]
        assert profile in neighbourhoods(inner, set())
