"""Loading what every system knows: nobody is told, and what disagrees is written down whatever was loaded first."""

from datetime import timedelta
from itertools import permutations

import pytest
from commerce_sync.consent.loading import Loading
from commerce_sync.consent.modes import Modes
from commerce_sync.contracts.consent import Address, ConsentRecord
from commerce_sync.contracts.shown_open import SHOWN_OPEN

from tests.fakes.consent_workers import World
from tests.fakes.consent_world import READING, START, record

ANA: Address = ("email", "ana@example.com")
FACTS = (
    record("klaviyo-in", "weak_in", START - timedelta(days=90), ANA, source="klaviyo"),
    record("hubspot-out", "pref_out", START - timedelta(days=30), ANA, source="hubspot:main"),
    record("shopify-in", "strong_in", START - timedelta(days=60), ANA, source="shopify:us"),
)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_loading_changes_nothing(order: tuple[int, ...]) -> None:
    """HubSpot alone shows the opt-out: Klaviyo and the store are to be told, once a mode lets it through."""
    world = World()
    for number in order:
        world.ledger.append(ANA, FACTS[number], Loading(READING, world.places, world.clock))
    assert world.state(ANA) == "out"
    assert {row.row: row.status for row in world.outbox.rows()} == {"klaviyo": "observed", "shopify:us": "observed"}
    assert world.rest() == 0
    assert all(place.calls == [] for place in world.at.values())


def test_what_agrees_in_the_end_is_no_row_to_tell() -> None:
    """The store's own opt-out came last."""
    world = World()
    load = Loading(READING, world.places, world.clock)
    for one in (*FACTS[1:], record("shopify-out", "pref_out", START - timedelta(days=1), ANA, source="shopify:us")):
        world.ledger.append(ANA, one, load)
    assert {row.row: row.status for row in world.outbox.rows()} == {"shopify:us": "skipped"}


def test_nobody_is_made_known_to_a_system_that_does_not_know_them() -> None:
    """An opt-out in one system makes no profile in another."""
    world = World()
    world.ledger.append(ANA, FACTS[1], Loading(READING, world.places, world.clock))
    assert world.outbox.rows() == []


HEARD = {
    "out": record("out", "pref_out", START - timedelta(days=1), ANA),
    "hold": record("hold", "info", START - timedelta(days=1), ANA),
    "in": record("in", "verified_in", START - timedelta(days=1), ANA),
}


@pytest.mark.parametrize("loaded", FACTS)
@pytest.mark.parametrize("heard", sorted(HEARD))
def test_what_was_heard_while_everything_observes_still_waits_after_loading(heard: str, loaded: ConsentRecord) -> None:
    """An opt-out, a hold or an opt-in of a webhook before the load: what a mode or the baseline holds up is kept."""
    world = World(modes=Modes())
    world.hear(ANA, HEARD[heard])
    world.rest()
    before = world.outbox.rows()
    assert {row.status for row in before} == {"observed"}
    world.ledger.append(ANA, loaded, Loading(READING, world.places, world.clock))
    assert world.outbox.rows() == before


@pytest.mark.parametrize("knew", ["nobody", "the opt-out"])
def test_a_silent_record_of_whom_a_place_had_nothing_to_be_told_is_to_be_told_there(knew: str) -> None:
    """Its contact is younger than the opt-out, or shows no longer what it showed when it was loaded."""
    world = World()
    load = Loading(READING, world.places, world.clock)
    for one in (FACTS[0], FACTS[1], record("k-out", "pref_out", START - timedelta(days=2), ANA, source="klaviyo")):
        if knew == "the opt-out" or one is FACTS[1]:
            world.ledger.append(ANA, one, load)
    seen = {"source": "klaviyo", "action": "info", "actor": "system", "method": SHOWN_OPEN, "purpose": "*"}
    world.ledger.append(ANA, record("silent", "info", START, ANA, **seen), load)
    assert {row.row: row.status for row in world.outbox.rows()} == {"klaviyo": "observed"}


def test_what_the_brake_holds_up_is_let_through_by_no_load() -> None:
    """A load makes no row that a mode lets through of one that a person has to approve."""
    world = World(is_braked=True)
    world.hear(ANA, record("bulk", "pref_out", START - timedelta(days=1), ANA, actor="system"))
    world.ledger.append(ANA, FACTS[0], Loading(READING, world.places, world.clock))
    assert {row.status for row in world.outbox.rows()} == {"braked"}
