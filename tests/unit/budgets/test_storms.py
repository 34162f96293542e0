"""Storms of 429 and daily quotas, played out in simulated time.

Two workers tell opt-outs, four do live work and two read history; some of their clocks are wrong by a tenth of a
second.
"""

import random
from dataclasses import replace

import pytest
from commerce_sync.config.limits import vendor_limits
from commerce_sync.contracts.budgets import Daily, Lane, VendorLimits

from tests.fakes.budgets import START, Clock, Errand, MemoryRows, RefusingAccount, Simulation, Worker, budget

EVENTS, BULK = "POST /api/events", "POST /api/event-bulk-create-jobs"
OPT_OUTS = "POST /api/profile-subscription-bulk-delete-jobs"
UNSUBSCRIBE, OBJECTS = "POST /communication-preferences/2026-09/x", "POST /crm/objects/2026-09/orders/batch/upsert"
SEARCH = "POST /crm/objects/2026-09/contacts/search"
WINDOWS: dict[str, tuple[tuple[int, float], ...]] = {
    EVENTS: ((350, 1.0), (3500, 60.0)),
    OPT_OUTS: ((75, 1.0), (700, 60.0)),
    BULK: ((10, 1.0), (150, 60.0)),
    UNSUBSCRIBE: ((100, 10.0),),
    OBJECTS: ((100, 10.0),),
    SEARCH: ((5, 1.0),),
}
CREW: list[tuple[Lane, float]] = [
    *(("urgent", 0.0), ("urgent", 0.1)),
    *(("live", -0.1), ("live", 0.0), ("live", 0.1), ("live", -0.1)),
    *(("backfill", 0.0), ("backfill", 0.1)),
]


def _simulation(account: str = "klaviyo", limits: VendorLimits | None = None) -> Simulation:
    clock, rows = Clock(), MemoryRows()
    workers = [Worker(budget(rows, clock, account, lane, limits=limits, skew=skew)) for lane, skew in CREW]
    return Simulation(RefusingAccount(WINDOWS, clock.now), clock, workers)


def _opt_outs(simulation: Simulation, endpoint: str, number: int, seconds: float) -> None:
    """So many, evenly over so many seconds."""
    for index in range(number):
        simulation.workers[index % 2].todo.append(Errand(endpoint, START + index * seconds / number))


def _load(simulation: Simulation, endpoint: str, lane: Lane, number: int) -> None:
    """So many calls, all to be made at once."""
    crew = [worker for worker in simulation.workers if worker.budget.lane == lane]
    for index in range(number):
        crew[index % len(crew)].todo.append(Errand(endpoint, START))


def _done(simulation: Simulation) -> dict[Lane, int]:
    return {lane: len(delays) for lane, delays in simulation.delays.items()}


def _p99(simulation: Simulation) -> float:
    """Of opt-outs, in milliseconds from when each was to be told until it was."""
    delays = simulation.delays["urgent"]
    return round(1000 * sorted(delays)[int(len(delays) * 0.99)])


def _calm(endpoint: str, account: str = "klaviyo") -> float:
    """The same where nothing else happens."""
    simulation = _simulation(account)
    _opt_outs(simulation, endpoint, 300, 300.0)
    simulation.run()
    return _p99(simulation)


@pytest.mark.parametrize("seed", range(10))
def test_a_storm_of_429_loses_nothing_and_holds_up_no_opt_out(seed: int) -> None:
    """3,000 events and 200 bulk jobs; both endpoints refuse at random, for up to two minutes each time."""
    simulation, chance = _simulation(), random.Random(seed)  # noqa: S311 # a storm
    for endpoint in (EVENTS, BULK):
        simulation.account.scripted[endpoint] = [chance.choice([1.0, 2.0, 10.0, 120.0]) for _ in range(15)]
    _opt_outs(simulation, OPT_OUTS, 300, 300.0)
    _load(simulation, EVENTS, "live", 3000)
    _load(simulation, BULK, "backfill", 200)
    simulation.run()

    assert _done(simulation) == {"urgent": 300, "live": 3000, "backfill": 200}
    assert simulation.account.refused == 30
    assert simulation.within_pause == []
    assert _p99(simulation) == _calm(OPT_OUTS)


