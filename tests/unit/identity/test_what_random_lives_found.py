"""The shortest forms of what random lives found: each was wrong once."""

from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.identity.policy import Policy
from commerce_sync.identity.resolution import Observation

from tests.fakes.identity_book import IdentityBookInMemory
from tests.unit.identity.beside_the_reference import Clock, Worker
from tests.unit.identity.strategies import EMAILS, PHONES, RECORDS, ROLE_ADDRESSES, ROLES, START

STRICT = Policy(role_local_parts=ROLES, most_sharing=1)
CUSTOMER, CONTACT = RECORDS[0], RECORDS[-1]


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
    assert worker.resolver.unmerge(merged.change_id, CUSTOMER, by="operator:test", why="two people") is None
    assert worker.resolver.profiles_of(known) == before
