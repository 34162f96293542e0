"""What comes back because we told it: weak where it grants, and no stronger than what it echoes where it withdraws."""

from datetime import timedelta

import pytest
from commerce_sync.consent import fold
from commerce_sync.contracts.consent import Address, ConsentRecord

from tests.fakes.consent_workers import World
from tests.fakes.consent_world import START, record

ANA: Address = ("email", "ana@example.com")
BO: Address = ("sms", "+12025550101")


def _echo(at_seconds: float, **more: object) -> ConsentRecord:
    evidence = {"echo_of": ["stop"]}
    at = START + timedelta(seconds=at_seconds)
    values: dict[str, object] = {"source": "klaviyo", "actor": "system", "evidence": evidence} | more
    return record("echo", "hard_out", at, BO, **values)


def _state(*records: ConsentRecord) -> str:
    return fold(records, sender="main", at=START + timedelta(days=1)).state


STOP = record("stop", "hard_out", START, BO, source="sms:main")
START_AGAIN = record("start", "verified_in", START + timedelta(minutes=2), BO, source="sms:main")


def test_a_start_two_minutes_after_a_stop_is_in_although_our_telling_came_back() -> None:
    """The echo carries another clock and our own time: it stands and falls with the STOP."""
    assert _state(STOP, _echo(2), START_AGAIN) == "in"


def test_an_echo_that_is_later_than_the_start_stays_an_opt_out() -> None:
    """It may be a person's own."""
    assert _state(STOP, _echo(150), START_AGAIN) == "out"


def test_an_echo_of_what_is_not_cleared_is_not_cleared() -> None:
    """Nor is one that no system made, or that echoes nothing."""
    web = record("web", "strong_in", START + timedelta(minutes=2), BO, source="preferences:main")
    assert _state(STOP, _echo(2), web) == "out"
    assert _state(STOP, _echo(2, actor="subject"), START_AGAIN) == "out"
    assert _state(STOP, _echo(2, evidence={"echo_of": []}), START_AGAIN) == "out"


def test_an_opt_out_heard_about_the_time_that_we_told_one_names_what_it_echoes() -> None:
    """And a second echo names the original, not the first echo."""
    world = World()
    world.hear(BO, STOP)
    for number, method in enumerate(("keyword", "profile_state")):
        at = world.clock() + timedelta(seconds=2 + number)
        world.hear(BO, record(f"klaviyo-{number}", "hard_out", at, BO, source="klaviyo", method=method))
    heard = world.ledger.read([BO])[BO].records[1:]
    assert [(one.actor, one.evidence["echo_of"]) for one in heard] == [("system", ["stop"])] * 2


@pytest.mark.parametrize(
    ("address", "strength", "method", "seconds", "times"),
    [
        (BO, "hard_out", "keyword", 480, 1),
        (ANA, "pref_out", "preference_page", 480, 1),
        (ANA, "hard_out", "preference_page", 5, 1),
        (BO, "hard_out", "keyword", 5, 2),
    ],
    ids=["a late STOP", "a late unsubscribe", "a complaint", "a second STOP"],
)
def test_what_a_person_may_have_done_themselves_outlives_the_correction_of_a_mistake(
    address: Address, strength: str, method: str, seconds: int, times: int
) -> None:
    """R10: two people void the import that opted somebody out, who said so too meanwhile."""
    world = World()
    world.hear(address, record("in", "verified_in", START, address))
    world.rest()
    world.hear(address, record("bulk", "pref_out", world.clock(), address, actor="system", method="import"))
    world.clock.advance(seconds)
    for number in range(times):
        own = record(f"own-{number}", strength, world.clock(), address, source="klaviyo:main", method=method)
        world.hear(address, own)
    world.clock.advance(3600)
    evidence = {"voids": ["bulk"], "approved_by": ["kim", "sam"]}
    mistake = record("m", "info", world.clock(), address, action="correction", actor="staff", evidence=evidence)
    world.hear(address, mistake)
    world.rest()
    assert (world.state(address), world.standing(address)) == ("out", "out")


def test_a_stop_at_klaviyo_long_after_we_told_it_one_is_a_persons_own() -> None:
    """Only what comes about the time of a telling is an echo."""
    world = World()
    world.hear(BO, STOP)
    world.rest()
    later = record("later", "hard_out", world.clock() + timedelta(hours=1), BO, source="klaviyo")
    world.hear(BO, later)
    assert world.ledger.read([BO])[BO].records[-1].actor == "subject"
