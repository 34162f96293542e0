"""The shortest forms of what random lives found: each was wrong once."""

import pytest
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.identity.deciding import NoSuchChangeError
from commerce_sync.identity.people import People
from commerce_sync.identity.policy import Policy
from commerce_sync.identity.resolution import Observation

from tests.fakes.identity_book import IdentityBookInMemory
from tests.unit.identity.beside_the_reference import Clock, Worker
from tests.unit.identity.strategies import EMAILS, PHONES, RECORDS, ROLE_ADDRESSES, ROLES, START
from tests.unit.identity.whole_books import assert_nothing_tells_of, assert_the_history_leads_to_now

STRICT = Policy(role_local_parts=ROLES, most_sharing=1)
CUSTOMER, OTHER, CONTACT = RECORDS[0], RECORDS[1], RECORDS[-1]


def stated(center: Identifier, *others: Identifier) -> Observation:
    """A system's own word."""
    return Observation(center, others, START, "shopify:us", "stated")


def saw(center: Identifier, *others: Identifier) -> Observation:
    """A sighting."""
    return Observation(center, others, START, "shopify:us")


def test_a_rival_that_makes_a_record_wide_does_not_keep_a_worker_busy() -> None:
    """A fact is written once, though what was read before it is older than what another worker has written since."""
    book, clock = IdentityBookInMemory(), Clock()
    worker, rival = Worker(STRICT, book, "", clock), Worker(STRICT, book, "rival-", clock)
    worker.resolver.absorb([saw(CUSTOMER, EMAILS[0], PHONES[0])])
    book.rivals.append(lambda: rival.resolver.absorb([saw(CUSTOMER, EMAILS[0], PHONES[1])]))
    before = book.attempts
    worker.resolver.absorb([saw(CUSTOMER, ROLE_ADDRESSES[0])])
    assert book.attempts - before <= 5


def test_an_unmerge_that_parts_nobody_renames_nobody() -> None:
    """What a later sighting had parted already keeps the ids that it has had since; the history knows no others."""
    book = IdentityBookInMemory()
    worker = Worker(STRICT, book)
    worker.resolver.absorb([saw(CONTACT, EMAILS[0]), saw(CUSTOMER)])
    worker.resolver.absorb([saw(CUSTOMER, EMAILS[0])])
    worker.resolver.absorb([saw(CUSTOMER, EMAILS[1])])
    known = (CONTACT, CUSTOMER, *EMAILS[:2])
    before = worker.resolver.profiles_of(known)
    home = worker.resolver.neighbourhood_of(CUSTOMER)
    assert home is not None
    merged = next(entry for entry in home.history if entry.kind == "merged")
    with pytest.raises(NoSuchChangeError, match="apart"):
        worker.resolver.unmerge(merged.change_id, CUSTOMER, by="operator:test", why="two people")
    assert worker.resolver.profiles_of(known) == before


def test_who_is_forgotten_stands_in_nobody_elses_history() -> None:
    """A record that became wide lives in a neighbourhood of its own; its history forgets the address, too."""
    book = IdentityBookInMemory()
    worker = Worker(STRICT, book)
    worker.resolver.absorb([saw(CUSTOMER, EMAILS[0]), saw(CUSTOMER, EMAILS[1])])
    People(worker.resolver).forget([EMAILS[0]], START)
    assert_nothing_tells_of([EMAILS[0]], book)


def test_an_unmerge_of_sides_that_have_parted_says_so() -> None:
    """Those of a side who are in a neighbourhood of their own are not told of here; separate keeps them apart."""
    book = IdentityBookInMemory()
    worker = Worker(STRICT, book)
    worker.resolver.absorb([stated(CUSTOMER, EMAILS[0]), saw(OTHER, EMAILS[2])])
    worker.resolver.absorb([saw(CUSTOMER, EMAILS[2], PHONES[0])])
    worker.resolver.merge([PHONES[0], OTHER], by="operator:test", why="one person")
    worker.resolver.absorb([saw(OTHER, EMAILS[1], PHONES[0])])
    home = worker.resolver.neighbourhood_of(EMAILS[0])
    assert home is not None
    merged = next(entry for entry in home.history if entry.kind == "merged")
    with pytest.raises(NoSuchChangeError, match="apart"):
        worker.resolver.unmerge(merged.change_id, EMAILS[0], by="operator:test", why="two people")
    worker.resolver.separate([[PHONES[0]], [OTHER]], by="operator:test", why="two people")
    profiles = worker.resolver.profiles_of((PHONES[0], OTHER))
    assert profiles[PHONES[0]] != profiles[OTHER]


def test_whom_a_store_has_named_is_met_whoever_shared_the_profile_then() -> None:
    """A separation does not forget that a store named the other half as well."""
    book = IdentityBookInMemory()
    worker = Worker(STRICT, book)
    seen_by_store = [saw(PHONES[0]), saw(EMAILS[0])]
    worker.resolver.absorb([seen_by_store[0], Observation(CONTACT, (EMAILS[0], PHONES[0]), START, "klaviyo")])
    worker.resolver.absorb(seen_by_store)
    worker.resolver.separate([[PHONES[0]], [EMAILS[0]]], by="operator:test", why="two people")
    assert worker.resolver.look_up([EMAILS[0]])[EMAILS[0]].met


def test_the_history_is_in_order_when_what_had_parted_comes_together_again() -> None:
    """The last entry that names somebody names the profile that they have."""
    book = IdentityBookInMemory()
    worker = Worker(STRICT, book)
    worker.resolver.absorb([saw(CONTACT, EMAILS[2]), saw(CUSTOMER, ROLE_ADDRESSES[0], PHONES[1])])
    worker.resolver.absorb([saw(CUSTOMER, EMAILS[1])])
    worker.resolver.merge([EMAILS[2], CUSTOMER], by="operator:test", why="one person")
    worker.resolver.separate([[EMAILS[2], CONTACT], [PHONES[1]]], by="operator:test", why="two people")
    assert_the_history_leads_to_now(book)
