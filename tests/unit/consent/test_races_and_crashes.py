"""Two workers at one time, and workers that die anywhere: the end is what the ledger says, and it forgets nothing."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from commerce_sync.contracts.consent import Address, ConsentRecord

from tests.fakes.consent_workers import WorkerDiedError, World
from tests.fakes.consent_world import START, record

ANA: Address = ("email", "ana@example.com")
PLACES = ("klaviyo", "hubspot", "shopify:us")
INSTANTS = ("shown", "open", "open answered")
"""Where another worker's opt-out may come in while one tells an opt-in: after it read, just before, just after."""


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("instant", INSTANTS)
def test_an_opt_out_that_comes_in_while_an_opt_in_is_told_is_told_last(place: str, instant: str) -> None:
    """Whatever the two workers do, nobody stays subscribed."""
    world = World()
    world.hear(ANA, record("in", "strong_in", START, ANA))
    world.clock.advance(120)
    heard: list[str] = []

    def interrupt(what: str) -> None:
        if what == instant and not heard:
            heard.append(what)
            world.hear(ANA, record("out", "pref_out", world.clock(), ANA, source="sms:main"))

    world.at[place].on_call = interrupt
    world.dispatch()
    assert heard
    assert world.standing(ANA, place) != "in"
    world.rest()
    assert [world.standing(ANA, one) for one in PLACES] == ["out"] * 3


class Boundaries:
    """Every point between two effects, counted as they are passed; dies at the one that it was told."""

    def __init__(self, world: World, die_at: int = 0) -> None:
        self.passed: list[str] = []
        self._die_at = die_at
        world.ledger.before_write = lambda _address, _record: self("before the ledger's transaction")
        world.ledger.after_write = lambda _address, _record: self("after the ledger's transaction")
        world.outbox.before_write = lambda row: self(f"before {row.row}'s row becomes {row.status}")
        world.outbox.after_write = lambda row: self(f"after {row.row}'s row became {row.status}")
        for place, one in world.at.items():
            one.on_call = self._named(place)

    def __call__(self, name: str) -> None:
        """Pass one."""
        self.passed.append(name)
        if len(self.passed) == self._die_at:
            raise WorkerDiedError

    def _named(self, place: str) -> Callable[[str], None]:
        return lambda what: self(f"{place}: {what}")


def _story(seed: int) -> list[tuple[float, ConsentRecord]]:
    """A few acts of one person, at random distances (seconds)."""
    chance = random.Random(seed)  # noqa: S311 # the same story for the same seed
    at = START
    story: list[tuple[float, ConsentRecord]] = []
    for number in range(chance.randint(2, 4)):
        wait = chance.choice([30, 60, 119, 121, 400, 4000])
        at += timedelta(seconds=wait)
        strength = chance.choice(["pref_out", "hard_out", "strong_in", "verified_in", "weak_in"])
        story.append((wait, record(f"act-{number}", strength, at, ANA, source=chance.choice(["a:1", "b:1"]))))
    return story


def _play(world: World, story: list[tuple[float, ConsentRecord]]) -> None:
    """Live through a story: a worker that dies leaves its message, which comes again when it is visible again."""
    for wait, act in story:
        world.clock.advance(wait)
        _survive(world, lambda act=act: world.hear(ANA, act))  # type: ignore[misc] # bound at once
        _survive(world, world.dispatch)


def _survive(world: World, step: Callable[[], object]) -> None:
    try:
        step()
    except WorkerDiedError:
        world.clock.advance(1)
        step()


def test_a_worker_that_dies_at_any_boundary_loses_doubles_and_resurrects_nothing() -> None:
    """Every boundary of ten stories: the end is the fold, at every destination, and each record stands once."""
    names: set[str] = set()
    for seed in range(10):
        story = _story(seed)
        whole = World()
        counted = Boundaries(whole)
        _play(whole, story)
        whole.rest()
        names |= set(counted.passed)
        for die_at in range(1, len(counted.passed) + 1):
            world = World()
            Boundaries(world, die_at)
            _play(world, story)
            _survive(world, world.rest)
            state = world.state(ANA)
            shown = {world.standing(ANA, place) for place in PLACES}
            assert state == whole.state(ANA), (seed, die_at)
            assert shown == ({state} if state in {"in", "out"} else {"none"}), (seed, die_at, state, shown)
            ids = [one.record_id for one in world.ledger.read([ANA])[ANA].records]
            assert sorted(ids) == sorted({one.record_id for _, one in story}), (seed, die_at)
    assert len(names) >= 25, sorted(names)


def test_there_are_enough_boundaries() -> None:
    """The stories pass many more than twenty-five points at which a worker may die."""
    total = 0
    for seed in range(10):
        world = World()
        counted = Boundaries(world)
        _play(world, _story(seed))
        world.rest()
        total += len(counted.passed)
    assert total >= 250


def test_a_dead_workers_opt_out_is_told_when_its_lease_runs_out() -> None:
    """The sweeper completes the promise: the ledger's transaction is all that a crash leaves."""
    world = World()
    world.at["klaviyo"].on_call = lambda _what: (_ for _ in ()).throw(WorkerDiedError())
    with pytest.raises(WorkerDiedError):
        world.hear(ANA, record("out", "pref_out", START, ANA))
    world.at["klaviyo"].on_call = lambda _what: None
    assert world.standing(ANA) == "none"
    world.clock.advance(121)
    world.dispatch()
    assert [world.standing(ANA, place) for place in PLACES] == ["out"] * 3
