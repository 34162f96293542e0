"""What somebody changes at Klaviyo is told again by its owner; our own writes are no news, and a war ends."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from commerce_sync.contracts.fields import FieldLine, FieldType, FieldValues
from commerce_sync.contracts.told import Told
from commerce_sync.errors import RetriableError
from commerce_sync.profiles.differences import news
from commerce_sync.profiles.drifting import MOST, drifted, righted
from commerce_sync.profiles.klaviyo_fields import as_json
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.drift import Drift
from tests.fakes.telling import NOW, KilledError
from tests.fakes.told_world import LINES, ToldWorld

ANA, BO = "ana@example.com", "bo@example.com"
FACTS: dict[str, FieldValues] = {
    ANA: {"$first_name": "Ana", "stage": "lead", "score": "7"},
    BO: {"stage": "lead", "score": None},
}


def told_and_polled() -> tuple[ToldWorld, Drift]:
    """A world that was told of everybody."""
    world = ToldWorld(dict(FACTS))
    world.deliver()
    return world, Drift(world, NOW)


def test_our_own_writes_end_there_however_often_they_are_polled() -> None:
    """Twenty rounds: not one more write, note or row."""
    world, drift = told_and_polled()
    world.mortality.steps.clear()
    for _ in range(20):
        assert drift.poll() == Counter()
        drift.settle()
    assert world.mortality.steps == Counter()


def test_what_was_changed_by_hand_is_put_right_once() -> None:
    """That field alone, in one write; then it is quiet again."""
    world, drift = told_and_polled()
    before = world.klaviyo.writes.copy()
    world.klaviyo.profiles[ANA] |= {"stage": "customer", "by_hand": "x"}
    assert drift.poll() == Counter(FieldsPutRight=1)
    drift.settle()
    assert world.klaviyo.profiles[ANA] == {"first_name": "Ana", "stage": "lead", "score": 7, "by_hand": "x"}
    for _ in range(5):
        assert drift.poll() == Counter()
        drift.settle()
    assert world.klaviyo.writes - before == Counter({ANA: 1})


@pytest.mark.parametrize("by_hand", [None, "customer", 7, ["a"], {"a": 1}, True, ""])
def test_whatever_stands_there_is_put_right(by_hand: Any) -> None:
    """Cleared, changed, or of another type."""
    world, drift = told_and_polled()
    for name in ("stage", "score", "first_name"):
        world.klaviyo.profiles[ANA][name] = by_hand
    drift.poll()
    drift.settle()
    assert world.klaviyo.profiles[ANA] == {"first_name": "Ana", "stage": "lead", "score": 7}


def test_what_was_cleared_and_filled_by_hand_is_cleared_again() -> None:
    """The owner has none, and its line may clear."""
    world, drift = told_and_polled()
    world.facts[ANA] = {**FACTS[ANA], "stage": None}
    world.deliver()
    world.klaviyo.profiles[ANA]["stage"] = "customer"
    drift.poll()
    drift.settle()
    assert "stage" not in world.klaviyo.profiles[ANA]


def test_where_owner_and_hand_agree_nothing_is_written() -> None:
    """The owner's change was on its way."""
    world, drift = told_and_polled()
    before = world.klaviyo.writes.copy()
    world.facts[ANA] = {**FACTS[ANA], "stage": "customer", "score": "8"}
    world.klaviyo.profiles[ANA] |= {"stage": "customer", "score": 8}
    assert drift.poll() == Counter(FieldsPutRight=2)
    drift.settle()
    assert world.klaviyo.writes == before


def test_a_war_ends_and_is_said_and_the_other_fields_go_on() -> None:
    """So often a day; the next day again. What its owner says anew is told all the same."""
    world, drift = told_and_polled()
    before = world.klaviyo.writes.copy()
    for _ in range(10):
        drift.at += timedelta(minutes=5)
        world.klaviyo.profiles[ANA]["stage"] = "theirs"
        drift.poll()
        drift.settle()
    assert (world.klaviyo.writes - before, world.klaviyo.profiles[ANA]["stage"]) == (Counter({ANA: MOST}), "theirs")
    (said,) = world.book.parked()
    assert said is not None
    assert "keeps writing stage: put right 3 times" in said
    world.klaviyo.profiles[ANA]["score"] = 0
    drift.poll()
    drift.settle()
    assert (world.klaviyo.profiles[ANA]["score"], world.klaviyo.profiles[ANA]["stage"]) == (7, "theirs")
    drift.at += timedelta(days=1)
    drift.poll()
    drift.settle()
    assert world.klaviyo.profiles[ANA]["stage"] == "lead"


@given(lives=st.integers(0, 6), others=st.integers(0, 6))
def test_a_run_that_dies_anywhere_is_repeated_and_loses_nothing(lives: int, others: int) -> None:
    """Its cursor stands where it was, so that the page comes again; a look in between changes nothing."""
    world, drift = told_and_polled()
    for email in FACTS:
        world.klaviyo.profiles[email]["stage"] = "theirs"
    for left in (lives, others):
        world.mortality.left = left
        try:
            drift.poll()
        except KilledError:
            drift.settle()
        finally:
            world.mortality.left = None
    drift.poll()
    drift.settle()
    assert {one["stage"] for one in world.klaviyo.profiles.values()} == {"lead"}


