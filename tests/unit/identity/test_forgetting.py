"""Forgetting: whom a request means, what is left, and who never comes back by accident."""

from datetime import timedelta

from commerce_sync.identity.people import People
from commerce_sync.identity.resolution import Resolver

from tests.fakes.acquaintances import (
    START,
    contact,
    customer,
    email,
    phone,
    profiles,
    resolver,
    seen,
    stated,
    taught,
    together,
)
from tests.fakes.identity_book import IdentityBookInMemory

A, B, P, INFO = email("ana"), email("bo"), phone(100), email("info")
FOUR, FIVE = customer(4), customer(5)
MARK = START + timedelta(hours=5)


def forgotten(known: Resolver, *whom: tuple[str, str]) -> Resolver:
    """A resolver that forgot these at the mark."""
    People(known).forget(whom, MARK)
    return known


def test_a_record_means_its_whole_profile() -> None:
    """Everything that is one person, and what the request names and nobody holds."""
    known = taught(seen(FOUR, A, P), seen(contact(1), A))

    assert set(People(known).identifiers_of_person([FOUR, B])) == {FOUR, A, P, contact(1), B}


def test_an_address_that_somebody_else_holds_does_not_erase_them() -> None:
    """A customer ordered once with another's address, and asks to be forgotten with it."""
    known = taught(seen(FOUR, A), seen(FIVE, B), seen(FOUR, B, hours=1))

    assert set(People(known).identifiers_of_person([FOUR, B])) == {FOUR, A}


def test_a_team_s_address_is_nobody_s_own() -> None:
    """Colleagues share it; it goes only where nothing else is named."""
    known = taught(seen(FOUR, INFO), seen(FIVE, INFO))

    assert set(People(known).identifiers_of_person([FOUR, INFO])) == {FOUR}
    assert set(People(known).identifiers_of_person([INFO])) == {INFO}


def test_a_family_s_phone_means_nobody() -> None:
    """Alone it decides only where it is one person's."""
    known = taught(seen(A, P), seen(B, P))

    assert People(known).identifiers_of_person([P]) == []
    assert set(People(taught(seen(A, P))).identifiers_of_person([P])) == {A, P}


def test_nothing_readable_is_left_of_somebody_forgotten() -> None:
    """Not in links, separations or the history of those who stay."""
    known = taught(seen(FOUR, A, P), seen(FIVE, B, P))
    change = known.merge([A, B], "operator:kim", "one person")
    assert change is not None
    known.unmerge(change.change_id, A, "operator:kim", "two after all")
    known = forgotten(known, FOUR, A)

    left = known.neighbourhood_of(B)

    assert left is not None
    assert A[1] not in left.model_dump_json()
    assert profiles(known, B, P, FIVE) == together([B, FIVE], [P])  # the separation gave the phone to neither


def test_what_is_not_later_brings_nobody_back() -> None:
    """An old webhook, however late it comes."""
    known = forgotten(taught(seen(FOUR, A, P)), FOUR, A, P)
    known.absorb([seen(FOUR, A, P, hours=4), seen(customer(9), A, hours=5), seen(FOUR, hours=1)])

    assert known.profiles_of([FOUR, A, P, customer(9)]) == {}


def test_a_vendor_s_word_brings_nobody_back_however_late() -> None:
    """The echo of the erasure, a contact that somebody edits, a profile that was written a moment too late."""
    known = forgotten(taught(seen(FOUR, A), seen(contact(1), A)), FOUR, A, contact(1))
    known.absorb([seen(contact(1), A, hours=9, by="hubspot:main"), stated(contact(2), contact(1), A, hours=9)])
    known.absorb([seen(("klaviyo", "01"), A, hours=9, by="klaviyo")])

    assert known.profiles_of([FOUR, A, contact(1), contact(2), ("klaviyo", "01")]) == {}
    assert People(known).came_back([FOUR, A]) == []


def test_a_browser_brings_nobody_back_however_late() -> None:
    """Anybody can write that somebody looked at a mug. Whom only the pages met, the shop has not."""
    known = forgotten(taught(seen(FOUR, A)), FOUR, A)
    known.absorb([seen(A, hours=9, by="web:us"), seen(FOUR, hours=9, by="web:us"), seen(B, hours=9, by="web:us")])

    assert set(known.profiles_of([FOUR, A, B])) == {B}
    met = known.neighbourhood_of(B)
    assert met is not None
    assert not met.met


def test_a_store_s_later_word_is_a_new_acquaintance() -> None:
    """The person buys again: a new profile, without the old one's links; what is old stays away."""
    known = forgotten(taught(seen(FOUR, A, P)), FOUR, A, P)
    known.absorb([seen(FIVE, A, hours=9), seen(FOUR, A, hours=2)])

    assert profiles(known, FOUR, A, P, FIVE) == together([A, FIVE])
    assert People(known).came_back([FOUR, A, P]) == [A]


def test_forgetting_again_forgets_nobody_who_came_back() -> None:
    """The same request twice is one."""
    known = forgotten(taught(seen(FOUR, A)), FOUR, A)
    known.absorb([seen(FIVE, A, hours=9)])

    assert People(known).forget([FOUR, A], MARK) == 0
    assert known.profiles_of([A]) != {}


def test_a_colleague_is_not_stripped_of_what_a_team_s_address_shares() -> None:
    """Info@ is marked; the colleague's later and earlier facts go on about the colleague."""
    known = forgotten(taught(seen(FOUR, INFO), seen(FIVE, INFO)), INFO)
    known.absorb([seen(customer(6), INFO, hours=1)])

    assert customer(6) in known.profiles_of([customer(6)])


def test_a_crowd_is_forgotten_in_as_many_transactions_as_it_takes() -> None:
    """Many identifiers under two peppers are more marks than one transaction takes."""
    peppers = {"current": "2", "2": "newer-pepper-for-tests", "1": "older-pepper-for-tests"}
    known = resolver(IdentityBookInMemory(), peppers=peppers)
    crowd = [contact(number) for number in range(60)]
    known.absorb([stated(crowd[0], *crowd[start : start + 10]) for start in range(1, 60, 10)])

    assert People(known).forget([*crowd, *(customer(number) for number in range(60))], MARK) == 60
    assert known.profiles_of(crowd) == {}
