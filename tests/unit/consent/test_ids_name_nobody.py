"""The ids of records that we write ourselves: told apart by address, and of no use for finding one."""

from datetime import timedelta

import pytest
from commerce_sync.composing.consent_privacy import ConsentOfPeople
from commerce_sync.consent.noticing import noticed
from commerce_sync.contracts.consent import Address
from commerce_sync.contracts.consent_ledger import with_address
from commerce_sync.identity.keys import IdentifierKeys

from tests.fakes.consent_workers import World
from tests.fakes.consent_world import START

ANA: Address = ("sms", "+12025550101")
BO: Address = ("sms", "+12025550102")


def test_before_the_ledger_puts_the_keyed_hash_in_all_addresses_have_one_id() -> None:
    """So nothing that is stored in clear, with every number there is, gives the id again."""
    one, other = (noticed("klaviyo", address, "marketing", START, START) for address in (ANA, BO))
    assert one.record_id == other.record_id


def test_the_kept_id_depends_on_the_pepper() -> None:
    """Whoever has the tables and not the pepper has to guess both."""
    draft = noticed("klaviyo", ANA, "marketing", START, START).record_id
    kept = {
        with_address(draft, IdentifierKeys({"current": "1", "1": pepper * 16}).key(("phone", ANA[1])))
        for pepper in "ab"
    }
    assert len(kept) == 2
    assert all(len(one) == 64 for one in kept)


def test_an_id_that_names_no_address_is_kept_as_it_is() -> None:
    """Ids from a source's own event are the same wherever they are heard."""
    assert with_address("0a" * 32, "1#key") == "0a" * 32


@pytest.mark.parametrize("address", [ANA, ("email", "ana@example.com")])
def test_the_same_act_noticed_again_is_one_record(address: Address) -> None:
    """And another's is another, as is one of another time."""
    world = World()
    worker = world.worker()
    for at in (START, START, START + timedelta(hours=1)):
        world.ledger.append(address, noticed("klaviyo", address, "marketing", at, at), worker.work.deciding)
    world.ledger.append(BO, noticed("klaviyo", BO, "marketing", START, START), worker.work.deciding)
    theirs, others = (world.ledger.read([one])[one].records for one in (address, BO))
    assert (len(theirs), len(others)) == (2, 1)
    assert len({one.record_id for one in (*theirs, *others)}) == 3


def test_an_erasure_is_written_once_an_address() -> None:
    """Each address under an id of its own, and none with the address in it."""
    world = World()
    people = ConsentOfPeople(world.ledger, world.worker().work.deciding)  # type: ignore[arg-type] # it reads and appends
    named = [("email", "ana@example.com"), ("phone", ANA[1])]
    assert (people.withdraw(named, START, "case"), people.withdraw(named, START, "case")) == (2, 0)
    ids = {record.record_id for chain in world.ledger.chains.values() for record in chain.records}
    assert len(ids) == 2