def test_many_at_once_wait_for_a_person_and_go_on_the_next_day() -> None:
    """To change them back may start flows for all of them. Nothing is noted or written down of the page."""
    world, drift = told_and_polled()
    drift.most = 1
    for email in FACTS:
        world.klaviyo.profiles[email]["stage"] = "theirs"
    world.mortality.steps.clear()
    with pytest.raises(RetriableError, match="more than 1 profiles"):
        drift.poll()
    assert world.mortality.steps == Counter()
    assert drift.mend({ANA: drift.standing()[ANA]}) == Counter(FieldsPutRight=1)
    drift.settle()
    with pytest.raises(RetriableError):
        drift.poll()
    drift.at += timedelta(days=1)
    drift.poll()
    drift.settle()
    assert {one["stage"] for one in world.klaviyo.profiles.values()} == {"lead"}


def test_a_page_that_is_older_than_a_write_is_no_drift() -> None:
    """What stands is read once more before anything is noted."""
    world, drift = told_and_polled()
    page = drift.standing()
    world.facts[ANA] = {**FACTS[ANA], "stage": "customer"}
    world.deliver()
    before = world.klaviyo.writes.copy()
    assert drift.mend(page) == Counter()
    drift.settle()
    assert world.klaviyo.writes == before


def test_an_address_that_is_being_told_is_left_to_whoever_tells_it() -> None:
    """Nobody is sure of its fields, and they are sent again anyway; one that was refused holds up no other field."""
    told = Told({"stage": "lead"}, {"score": "7"}, revision=3)
    assert drifted(told, {"stage": "theirs"}, LINES) == []
    assert drifted(Told({"stage": "lead"}, imports={"1": ""}), {"stage": "theirs"}, LINES) == [], "an import may follow"
    assert drifted(replace(told, refused="klaviyo 400"), {"stage": "theirs"}, LINES) == ["stage"]


def test_phones_what_is_told_once_and_what_is_mapped_no_more_are_left_alone() -> None:
    """Klaviyo may have them from others, and nobody owns the last."""
    lines = {**LINES, "source": FieldLine("hubspot", "source", "klaviyo", "source", send="once")}
    told = Told({"$hubspot_phone": "+12025550131", "source": "ads", "mapped_once": "x"}, revision=1)
    assert drifted(told, {"source": "other"}, lines) == []


VALUES: dict[FieldType, Any] = {
    "text": st.text(min_size=1, max_size=8).filter(str.strip),
    "number": st.decimals(-1000, 1000, places=2)
    .map(lambda one: f"{one.normalize():f}")
    .filter(lambda one: one != "-0"),
    "boolean": st.sampled_from(["true", "false"]),
    "date": st.dates().map(str),
    "datetime": st.just("2026-11-30T09:30:00Z"),
    "set": st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, unique=True).map(lambda one: ";".join(sorted(one))),
}
ANYTHING = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.text(max_size=2), max_size=3)


@settings(max_examples=300)
@given(st.sampled_from(sorted(VALUES)).flatmap(lambda kind: st.tuples(st.just(kind), VALUES[kind], ANYTHING)))
def test_what_we_wrote_is_never_drift_and_what_drifted_is_news(case: tuple[FieldType, str, Any]) -> None:
    """For every type and whatever somebody put there."""
    kind, value, shown = case
    lines = {"it": FieldLine("hubspot", "it", "klaviyo", "it", kind)}
    told = Told({"it": value}, revision=1)
    assert drifted(told, {"it": as_json(value, lines["it"])}, lines) == []
    found = righted(told, {"it": shown}, lines, NOW)
    if found.told:
        assert news({"it": value}, found.told) == {"it": value}
        assert drifted(found.told, {"it": as_json(value, lines["it"])}, lines) == ["it"]


def test_a_date_is_the_same_in_another_form() -> None:
    """Klaviyo may show a moment with its offset."""
    lines = {"at": FieldLine("hubspot", "at", "klaviyo", "at", "datetime")}
    told = Told({"at": "2026-11-30T09:30:00Z"}, revision=1)
    assert drifted(told, {"at": "2026-11-30T09:30:00+00:00"}, lines) == []
    assert drifted(told, {"at": "2026-11-30T09:31:00+00:00"}, lines) == ["at"]


def test_what_the_vendor_refused_is_still_said_where_a_war_is_given_up() -> None:
    """There is one row for both, and a person needs the vendor's words."""
    world, drift = told_and_polled()
    key = world.book.key_of("klaviyo", ANA)
    for _ in range(MOST + 1):
        drift.at += timedelta(minutes=5)
        world.klaviyo.profiles[ANA]["stage"] = "theirs"
        told = world.book.items[key]
        values = {**told.values, "stage": "lead"}
        world.book.items[key] = replace(told, values=values, refused="klaviyo 400 invalid", pending={"score": "x"})
        drift.poll()
    (said,) = [one for one in world.book.parked() if one]
    assert said.startswith("klaviyo 400 invalid; klaviyo: something else keeps writing stage")
