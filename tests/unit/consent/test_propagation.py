"""What reaches the destinations, and when: opt-outs at once, opt-ins with care, everything read back."""

from datetime import timedelta

import pytest
from commerce_sync.consent.modes import Modes
from commerce_sync.contracts.consent import Address

from tests.fakes.consent_workers import World
from tests.fakes.consent_world import START, busy, record

ANA: Address = ("email", "ana@example.com")
BO: Address = ("sms", "+12025550101")
PLACES = ("klaviyo", "hubspot", "shopify:us")


def _later(minutes: float) -> timedelta:
    return timedelta(minutes=minutes)


@pytest.mark.parametrize("place", PLACES)
def test_an_opt_out_is_everywhere_before_its_batch_ends(place: str) -> None:
    """No settle window, no due row: told in the invocation that heard it."""
    world = World()
    world.hear(ANA, record("out", "pref_out", START, ANA))
    assert world.standing(ANA, place) == "out"


def test_an_opt_in_waits_the_settle_window_and_is_everywhere_after_it() -> None:
    """Due rows, given out when their time has come."""
    world = World()
    world.hear(ANA, record("in", "strong_in", START, ANA))
    assert [world.standing(ANA, place) for place in PLACES] == ["none"] * 3
    world.clock.advance(119)
    assert world.dispatch() == 0
    world.clock.advance(1)
    assert world.dispatch() == 3
    assert [world.standing(ANA, place) for place in PLACES] == ["in"] * 3
    world.rest()
    assert {row.status for row in world.outbox.rows()} == {"settled"}


def test_an_opt_out_inside_the_settle_window_leaves_nobody_subscribed_at_any_time() -> None:
    """The row of the opt-in is the opt-out's now."""
    world = World()
    world.hear(ANA, record("in", "strong_in", START, ANA))
    world.clock.advance(60)
    world.hear(ANA, record("out", "pref_out", START + _later(1), ANA))
    world.rest()
    assert [call[0] for call in world.at["klaviyo"].calls] == ["close"]
    assert world.standing(ANA) == "out"


def test_an_opt_out_that_only_the_target_knows_is_heard_and_never_overwritten() -> None:
    """The target is read before it is told; what it shows is a fact like any other, for every destination."""
    world = World()
    world.hear(ANA, record("in", "strong_in", START, ANA))
    world.clock.advance(100)
    world.at["klaviyo"].person("email", ANA[1], "out")
    world.rest()
    assert world.state(ANA) == "out"
    assert [world.standing(ANA, place) for place in PLACES] == ["out"] * 3
    assert all(call[0] != "open" for call in world.at["klaviyo"].calls)
    assert world.counts["OptOutsFoundAtTarget"] == 1


def test_what_is_accepted_and_dropped_is_told_again_and_counted() -> None:
    """A 202 proves nothing."""
    world = World()
    world.at["klaviyo"].drops.add(ANA[1])
    world.hear(ANA, record("out", "pref_out", START, ANA))
    assert world.standing(ANA) == "none"
    world.clock.advance(60)
    world.dispatch()
    assert world.counts["ConsentNotTaken"] == 1
    world.at["klaviyo"].drops.clear()
    world.rest()
    assert world.standing(ANA) == "out"


def test_a_destination_that_does_not_answer_holds_up_no_other() -> None:
    """Its row waits and is tried again; the others are told."""
    world = World()
    world.at["hubspot"].on_call = busy
    world.hear(ANA, record("out", "pref_out", START, ANA))
    assert [world.standing(ANA, place) for place in ("klaviyo", "shopify:us")] == ["out"] * 2
    world.at["hubspot"].on_call = lambda _what: None
    world.rest()
    assert world.standing(ANA, "hubspot") == "out"


def test_a_record_that_changes_nothing_makes_no_row_and_no_call() -> None:
    """A second opt-out, a mirror, an opt-in of somebody who is in."""
    world = World()
    world.hear(ANA, record("out", "pref_out", START, ANA))
    world.rest()
    before, calls = world.outbox.rows(), list(world.at["klaviyo"].calls)
    for number, strength in enumerate(["pref_out", "hard_out", "weak_in"]):
        world.hear(ANA, record(f"again-{number}", strength, START + _later(number), ANA))
    assert world.outbox.rows() == before
    assert world.at["klaviyo"].calls == calls
    assert world.ledger.read([ANA])[ANA].seq == 4


