"""Destinations that echo every change, with a delay and a changed time, come to rest."""

import random
from datetime import timedelta

import pytest
from commerce_sync.contracts.consent import Address

from tests.fakes.consent_workers import World
from tests.fakes.consent_world import START, record

ANA: Address = ("email", "ana@example.com")
STRENGTHS = {"in": "strong_in", "out": "pref_out", "hold": "info"}


def _echo(world: World, chance: random.Random) -> int:
    """Bring every change of every destination back as its webhook would; how many."""
    echoed = 0
    for name, place in world.at.items():
        changes, place.changes = place.changes, []
        for channel, address, showing, at in changes:
            moved = at + timedelta(seconds=chance.choice([-20, 0, 1, 45]))
            action = {"in": "grant", "out": "withdraw", "hold": "hold"}[showing]
            echo = record(
                f"{name}:{address}:{showing}:{at.isoformat()}:{moved.isoformat()}",
                STRENGTHS[showing],
                moved,
                (channel, address),
                source=name,
                action=action,
                received_at=world.clock(),
            )
            world.hear((channel, address), echo)
            echoed += 1
    return echoed


@pytest.mark.parametrize("seed", range(40))
def test_echoing_destinations_come_to_rest_and_show_what_the_person_said_last(seed: int) -> None:
    """However many acts: they cause a bounded number of writes, and none at rest."""
    chance = random.Random(seed)  # noqa: S311 # the same life for the same seed
    world = World()
    acts = chance.randint(1, 5)
    for number in range(acts):
        world.clock.advance(chance.choice([30, 400, 4000]))
        strength = chance.choice(["pref_out", "strong_in"])
        world.hear(ANA, record(f"act-{number}", strength, world.clock(), ANA))
        for _ in range(chance.randint(0, 3)):
            world.clock.advance(chance.choice([5, 130]))
            world.dispatch()
            _echo(world, chance)
    rounds = 0
    while _echo(world, chance) or rounds < 2:
        world.rest()
        rounds += 1
        assert rounds < 10, "the echoes never end"
    calls = sum(len(place.calls) for place in world.at.values())
    world.rest()
    assert _echo(world, chance) == 0
    assert sum(len(place.calls) for place in world.at.values()) == calls
    assert calls <= 6 * len(world.at) * acts
    state = world.state(ANA)
    assert {world.standing(ANA, place) for place in world.at} == ({state} if state in {"in", "out"} else {"none"})


def test_an_opt_out_at_one_destination_ends_at_the_others_and_comes_back_as_nothing() -> None:
    """Two systems that tell each other everything, with us between them."""
    world = World()
    world.hear(ANA, record("in", "strong_in", START, ANA))
    world.rest()
    chance = random.Random(1)  # noqa: S311 # a fixed life
    _echo(world, chance)
    world.clock.advance(3600)
    world.at["shopify:us"].person("email", ANA[1], "out")
    for _ in range(5):
        _echo(world, chance)
        world.rest()
    assert {world.standing(ANA, place) for place in world.at} == {"out"}
    assert [call for call in world.at["shopify:us"].calls if call[0] == "close"] in ([], [("close", ANA[1], "out")])
