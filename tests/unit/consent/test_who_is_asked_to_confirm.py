"""Who has to confirm an opt-in is asked once, about what they just did, and closed meanwhile where they had left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from commerce_sync.contracts.consent import Address, Channel
from commerce_sync.contracts.consent_shown import Asked, Outcome, Place

from tests.fakes.consent_workers import World
from tests.fakes.consent_world import START, MemoryDestination, record

BO: Address = ("sms", "+12025550101")


@dataclass
class AskingDestination(MemoryDestination):
    """One that asks people to confirm. ``asked`` is what it was asked to ask."""

    asked: list[tuple[str, ...]] = field(default_factory=list)

    def open(self, channel: Channel, asked: Sequence[Asked]) -> Mapping[str, Outcome]:
        """Give, and ask."""
        self.asked += [one.wanted.asks for one in asked if one.wanted.asks]
        return super().open(channel, asked)


def _asking() -> tuple[World, list[tuple[str, ...]]]:
    """A world whose Klaviyo asks people to confirm, and what it was asked to ask."""
    place = Place("klaviyo", takes_holds=True, confirms=True)
    world = World(places=(place,))
    world.at["klaviyo"] = klaviyo = AskingDestination(place, world.clock)
    return world, klaviyo.asked


def test_who_has_to_confirm_is_asked_once() -> None:
    """After the settle window; repeats and time change nothing."""
    world, asked = _asking()
    ticked = record("ticked", "strong_in", START, BO, method="checkout", source="shopify:us")
    world.hear(BO, ticked)
    assert asked == []
    world.rest()
    world.hear(BO, ticked)
    world.clock.advance(3 * 86400)
    world.rest()
    assert asked == [("marketing",)]
    assert [row.status for row in world.outbox.rows()] == ["settled"]


def test_who_opted_out_and_has_to_confirm_is_closed_and_then_asked() -> None:
    """The question is not taken for a change of mind, and our own closing is no news."""
    world, asked = _asking()
    world.hear(BO, record("out", "pref_out", START, BO))
    world.clock.advance(600)
    world.hear(BO, record("ticked", "strong_in", world.clock(), BO, method="checkout", source="shopify:us"))
    world.rest()
    assert (world.state(BO), world.standing(BO), asked) == ("pending", "out", [("marketing",)])


def test_history_asks_nobody() -> None:
    """Importing what people ticked long ago sends no message."""
    world, asked = _asking()
    old = record("old", "strong_in", START - timedelta(days=2), BO, method="checkout", source="shopify:us")
    world.hear(BO, old)
    world.rest()
    assert (world.state(BO), asked) == ("pending", [])
