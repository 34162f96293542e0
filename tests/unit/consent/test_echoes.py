"""What comes back because we told it: weak where it grants, and no stronger than what it echoes where it withdraws."""

from datetime import timedelta

from commerce_sync.consent import fold
from commerce_sync.contracts.consent import Address, ConsentRecord

from tests.fakes.consent_workers import World
from tests.fakes.consent_world import START, record

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
    for number in range(2):
        at = world.clock() + timedelta(seconds=2 + number)
        world.hear(BO, record(f"klaviyo-{number}", "hard_out", at, BO, source="klaviyo"))
    heard = world.ledger.read([BO])[BO].records[1:]
    assert [(one.actor, one.evidence["echo_of"]) for one in heard] == [("system", ["stop"])] * 2


def test_a_stop_at_klaviyo_long_after_we_told_it_one_is_a_persons_own() -> None:
    """Only what comes about the time of a telling is an echo."""
    world = World()
    world.hear(BO, STOP)
    world.rest()
    later = record("later", "hard_out", world.clock() + timedelta(hours=1), BO, source="klaviyo")
    world.hear(BO, later)
    assert world.ledger.read([BO])[BO].records[-1].actor == "subject"
