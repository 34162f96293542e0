"""Merges are recorded and reversible; later facts follow their identifier."""

import pytest
from commerce_sync.contracts.identity_book import identifier_of
from commerce_sync.identity.deciding import NoSuchChangeError
from commerce_sync.identity.folding import fold
from commerce_sync.identity.neighbourhoods import TooManyToJoinError
from commerce_sync.identity.resolution import Resolver

from tests.fakes.acquaintances import (
    POLICY,
    contact,
    customer,
    email,
    phone,
    profiles,
    seen,
    stated,
    taught,
    together,
)

A, B, P = email("ana"), email("bo"), phone(100)
FOUR, FIVE = customer(4), customer(5)


def two_people() -> Resolver:
    """Ana and Bo, with an account each."""
    return taught(seen(FOUR, A), seen(FIVE, B, P))


def test_a_merge_says_who_when_why_which_before_and_after() -> None:
    """The record from which a merge can be understood and undone."""
    known = two_people()
    before = known.profiles_of([A, B])

    change = known.merge([A, B], "operator:kim", "she told support")

    assert change is not None
    assert (change.kind, change.by, change.why) == ("merged", "operator:kim", "she told support")
    assert change.links == ((A, B),)
    assert {(side.profile_id, side.identifiers) for side in change.before} == {
        (before[A], (A, FOUR)),
        (before[B], (B, P, FIVE)),
    }
    assert [side.identifiers for side in change.after] == [(A, B, P, FOUR, FIVE)]


def test_an_unmerge_restores_both_sides_and_their_ids() -> None:
    """As if the merge had not been."""
    known = two_people()
    before = known.profiles_of([A, B, P, FOUR, FIVE])
    change = known.merge([A, B], "operator:kim", "a mistake")
    assert change is not None

    known.unmerge(change.change_id, A, "operator:kim", "it was a mistake")

    assert known.profiles_of([A, B, P, FOUR, FIVE]) == before


def test_a_merge_by_evidence_can_be_undone_and_its_evidence_does_not_bring_it_back() -> None:
    """The store says the same again, and still they are two."""
    fact = seen(FOUR, B, hours=1)
    known = taught(seen(FOUR, A), seen(B, P))
    known.absorb([fact])
    assert profiles(known, A, B) == together([A, B])
    near = known.neighbourhood_of(A)
    assert near is not None
    change = near.history[-1]
    assert (change.kind, change.by, change.why) == ("merged", "shopify:us", "seen")

    known.unmerge(change.change_id, B, "operator:kim", "her mother's account")
    known.absorb([fact, seen(FOUR, B, hours=2)])

    assert profiles(known, A, B, P, FOUR) == together([A, FOUR], [B, P])


def test_a_merge_that_hubspot_made_can_be_undone_here() -> None:
    """HubSpot cannot undo it; the orders here still find their way back."""
    known = taught(seen(contact(1), A), seen(contact(2), B), stated(contact(1), contact(2), hours=1))
    near = known.neighbourhood_of(A)
    assert near is not None

    known.unmerge(near.history[-1].change_id, A, "operator:kim", "two people after all")
    known.absorb([stated(contact(1), contact(2), hours=9)])

    assert profiles(known, A, B, contact(1), contact(2)) == together([A, contact(1)], [B, contact(2)])


def test_later_facts_follow_their_identifier() -> None:
    """What comes after an unmerge belongs to the side that it names."""
    known = two_people()
    change = known.merge([A, B], "operator:kim", "a mistake")
    assert change is not None
    known.unmerge(change.change_id, A, "operator:kim", "it was a mistake")

    known.absorb([seen(customer(4, "eu"), A, hours=5), seen(customer(5, "eu"), B, hours=5)])

    everyone = (A, B, P, FOUR, FIVE, customer(4, "eu"), customer(5, "eu"))
    assert profiles(known, *everyone) == together([A, FOUR, customer(4, "eu")], [B, P, FIVE, customer(5, "eu")])


def test_who_was_separated_can_be_merged_again() -> None:
    """The later word of an operator counts."""
    known = two_people()
    known.separate([[A, FOUR], [B, FIVE]], "operator:kim", "not the same")

    known.merge([A, B], "operator:kim", "the same after all")

    assert profiles(known, A, B) == together([A, B])


def test_new_evidence_does_not_join_whom_an_operator_separated() -> None:
    """It is cut where it would, each end staying with its own; and whoever looks sees that."""
    known = two_people()
    known.separate([[A, FOUR], [B, FIVE]], "operator:kim", "not the same")
    known.absorb([stated(contact(1), A, hours=1), stated(contact(1), B, hours=2)])
    near = known.neighbourhood_of(A)
    assert near is not None

    found = fold(map(identifier_of, near.members), near.links, near.separations, POLICY, near.wide).conflicts

    assert profiles(known, A, B, P, FOUR, FIVE, contact(1)) == together([A, FOUR, contact(1)], [B, P, FIVE])
    assert "separated" in {conflict.code for conflict in found}


def test_a_merge_that_a_newcomer_made_can_be_undone() -> None:
    """The newcomer is on neither side; it goes with the address that it was seen with."""
    known = taught(seen(A, P), seen(contact(9), phone(101)))
    known.absorb([seen(customer(7), A, phone(101), hours=1)])
    near = known.neighbourhood_of(A)
    assert near is not None

    known.unmerge(near.history[-1].change_id, A, "operator:kim", "two people")

    found = profiles(known, A, P, phone(101), contact(9), customer(7))
    assert not any({A, contact(9)} <= profile or {P, phone(101)} <= profile for profile in found)


def test_a_separation_of_strangers_keeps_them_apart_for_ever() -> None:
    """Before any link joins them."""
    known = two_people()
    known.separate([[A], [FIVE]], "operator:kim", "known to be two")
    known.absorb([seen(FIVE, A, hours=-1)])

    assert profiles(known, A, FIVE) == together([A], [FIVE])


def test_a_change_that_nobody_made_cannot_be_undone() -> None:
    """A mistyped id is an error, not a separation."""
    with pytest.raises(NoSuchChangeError):
        two_people().unmerge("nothing", A, "operator:kim", "a typing error")


def test_a_merge_of_too_many_is_refused_and_changes_nothing() -> None:
    """One statement that names more records than is believable."""
    known = two_people()
    crowd = [contact(number) for number in range(POLICY.most_merged + 2)]

    with pytest.raises(TooManyToJoinError):
        known.absorb([stated(*crowd)])

    assert profiles(known, *crowd) == together(*([one] for one in crowd))


def test_a_neighbourhood_does_not_grow_beyond_its_limit() -> None:
    """The fact is refused; its identifiers are known, each for itself."""
    facts = [stated(contact(number), contact(number + 1)) for number in range(POLICY.most_identifiers)]
    known = taught(*facts[:-1])

    learnt = known.learn([facts[-1]])

    assert learnt.refused == (facts[-1],)
    assert learnt.pointers[contact(POLICY.most_identifiers)].profile_id is not None