def test_a_hold_is_a_suppression_and_a_review_ends_it_both_ways() -> None:
    """Never an unsubscribe; where it cannot be said, nothing is said."""
    world = World()
    world.hear(ANA, record("hold", "info", START, ANA, action="hold"))
    assert [world.standing(ANA, place) for place in PLACES] == ["hold", "none", "none"] or world.standing(ANA) == "hold"
    review = record("review", "pref_out", START + _later(10), ANA, action="review", evidence={"decides": ["hold"]})
    world.clock.advance(600)
    world.hear(ANA, review)
    assert [world.standing(ANA, place) for place in PLACES] == ["out"] * 3


def test_nobody_is_subscribed_before_the_baseline_is_complete() -> None:
    """An empty ledger is no permission; opt-outs do not wait for it."""
    world = World(has_baseline=False)
    world.hear(ANA, record("in", "strong_in", START, ANA))
    world.hear(BO, record("stop", "hard_out", START, BO))
    world.rest()
    assert world.standing(ANA) == "none"
    assert world.standing(BO) == "out"
    assert {row.status for row in world.outbox.rows() if row.channel == "email"} == {"observed"} | {"observed"}


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("observe", ("none", "none")),
        ("opt_outs_only", ("out", "none")),
        ("pilot", ("out", "none")),
        ("live", ("out", "in")),
    ],
)
def test_a_mode_lets_through_what_it_says(mode: str, expected: tuple[str, str]) -> None:
    """From nothing to everything."""
    world = World(modes=Modes(by_place={"klaviyo": mode}, default="live"))  # type: ignore[dict-item] # as listed
    cy: Address = ("email", "cy@example.com")
    world.hear(ANA, record("out", "pref_out", START, ANA))
    world.hear(cy, record("in", "strong_in", START, cy))
    world.rest()
    assert (world.standing(ANA), world.standing(cy)) == expected
    assert (world.standing(ANA, "hubspot"), world.standing(cy, "hubspot")) == ("out", "in")


def test_a_bulk_change_above_the_share_is_braked_and_a_persons_own_is_not() -> None:
    """R11: only what no person did pauses."""
    world = World(is_braked=True)
    world.hear(ANA, record("bulk", "pref_out", START, ANA, actor="system"))
    world.hear(BO, record("stop", "hard_out", START, BO))
    assert world.standing(ANA) == "none"
    assert world.standing(BO) == "out"
    assert {row.status for row in world.outbox.rows() if row.channel == "email"} == {"braked"}
    assert world.state(ANA) == "out"


def test_a_correction_of_a_bad_import_brings_back_who_was_in() -> None:
    """R10, echoes included: what our own opt-out made the destination say goes with the import."""
    world = World()
    world.hear(ANA, record("in", "strong_in", START, ANA))
    world.rest()
    day = START + _later(60 * 30)
    world.clock.at = day
    world.hear(ANA, record("bad", "pref_out", day, ANA, actor="system", source="import:1", method="import"))
    assert world.standing(ANA) == "out"
    world.hear(ANA, record("echo", "pref_out", day + _later(0.1), ANA, source="klaviyo"))
    world.rest()
    voids = {"voids": ["bad"], "approved_by": ["kim", "lee"]}
    world.clock.advance(600)
    world.hear(ANA, record("fix", "info", world.clock(), ANA, action="correction", actor="staff", evidence=voids))
    world.rest()
    assert world.state(ANA) == "in"
    assert [world.standing(ANA, place) for place in PLACES] == ["in"] * 3


def test_our_own_opt_in_coming_back_late_clears_no_opt_out() -> None:
    """A store that stamps our opt-in with its own, later time: a mirror is weak, whatever it looks like."""
    world = World()
    world.hear(ANA, record("in", "strong_in", START, ANA))
    world.clock.advance(120)
    world.dispatch()
    told_at = world.clock()
    world.clock.advance(120)
    world.hear(ANA, record("out", "pref_out", START + _later(1), ANA, received_at=world.clock()))
    world.hear(ANA, record("mirror", "strong_in", told_at + _later(7), ANA, source="shopify:us"))
    world.rest()
    assert world.state(ANA) == "out"
    assert [world.standing(ANA, place) for place in PLACES] == ["out"] * 3


def test_who_sends_is_told_first() -> None:
    """Whatever the others take for it."""
    world, told = World(), list[str]()
    for name, place in world.at.items():
        place.on_call = lambda what, name=name: told.append(name) if what == "close" else None  # type: ignore[misc] # bound at once
    world.hear(ANA, record("out", "pref_out", START, ANA))
    assert told == ["klaviyo", "hubspot", "shopify:us"]
