"""Other rules take effect for people when they are next touched."""

from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.identity.policy import Policy
from commerce_sync.identity.resolution import Observation

from tests.fakes.identity_book import IdentityBookInMemory
from tests.unit.identity.beside_the_reference import Worker
from tests.unit.identity.strategies import EMAILS, RECORDS, ROLE_ADDRESSES, ROLES, START
from tests.unit.identity.whole_books import assert_the_book_is_whole

CUSTOMER, ANOTHER, THIRD = RECORDS[:3]
TEAM = ROLE_ADDRESSES[0]
OPEN, CLOSED = Policy(), Policy(role_local_parts=ROLES)


def saw(center: Identifier, *others: Identifier) -> Observation:
    """A sighting."""
    return Observation(center, others, START, "shopify:us")


def test_a_longer_list_of_teams_parts_people_when_they_are_seen_again() -> None:
    """Until then they stay who they were."""
    book, facts = IdentityBookInMemory(), [saw(CUSTOMER, TEAM), saw(ANOTHER, TEAM)]
    known = (CUSTOMER, ANOTHER, TEAM)
    Worker(OPEN, book).resolver.absorb(facts)
    later = Worker(CLOSED, book, "later-")
    before = later.profiles(known)
    later.resolver.absorb(facts)
    assert before == {frozenset(known)}
    assert later.profiles(known) == {frozenset({one}) for one in known}
    assert_the_book_is_whole(book, known)


def test_a_shorter_list_of_teams_joins_people_when_they_are_seen_again() -> None:
    """An address that is no team's any more is its person's, and all who were seen with it are."""
    book, facts = IdentityBookInMemory(), [saw(CUSTOMER, TEAM), saw(ANOTHER, TEAM)]
    known = (CUSTOMER, ANOTHER, TEAM)
    Worker(CLOSED, book).resolver.absorb(facts)
    later = Worker(OPEN, book, "later-")
    before = later.profiles(known)
    later.resolver.absorb(facts)
    assert before == {frozenset({one}) for one in known}
    assert later.profiles(known) == {frozenset(known)}
    assert_the_book_is_whole(book, known)


def test_what_was_shared_too_widely_stays_so_under_milder_rules() -> None:
    """It joins nobody for good; others may share more from now on."""
    book, facts = IdentityBookInMemory(), [saw(CUSTOMER, EMAILS[0]), saw(ANOTHER, EMAILS[0])]
    Worker(Policy(most_sharing=1), book).resolver.absorb(facts)
    later = Worker(Policy(most_sharing=9), book, "later-")
    later.resolver.absorb([*facts, saw(THIRD, EMAILS[0]), saw(CUSTOMER, EMAILS[1]), saw(ANOTHER, EMAILS[1])])
    known = (CUSTOMER, ANOTHER, THIRD, *EMAILS[:2])
    together = frozenset({CUSTOMER, ANOTHER, EMAILS[1]})
    assert later.profiles(known) == {together, frozenset({THIRD}), frozenset({EMAILS[0]})}
    assert_the_book_is_whole(book, known)


def test_stricter_rules_part_those_who_share_too_widely_when_they_are_seen_again() -> None:
    """An address of two records is nobody's own where one may share it."""
    book, facts = IdentityBookInMemory(), [saw(CUSTOMER, EMAILS[0]), saw(ANOTHER, EMAILS[0])]
    known = (CUSTOMER, ANOTHER, EMAILS[0])
    Worker(Policy(most_sharing=9), book).resolver.absorb(facts)
    later = Worker(Policy(most_sharing=1), book, "later-")
    later.resolver.absorb(facts)
    assert later.profiles(known) == {frozenset({one}) for one in known}
    assert_the_book_is_whole(book, known)
