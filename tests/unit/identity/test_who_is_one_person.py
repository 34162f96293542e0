"""Who is one person: each rule of the fold in the smallest case that needs it, in every order of its facts."""

from itertools import permutations

import pytest
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.identity.facts import Observation
from commerce_sync.identity.folding import fold

from tests.fakes.acquaintances import POLICY, contact, customer, email, phone, profiles, seen, stated, taught, together

A, B, C, D = email("ana"), email("bo"), email("cy"), email("di")
P, Q = phone(100), phone(101)
FOUR, FIVE = customer(4), customer(5)
EURO = customer(4, "eu")
INFO = email("info")

CASES: dict[str, tuple[list[Observation], list[list[Identifier]], set[str]]] = {
    "an order's customer, address and phone are one person": ([seen(FOUR, A, P)], [[FOUR, A, P]], set()),
    "a guest is their address": ([seen(A, P)], [[A, P]], set()),
    "a guest who comes back with an account": ([seen(A, P), seen(FOUR, A)], [[FOUR, A, P]], set()),
    "one address in two stores is one person": ([seen(FOUR, A), seen(EURO, A)], [[FOUR, EURO, A]], set()),
    "an account made anew under the same address": (
        [seen(FOUR, A), seen(FIVE, A, hours=1)],
        [[FOUR, FIVE, A]],
        {"several_records"},
    ),
    "a phone alone is its only owner's": ([seen(FOUR, A, P), seen(P)], [[FOUR, A, P]], set()),
    "a counter's record with a phone is the phone's only owner": (
        [seen(A, P), seen(FIVE, P)],
        [[A, P, FIVE]],
        set(),
    ),
    "a family's phone joins nobody": ([seen(A, P), seen(B, P)], [[A], [B], [P]], {"shared_phone"}),
    "a family's phone does not say who stood at the counter": (
        [seen(A, P), seen(B, P), seen(FIVE, P)],
        [[A], [B], [P], [FIVE]],
        {"shared_phone"},
    ),
    "two phones of one address": ([seen(A, P), seen(A, Q)], [[A, P, Q]], {"several_phones"}),
    "phones that would join two addresses through somebody without one": (
        [seen(A, P), seen(FIVE, P), seen(FIVE, Q), seen(B, Q)],
        [[A], [B], [FIVE], [P], [Q]],
        {"phones_disagree"},
    ),
    "an address that a team reads joins nobody": (
        [seen(FOUR, INFO), seen(FIVE, INFO)],
        [[FOUR], [FIVE], [INFO]],
        {"role_address"},
    ),
    "a new address of an account": ([seen(FOUR, A), seen(FOUR, B, hours=1)], [[FOUR, A, B]], set()),
    "a new address that somebody else's account holds": (
        [seen(FOUR, A), seen(FIVE, B), seen(FOUR, B, hours=1)],
        [[FOUR, A], [FIVE, B]],
        {"email_held_by_another"},
    ),
    "a new address at which another account of the store begins later": (
        [seen(FOUR, A), seen(FOUR, B, hours=1), seen(FIVE, B, hours=2)],
        [[FOUR, A], [FIVE, B]],
        {"email_held_by_another"},
    ),
    "a new address that another system learns of later": (
        [seen(FOUR, A), seen(FOUR, B, hours=1), seen(contact(1), B, hours=2)],
        [[FOUR, A, B, contact(1)]],
        set(),
    ),
    "a second address that one account had before another": (
        [seen(FOUR, A), seen(FIVE, B), seen(FOUR, C, hours=1), seen(FIVE, C, hours=2)],
        [[FOUR, A, C], [FIVE, B]],
        {"email_held_by_another"},
    ),
    "two accounts that exchanged their addresses": (
        [seen(FOUR, A), seen(FIVE, B), seen(FOUR, B, hours=1), seen(FIVE, A, hours=1)],
        [[FOUR, A], [FIVE, B]],
        {"email_held_by_another"},
    ),
    "a second address that two accounts moved to": (
        [seen(FOUR, A), seen(FIVE, B), seen(FOUR, C, hours=1), seen(FIVE, C, hours=1)],
        [[FOUR, A], [FIVE, B], [C]],
        {"email_held_by_another"},
    ),
    "an additional address that HubSpot states": (
        [seen(contact(1), A), stated(contact(1), B), seen(FOUR, B)],
        [[contact(1), A, B, FOUR]],
        set(),
    ),
    "contacts that HubSpot merged": (
        [seen(contact(1), A), seen(contact(2), B), stated(contact(1), contact(2))],
        [[contact(1), contact(2), A, B]],
        {"several_records"},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_rules_hold_in_every_order_of_the_facts(case: str) -> None:
    """The same profiles whatever arrived first."""
    facts, expected, _ = CASES[case]
    identifiers = sorted({one for fact in facts for one in fact.identifiers})

    for order in permutations(facts):
        assert profiles(taught(*order), *identifiers) == together(*expected)


@pytest.mark.parametrize("case", CASES)
def test_what_keeps_people_apart_has_a_code(case: str) -> None:
    """A conflict is a state that an operator can see, not a guess."""
    facts, _, codes = CASES[case]
    known = taught(*facts)
    found = {
        conflict.code
        for fact in facts
        for near in [known.neighbourhood_of(fact.center)]
        if near
        for conflict in fold(fact.identifiers, near.links, near.separations, POLICY, near.wide).conflicts
    }

    assert found == codes


def test_an_identifier_that_too_many_share_joins_nobody() -> None:
    """A phone at the counter, or a clerk's address typed for everybody."""
    clerk = email("clerk")
    facts = [seen(customer(number), clerk) for number in range(POLICY.most_sharing + 2)]

    for order in (facts, list(reversed(facts))):
        known = taught(*order)
        assert profiles(known, clerk, *(fact.center for fact in facts)) == together(
            [clerk], *([fact.center] for fact in facts)
        )
        assert known.look_up([clerk])[clerk].wide


def test_phones_make_nobody_wide() -> None:
    """Anybody can type a phone beside somebody's address; the address stays its owner's."""
    phones = [phone(number) for number in range(POLICY.most_sharing + 2)]
    known = taught(seen(FOUR, A), *(seen(A, one, hours=1) for one in phones))

    assert profiles(known, FOUR, A, *phones) == together([FOUR, A, *phones])


def test_the_most_that_may_share_are_still_joined() -> None:
    """The limit itself is not beyond the limit."""
    clerk = email("clerk")
    centers = [customer(number) for number in range(POLICY.most_sharing)]

    assert profiles(taught(*(seen(one, clerk) for one in centers)), clerk, *centers) == together([clerk, *centers])


def test_an_older_fact_that_comes_late_parts_what_a_newer_one_joined() -> None:
    """Four moved to an address that is Five's: joined while only the new address was known, parted by the old one."""
    known = taught(seen(FOUR, B, hours=5), seen(FIVE, B, hours=1))
    assert profiles(known, FOUR, FIVE, B) == together([FOUR, FIVE, B])

    known.absorb([seen(FOUR, A)])

    assert profiles(known, FOUR, FIVE, A, B) == together([FOUR, A], [FIVE, B])


def test_the_phone_of_a_person_who_turns_out_to_have_an_address_is_shared() -> None:
    """Somebody without an address was joined by a phone, and gets an address of their own."""
    known = taught(seen(A, P), seen(FIVE, P))
    known.absorb([seen(FIVE, D, hours=3)])

    assert profiles(known, A, P, FIVE, D) == together([A], [FIVE, D], [P])
