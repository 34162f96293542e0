"""A destination that is read address by address, and makes us wait, or refuses one, in the middle of a batch."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from commerce_sync.consent.each import read_each
from commerce_sync.contracts.consent import Address
from commerce_sync.contracts.consent_shown import Shown
from commerce_sync.errors import PausedError, RefusedByVendorError

from tests.fakes.consent_workers import World
from tests.fakes.consent_world import START, MemoryDestination, record

PEOPLE: list[Address] = [("email", f"reader{number}@example.com") for number in range(7)]
NOBODY = Shown(exists=False)


@dataclass
class Budget:
    """Pays for so many reads, then makes us wait; some addresses are refused for good."""

    left: int
    refused: frozenset[str] = frozenset()
    reads: list[str] = field(default_factory=list)

    def __call__(self, address: str) -> Shown:
        """One read."""
        if address in self.refused:
            raise RefusedByVendorError("shopify", 200, "INVALID")
        if self.left == 0:
            raise PausedError("shopify THROTTLED", retry_after=1.0)
        self.left -= 1
        self.reads.append(address)
        return NOBODY


def test_what_was_read_before_the_wait_is_kept() -> None:
    """And nothing is invented for the others."""
    assert read_each(["a", "b", "c"], Budget(2)) == {"a": NOBODY, "b": NOBODY}
    assert read_each(["a", "b", "c"], Budget(9, frozenset({"b"}))) == {"a": NOBODY}


def test_where_nothing_could_be_read_the_error_says_why() -> None:
    """The vendor's own wait."""
    with pytest.raises(PausedError):
        read_each(["a"], Budget(0))
    with pytest.raises(RefusedByVendorError):
        read_each(["a"], Budget(1, frozenset({"a"})))


@pytest.mark.parametrize("budget", [1, 2, 6])
def test_a_batch_that_is_dearer_than_its_budget_comes_to_rest(budget: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each round keeps what it read: nothing begins anew for ever."""
    world, shop = _two_reads_a_round(monkeypatch, budget)
    for one in PEOPLE:
        world.hear(one, record("in", "strong_in", START, one))
    world.clock.advance(120)
    for _ in range(10 * len(PEOPLE)):
        shop.left = budget
        world.dispatch()
        world.clock.advance(3600)
    shop.left = len(PEOPLE)
    assert {world.standing(one, "shopify:us") for one in PEOPLE} == {"in"}
    assert {row.status for row in world.outbox.rows() if row.row == "shopify:us"} == {"settled"}


def test_an_address_that_is_refused_parks_its_own_row_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are told all the same."""
    world, shop = _two_reads_a_round(monkeypatch, 1000)
    shop.refused = frozenset({PEOPLE[3][1]})
    for one in PEOPLE:
        world.hear(one, record("in", "strong_in", START, one))
    world.clock.advance(120)
    for _ in range(10):
        world.dispatch()
        world.clock.advance(timedelta(days=1).total_seconds())
    ended = {row.subject: row.status for row in world.outbox.rows() if row.row == "shopify:us"}
    assert sorted(ended.values()) == ["parked", *["settled"] * (len(PEOPLE) - 1)]
    shop.refused = frozenset()
    assert world.standing(PEOPLE[3], "shopify:us") == "none"


def _two_reads_a_round(monkeypatch: pytest.MonkeyPatch, budget: int) -> tuple[World, Budget]:
    """A world whose store is read one by one, by a budget."""
    world, shop = World(), Budget(budget)
    store = world.at["shopify:us"]
    plain = MemoryDestination.shown

    def shown(channel: str, addresses: list[str]) -> object:
        def one(address: str) -> Shown:
            shop(address)
            return plain(store, channel, [address])[address]  # type: ignore[arg-type]

        return read_each(addresses, one)

    monkeypatch.setattr(store, "shown", shown)
    return world, shop
