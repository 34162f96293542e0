"""What a destination is told although the ledger says what it said before; what is taken back without an opt-out."""

from collections import Counter
from datetime import timedelta

import pytest
from commerce_sync.consent.loading import Loading
from commerce_sync.consent.modes import Modes
from commerce_sync.consent.rows import MOST_ATTEMPTS
from commerce_sync.contracts.consent import Address
from commerce_sync.contracts.consent_shown import Place
from commerce_sync.contracts.events import DueWork
from commerce_sync.errors import ConfigurationError, PermanentError

from tests.fakes.consent_workers import World
from tests.fakes.consent_world import READING, START, busy, record

ANA: Address = ("email", "ana@example.com")
BO: Address = ("sms", "+12025550101")
PLACES = ("klaviyo", "hubspot", "shopify:us")


def _after(minutes: float) -> timedelta:
    return timedelta(minutes=minutes)


def _subscribed(address: Address) -> World:
    """Somebody who is subscribed everywhere, by an act that was verified."""
    world = World()
    world.hear(address, record("in", "verified_in", START, address))
    world.rest()
    return world


def _statuses(world: World) -> dict[str, str]:
    return {row.row: row.status for row in world.outbox.rows()}


@pytest.mark.parametrize("address", [ANA, BO])
@pytest.mark.parametrize("order", ["in its time", "late", "in one batch", "while all are busy"])
def test_an_opt_out_that_an_unconfirmed_opt_in_answers_is_told(address: Address, order: str) -> None:
    """Only IN may be written to: who has to confirm is closed where an opt-out was, told yet or not."""
    world = _subscribed(address)
    left_at = world.clock()
    out = record("out", "pref_out", left_at, address)
    how = {"method": "checkout"} if address is BO else {"country": "DE"}
    ticked = record("ticked", "strong_in", left_at + _after(19), address, source="shopify:us", **how)
    if order == "in its time":
        world.hear(address, out)
    if order == "while all are busy":
        for place in PLACES:
            world.at[place].on_call = busy
        world.hear(address, out)
    world.clock.advance(20 * 60)
    worker = world.worker()
    for one in (ticked, out) if order == "late" else (out, ticked):
        worker.record(address, one)
    worker.work.keep(lambda: True)
    for place in PLACES:
        world.at[place].on_call = lambda _what: None
    world.rest()
    assert world.state(address) == "pending"
    assert [world.standing(address, place) for place in PLACES] == ["out"] * 3


def test_an_opt_in_that_ends_is_taken_back_when_it_ends() -> None:
    """R7: computed when it is read; somebody has to read it on that day."""
    world = World()
    world.hear(ANA, record("in", "strong_in", START, ANA, expires_rule="casl_inquiry"))
    life = READING.rules.expiry["casl_inquiry"]
    while world.clock.at < START + life:
        assert world.standing(ANA) in {"none", "in"}
        world.clock.at = min(row.due_at for row in world.outbox.rows() if row.due_at)
        world.dispatch()
    world.rest()
    assert (world.state(ANA), world.standing(ANA)) == ("none", "out")
    assert world.counts["ConsentNotTaken"] == 0


def test_an_opt_in_that_was_a_mistake_is_taken_back() -> None:
    """R10: two people voided the import that subscribed somebody."""
    world = World()
    world.hear(ANA, record("imported", "strong_in", START, ANA, actor="system"))
    world.rest()
    evidence = {"voids": ["imported"], "approved_by": ["kim", "sam"]}
    world.hear(
        ANA, record("mistake", "info", world.clock(), ANA, action="correction", actor="staff", evidence=evidence)
    )
    world.rest()
    assert [world.standing(ANA, place) for place in PLACES] == ["out"] * 3


def test_what_was_never_more_than_weak_stays_as_it_is() -> None:
    """Going live changes nobody's standing: no opt-in ended, nobody opted out."""
    world = World()
    world.at["klaviyo"].person("email", ANA[1], "in")
    world.hear(ANA, record("import", "weak_in", START, ANA, source="klaviyo:main"))
    world.rest()
    assert (world.state(ANA), world.standing(ANA)) == ("weak", "in")


def test_a_person_who_opts_out_again_ends_a_brake() -> None:
    """R11: what no person did waits for approval; what a person does never does."""
    world = _subscribed(ANA)
    world.is_braked = True
    world.hear(ANA, record("bulk", "pref_out", world.clock(), ANA, actor="system", method="import"))
    assert set(_statuses(world).values()) == {"braked"}
    world.clock.advance(60)
    world.hear(ANA, record("own", "pref_out", world.clock(), ANA))
    assert [world.standing(ANA, place) for place in PLACES] == ["out"] * 3


def test_an_echo_is_never_braked() -> None:
    """It comes of what was told already."""
    world = World()
    world.hear(ANA, record("out", "pref_out", START, ANA))
    world.clock.advance(360)
    world.hear(ANA, record("in", "verified_in", world.clock(), ANA))
    world.is_braked = True
    world.clock.advance(100)
    world.hear(ANA, record("state", "pref_out", world.clock(), ANA, source="klaviyo:main", method="profile_state"))
    world.rest()
    assert (world.state(ANA), "braked" in _statuses(world).values()) == ("out", False)