def test_a_backlog_on_the_endpoint_of_opt_outs_is_never_refused_and_holds_up_no_opt_out() -> None:
    """2,000 opt-ins and history besides: every window is kept, at two thirds of the steady limit or more."""
    simulation = _simulation()
    _opt_outs(simulation, OPT_OUTS, 150, 150.0)
    _load(simulation, OPT_OUTS, "live", 2000)
    _load(simulation, OPT_OUTS, "backfill", 200)
    simulation.run()

    assert _done(simulation) == {"urgent": 150, "live": 2000, "backfill": 200}
    assert simulation.account.refused == 0
    assert simulation.clock.at - START < 2350 / (700 / 60) * 3 / 2
    assert _p99(simulation) == _calm(OPT_OUTS)


@pytest.mark.parametrize("seed", range(10))
def test_a_storm_on_the_endpoint_of_opt_outs_starts_nothing_within_a_recorded_pause(seed: int) -> None:
    """There an opt-out waits as the vendor says, because it would be refused, and no longer than all waits together."""
    simulation, chance = _simulation(), random.Random(seed)  # noqa: S311 # a storm
    waits = [chance.choice([1.0, 3.0, 20.0]) for _ in range(20)]
    simulation.account.scripted[OPT_OUTS] = list(waits)
    _opt_outs(simulation, OPT_OUTS, 300, 300.0)
    _load(simulation, OPT_OUTS, "live", 1000)
    simulation.run()

    assert _done(simulation) == {"urgent": 300, "live": 1000, "backfill": 0}
    assert simulation.within_pause == []
    assert max(simulation.delays["urgent"]) < sum(waits) + 30


def test_a_daily_quota_stops_live_work_and_no_opt_out() -> None:
    """A day of 1,000 calls in New York: live work ends at its share and says until when; the rest is for opt-outs."""
    shipped = vendor_limits()["hubspot"]
    day = Daily(1000, "America/New_York")
    limits = replace(shipped, tiers={name: replace(tier, daily=day) for name, tier in shipped.tiers.items()})
    simulation = _simulation("hubspot", limits)
    _opt_outs(simulation, UNSUBSCRIBE, 150, 300.0)
    _load(simulation, OBJECTS, "live", 1500)
    _load(simulation, SEARCH, "backfill", 600)
    simulation.run(stop=START + 3600)
    done, left = _done(simulation), sum(len(worker.todo) for worker in simulation.workers)

    assert done["urgent"] == 150
    assert done["live"] + done["backfill"] <= 900
    assert sum(done.values()) + left == 150 + 1500 + 600
    assert "hubspot: the daily quota is used up until 2026-05-29T04:00:00Z" in simulation.reasons
    assert simulation.account.refused == 0
    assert _p99(simulation) == _calm(UNSUBSCRIBE, "hubspot")


def test_a_storm_of_searches_holds_up_nothing_else_of_hubspot() -> None:
    """The search has windows of its own, and no other call shares its pauses."""
    simulation = _simulation("hubspot")
    simulation.account.scripted[SEARCH] = [1.0, 10.0, 60.0] * 5
    _opt_outs(simulation, UNSUBSCRIBE, 300, 300.0)
    _load(simulation, SEARCH, "live", 100)
    _load(simulation, OBJECTS, "backfill", 300)
    simulation.run()

    assert _done(simulation) == {"urgent": 300, "live": 100, "backfill": 300}
    assert simulation.within_pause == []
    assert simulation.account.refused == 15
    assert _p99(simulation) == _calm(UNSUBSCRIBE, "hubspot")
