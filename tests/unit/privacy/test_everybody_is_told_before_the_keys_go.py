"""A person's keys go once every destination was told of the opt-out: without them nobody can be told any more."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from commerce_sync.composing.consent_privacy import ConsentOfPeople
from commerce_sync.contracts.consent_book import ConsentPromise
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.privacy import Untold

from tests.fakes.consent_workers import World
from tests.fakes.consent_world import busy
from tests.fakes.privacy import NOW, TIMES, Office
from tests.unit.privacy.people import ANAS, CASE, asks, left_of, met

SHOP = "shopify:us"
ANA: Sequence[Identifier] = (("email", "ana@example.com"),)


def test_the_keys_stay_while_a_destination_was_not_told() -> None:
    """The case waits and names it; when it was told, everything ends as ever."""
    office = met(Office())
    asks(office)
    office.consent.told = Untold(waiting=(SHOP,))
    case = office.work(CASE, rounds=3)
    assert (case.state, case.waits["check_consent"]) == ("waiting", f"not told of the opt-out yet: {SHOP}")
    assert office.consent.said[ANAS[0]]
    office.consent.told = Untold()
    case = office.work(CASE)
    assert (case.state, case.not_told, left_of(office)) == ("done", (), [])


def test_what_a_late_telling_makes_known_anew_is_found_by_the_vendors_check() -> None:
    """Klaviyo makes a profile of whom it is told of: so its check comes after the last telling."""
    office = met(Office())
    asks(office)
    office.consent.told = Untold(waiting=("klaviyo",))
    office.work(CASE, rounds=3)
    office.klaviyo.profiles["01LATE"] = {"email": "ana@example.com"}
    office.consent.told = Untold()
    assert (office.work(CASE).state, left_of(office)) == ("done", [])


def test_a_destination_that_never_answers_parks_the_case_and_not_the_opt_out() -> None:
    """After the patience of the check an operator sees it; the keys are still there."""
    office = met(Office())
    asks(office)
    office.consent.told = Untold(waiting=(SHOP,))
    case = office.work(CASE, rounds=int(TIMES.check_patience or 0) // 300 + 20)
    assert (case.state, SHOP in (case.reason or "")) == ("parked", True)
    assert office.now - NOW > timedelta(days=7)
    assert office.consent.said[ANAS[0]]


def test_a_destination_that_waits_for_a_person_is_named_in_the_proof() -> None:
    """It would hold up the erasure for ever."""
    office = met(Office())
    asks(office)
    office.consent.told = Untold(stuck=(f"{SHOP} parked: shopify 400",))
    case = office.work(CASE)
    assert (case.state, case.not_told, left_of(office)) == ("done", (f"{SHOP} parked: shopify 400",), [])


def erased(world: World, at: datetime) -> ConsentOfPeople:
    """Ana's erasure, as far as the opt-out."""
    people = ConsentOfPeople(world.ledger, world.worker().work.deciding)  # type: ignore[arg-type] # it reads and appends
    assert people.withdraw(ANA, at, "case") == 1
    return people


def test_a_store_that_is_down_is_waited_for_until_it_shows_the_opt_out() -> None:
    """Over the ledger's own rows: untold, told and not read back, read back."""
    world = World()
    world.at[SHOP].person("email", ANA[0][1], "in")
    world.at[SHOP].on_call = busy
    people = erased(world, world.clock())
    world.clock.advance(900)
    world.dispatch()
    assert people.untold(ANA) == Untold(waiting=("hubspot", "klaviyo", SHOP))
    world.clock.advance(60)
    world.dispatch()
    assert people.untold(ANA) == Untold(waiting=(SHOP,))
    world.at[SHOP].on_call = lambda _: None
    world.rest()
    assert people.untold(ANA) == Untold()
    assert world.standing(("email", ANA[0][1]), SHOP) == "out"


@pytest.mark.parametrize(
    ("status", "stuck"),
    [("parked", "parked: shopify 400"), ("observed", "observed: shopify 400"), ("braked", "braked: shopify 400")],
)
def test_rows_that_wait_for_a_person_or_a_mode_are_stuck(status: str, stuck: str) -> None:
    """With their reason, which holds codes only."""
    world = World()
    people = erased(world, world.clock())
    world.rest()
    row: ConsentPromise = next(one for one in world.outbox.rows() if one.row == SHOP)
    world.ledger.put(replace(row, status=status, reason="shopify 400"))  # type: ignore[arg-type] # one of them
    assert people.untold(ANA) == Untold(stuck=(f"{SHOP} {stuck}",))