@pytest.mark.parametrize("known", ["at the place", "nowhere"])
def test_a_person_who_opts_out_after_the_baseline_loaded_it_is_told_everywhere(known: str) -> None:
    """What was loaded pushed nothing; the person says it once more, and nothing in the ledger changes."""
    world = World()
    load = Loading(READING, world.places, world.clock)
    for place in PLACES:
        world.at[place].person("email", ANA[1], "in")
    if known == "at the place":
        old = record("old", "strong_in", START - timedelta(days=9), ANA, source="klaviyo:main")
        world.ledger.append(ANA, old, load)
    world.ledger.append(ANA, record("left", "pref_out", START - _after(1), ANA, source="hubspot:main"), load)
    assert world.standing(ANA) == "in"
    world.hear(ANA, record("again", "pref_out", START, ANA))
    world.rest()
    assert [world.standing(ANA, place) for place in PLACES] == ["out"] * 3


def test_a_destination_that_opens_somebody_again_is_closed_again_and_only_it() -> None:
    """An import there, or the shop's own app: the ledger stays OUT, and the destination is told so once."""
    world = World()
    world.hear(BO, record("stop", "hard_out", START, BO))
    world.rest()
    world.clock.advance(3 * 86400)
    for place in world.at.values():
        place.calls.clear()
    world.at["klaviyo"].person("sms", BO[1], "in")
    said = record("import", "strong_in", world.clock(), BO, source="klaviyo:main", method="form")
    world.hear(BO, said)
    assert (world.state(BO), world.standing(BO)) == ("out", "out")
    back = record("back", "hard_out", world.clock() + timedelta(seconds=3), BO, source="klaviyo:main", method="keyword")
    world.hear(BO, back)
    world.hear(BO, said)
    world.rest()
    assert {name: len(one.calls) for name, one in world.at.items()} == {"klaviyo": 1, "hubspot": 0, "shopify:us": 0}


def test_old_news_of_an_opt_in_at_a_destination_is_not_answered() -> None:
    """It was told of the opt-out since."""
    world = World()
    world.hear(ANA, record("out", "pref_out", START, ANA))
    world.hear(ANA, record("old", "strong_in", START - timedelta(days=3), ANA, source="klaviyo:main"))
    world.rest()
    assert world.at["klaviyo"].calls == [("close", ANA[1], "out")]


def test_a_destination_that_breaks_keeps_nobody_from_telling_the_others() -> None:
    """An error that is no answer of a vendor's: its rows are due after their lease, the others are told now."""
    world = World()
    hubspot = world.at["hubspot"]

    def broken(_what: str) -> None:
        raise ConfigurationError("no such subscription type")

    hubspot.on_call = broken
    world.hear(ANA, record("out", "pref_out", START, ANA))
    assert [world.standing(ANA, place) for place in ("klaviyo", "shopify:us")] == ["out"] * 2
    assert world.counts["ConsentDestinationFailed"] == 1
    hubspot.on_call = lambda _what: None
    world.rest()
    assert world.standing(ANA, "hubspot") == "out"


def test_two_records_of_one_address_in_one_batch_are_told_once() -> None:
    """The row as it was last written; what came before it is told with it."""
    world = World()
    worker = world.worker()
    worker.record(ANA, record("hold", "info", START, ANA, action="hold"))
    worker.record(ANA, record("out", "pref_out", START, ANA))
    worker.work.keep(lambda: True)
    assert world.at["klaviyo"].calls == [("close", ANA[1], "out")]
    assert set(_statuses(world).values()) == {"verifying"}


@pytest.mark.parametrize(("strength", "status"), [("strong_in", "parked"), ("pref_out", "verifying")])
def test_what_is_accepted_and_never_taken_is_told_more_and_more_rarely(strength: str, status: str) -> None:
    """An opt-in is given up and counted; an opt-out goes on."""
    world = World(places=(Place("klaviyo"),))
    klaviyo = world.at["klaviyo"]
    klaviyo.shows[ANA[1]] = {"marketing": ("none" if strength == "strong_in" else "in", START)}
    klaviyo.drops.add(ANA[1])
    world.hear(ANA, record("said", strength, START, ANA))
    for _ in range(MOST_ATTEMPTS + 5):
        if due := [row.due_at for row in world.outbox.rows() if row.due_at]:
            world.clock.at = max(world.clock.at, *due)
            world.dispatch()
    told = Counter(call[0] for call in klaviyo.calls)
    assert told.total() <= (world.clock.at - START) / timedelta(hours=1) + 10
    assert _statuses(world) == {"klaviyo": status}
    assert world.counts["ParkedConsent"] == (status == "parked")


def test_what_cannot_be_read_back_is_parked_and_counted() -> None:
    """Each way into parking rings."""
    world = World(places=(Place("klaviyo"),))

    def unreadable(what: str) -> None:
        if what == "shown":
            raise PermanentError("400")

    world.at["klaviyo"].on_call = unreadable
    world.hear(ANA, record("out", "pref_out", START, ANA))
    world.rest()
    assert (_statuses(world), world.counts["ParkedConsent"]) == ({"klaviyo": "parked"}, 1)


@pytest.mark.parametrize("change", ["mode", "baseline"])
def test_what_was_written_down_while_a_mode_changed_is_told(change: str) -> None:
    """The operator releases what they find; a worker that read the modes before writes its row after that."""
    world = World()
    live = world.modes
    if change == "mode":
        world.modes = Modes(default="observe")
    world.has_baseline = change != "baseline"
    worker = world.worker()
    worker.record(ANA, record("in", "verified_in", START, ANA))
    worker.record(BO, record("out", "hard_out", START, BO))
    world.clock.advance(130)
    rows = world.outbox.due(world.clock(), "dispatched", world.clock() + timedelta(seconds=900))
    worker.work.record(DueWork(schema_version=1, rows=tuple(rows)))
    world.modes, world.has_baseline = live, True
    worker.work.keep(lambda: True)
    world.rest()
    assert [(world.standing(ANA, place), world.standing(BO, place)) for place in PLACES] == [("in", "out")] * 3
