"""Twenty thousand people with thirty fields each, and a million: everybody arrives, in little memory, once."""

import tracemalloc
from collections.abc import Iterator
from itertools import batched, count
from math import ceil

import pytest
from commerce_sync.contracts.fields import FieldLine, FieldValues
from commerce_sync.vendors.klaviyo.imports import MOST_BYTES, MOST_PROFILES

from tests.fakes.told_world import ToldWorld

FIELDS = tuple(f"hubspot_field_{number:02}" for number in range(30))
LINES = {name: FieldLine("hubspot", name, "klaviyo", name) for name in FIELDS}
MEBIBYTE = 2**20
MOST_MEMORY = 300 * MEBIBYTE
MEASURED_EVERY = 40
"""Counting memory takes many times as long as what is counted."""


def person(number: int, version: int = 1) -> FieldValues:
    """Thirty fields of somebody."""
    return {name: f"value {number} of {at}, {version}" for at, name in enumerate(FIELDS)}


def people(numbers: Iterator[int] | range, version: int = 1) -> dict[str, FieldValues]:
    """So many."""
    return {f"p{number:07}@example.com": person(number, version) for number in numbers}


def test_twenty_thousand_changed_people_arrive_in_the_fewest_imports() -> None:
    """Each once, within the limits of an import; looking again makes no call and no write."""
    world = ToldWorld(people(range(20_000)), lines=LINES)
    world.deliver()
    jobs = world.mortality.steps["import"]
    assert jobs == max(ceil(20_000 / MOST_PROFILES), ceil(sum(world.klaviyo.sizes) / MOST_BYTES))
    assert all(size < MOST_BYTES for size in world.klaviyo.sizes)
    world.come_due()
    assert world.klaviyo.profiles == world.facts
    assert set(world.klaviyo.writes.values()) == {1}
    assert world.mortality.steps["job"] == jobs
    assert world.mortality.steps["upsert"] == 0
    world.mortality.steps.clear()
    world.deliver()
    assert world.mortality.steps == {}


@pytest.mark.soak
def test_a_million_people_arrive_though_a_worker_dies_at_every_thousandth() -> None:
    """Batch by batch, as messages bring them; what the fakes keep is counted too."""
    deaths, peak = 0, 0
    versions = count(1)
    for batch in batched(range(1_000_000), 5_000, strict=True):
        version = next(versions)
        world = ToldWorld(people(iter(batch), version), lines=LINES)
        if is_measured := version % MEASURED_EVERY == 1:
            tracemalloc.start()
        world.deliver(every=1_000)
        world.come_due(every=1_000)
        if is_measured:
            peak = max(peak, tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        assert world.klaviyo.profiles == world.facts
        deaths += world.deaths
    assert peak <= MOST_MEMORY, f"{peak / MEBIBYTE:.0f} MiB"
    assert deaths >= 1_000
