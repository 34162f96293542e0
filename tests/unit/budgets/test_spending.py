"""How a worker spends: a read before every call, a write for several, and what it does where nothing answers."""

from contextlib import suppress

import pytest
from commerce_sync.contracts.budgets import Heard, Lane, Quota, Tier, VendorLimits, Window
from commerce_sync.errors import PausedError

from tests.fakes.budgets import Clock, MemoryRows, budget

EVENTS = ("POST", "/api/events")
OPT_OUTS = ("POST", "/api/profile-subscription-bulk-delete-jobs")
ONE = VendorLimits("one", {"t": Tier("t", (Window(10, 10),))}, (), "t")


def test_calls_are_drawn_in_allotments_that_grow() -> None:
    """Twenty events: a read each, and five writes (1, 2, 4, 8, 16)."""
    rows, clock = MemoryRows(), Clock()
    worker = budget(rows, clock)
    for _ in range(20):
        worker.before(*EVENTS)
        clock.at += 0.02

    assert (rows.reads, rows.writes) == (20, 5)


def test_what_is_not_used_in_time_is_lost() -> None:
    """A worker that went away holds nothing back; one that comes late draws anew, one call at first."""
    rows, clock = MemoryRows(), Clock()
    worker = budget(rows, clock)
    for _ in range(4):
        worker.before(*EVENTS)
    clock.at += 1.0
    worker.before(*EVENTS)

    assert rows.writes == 4


def test_a_recorded_pause_holds_a_worker_that_still_holds_calls() -> None:
    """Before every call the shared state is read: an allotment is no leave to ignore it."""
    rows, clock = MemoryRows(), Clock()
    first, second = budget(rows, clock), budget(rows, clock)
    for _ in range(2):
        second.before(*EVENTS)
    first.before(*EVENTS)
    assert first.after(*EVENTS, Heard(30.0)) == 30.25

    with pytest.raises(PausedError, match="the vendor asked to wait") as paused:
        second.before(*EVENTS)
    assert paused.value.retry_after == 30.25
    second.before(*OPT_OUTS)


def test_a_short_wait_is_slept_and_a_long_one_is_told() -> None:
    """Ten calls in ten seconds: the ninth is the last of live work, the next comes when the first is forgotten."""
    rows, clock = MemoryRows(), Clock()
    worker = budget(rows, clock, limits=ONE, sleeps=1.5)
    for _ in range(9):
        worker.before("GET", "/")
    with pytest.raises(PausedError, match="used up for the moment") as paused:
        worker.before("GET", "/")
    assert paused.value.retry_after is not None
    assert 10 < paused.value.retry_after <= 12
    clock.at += paused.value.retry_after - 1.0
    before = clock.at
    worker.before("GET", "/")

    assert 0.9 < clock.at - before <= 1.5


@pytest.mark.parametrize("lane", ["live", "backfill"])
def test_where_the_budget_cannot_be_read_all_but_opt_outs_wait(lane: Lane) -> None:
    """Calls that nobody counts would use up what is reserved."""
    rows, clock = MemoryRows(is_away=True), Clock()

    with pytest.raises(PausedError, match="cannot be read") as paused:
        budget(rows, clock, lane=lane).before(*EVENTS)
    assert paused.value.retry_after == 5.0
    budget(rows, clock, lane="urgent").before(*OPT_OUTS)


def test_a_pause_that_cannot_be_recorded_is_kept_by_whoever_heard_it() -> None:
    """The vendor would refuse this worker's next call too."""
    rows, clock = MemoryRows(is_away=True), Clock()
    worker = budget(rows, clock, lane="urgent")
    worker.before(*OPT_OUTS)
    worker.after(*OPT_OUTS, Heard(30.0))

    with pytest.raises(PausedError):
        worker.before(*OPT_OUTS)
    clock.at += 30.25
    worker.before(*OPT_OUTS)


def test_many_who_draw_at_once_hold_up_no_opt_out() -> None:
    """Others write between this worker's read and its write, every time: an opt-out goes uncounted."""
    rows, clock = MemoryRows(overtaken=10_000), Clock()
    budget(rows, clock, lane="urgent").before(*OPT_OUTS)

    assert rows.reads == 5
    with pytest.raises(PausedError, match="many workers draw at once"):
        budget(rows, clock).before(*EVENTS)


def test_a_pause_is_recorded_though_many_draw_at_once() -> None:
    """It is tried until it stands."""
    rows, clock = MemoryRows(), Clock()
    worker = budget(rows, clock)
    worker.before(*EVENTS)
    rows.overtaken = 20
    worker.after(*EVENTS, Heard(30.0))

    with pytest.raises(PausedError):
        budget(rows, clock, lane="urgent").before(*EVENTS)


def test_an_answer_without_news_costs_nothing() -> None:
    """Most answers say that much is left."""
    rows, clock = MemoryRows(), Clock()
    worker = budget(rows, clock)
    worker.before(*EVENTS)
    cost = (rows.reads, rows.writes)
    worker.after(*EVENTS, Heard(quotas=(Quota(3500, 3499, 60, 60.0),)))

    assert (rows.reads, rows.writes) == cost


def test_little_left_is_told_to_all() -> None:
    """Another app uses the same account: history waits at half, live work at a tenth, opt-outs go."""
    rows, clock = MemoryRows(), Clock()
    worker = budget(rows, clock)
    worker.before(*EVENTS)
    worker.after(*EVENTS, Heard(quotas=(Quota(3500, 350, 60, 42.0),)))

    with pytest.raises(PausedError, match="little is left") as paused:
        budget(rows, clock).before(*EVENTS)
    assert paused.value.retry_after == 42.0
    budget(rows, clock, lane="urgent").before(*EVENTS)


def test_an_endpoint_of_klaviyo_is_counted_by_itself_and_an_account_of_hubspot_together() -> None:
    """The rows say so; an address in a path never becomes a name."""
    rows, clock = MemoryRows(), Clock()
    klaviyo, hubspot = budget(rows, clock), budget(rows, clock, "hubspot")
    for method, path in (EVENTS, ("GET", "/api/profiles?filter=x"), ("PATCH", "/api/profiles/01A"), ("GET", "/api/x")):
        klaviyo.before(method, path)
    for path in ("/crm/objects/2026-09/contacts/search", "/communication-preferences/2026-09/statuses/a%40example.com"):
        hubspot.before("POST", path)

    assert set(rows.texts) == {
        *("klaviyo POST /api/events", "klaviyo GET /api/profiles", "klaviyo PATCH /api/profiles/{id}"),
        *("klaviyo other", "hubspot"),
    }


def test_what_has_no_count_costs_a_read() -> None:
    """A WooCommerce shop has no quota; what stands before it may ask to wait."""
    rows, clock = MemoryRows(), Clock()
    worker = budget(rows, clock, "woocommerce:uk")
    worker.before("GET", "/orders")
    assert (rows.reads, rows.writes) == (1, 0)
    worker.after("GET", "/orders", Heard(20.0))

    with pytest.raises(PausedError):
        budget(rows, clock, "woocommerce:uk").before("GET", "/orders")
    budget(rows, clock, "woocommerce:de").before("GET", "/orders")


def test_a_clock_that_was_wrong_once_stops_nobody_until_its_time_comes() -> None:
    """Neither by what it drew nor by a pause that it heard; its own worker goes on too once the clock is right."""
    rows, clock = MemoryRows(), Clock()
    wrong, live = budget(rows, clock, skew=86_400.0 * 365), budget(rows, clock)
    urgent = budget(rows, clock, lane="urgent")
    wrong.before(*OPT_OUTS)
    wrong.after(*OPT_OUTS, Heard(10.0))
    urgent.before(*OPT_OUTS)
    for _ in range(1000):
        live.before(*OPT_OUTS)
        clock.at += 0.2
    wrong.clocks = clock.clocks()
    wrong.before(*OPT_OUTS)


def test_a_clock_that_is_ahead_by_minutes_lets_no_call_into_a_pause() -> None:
    """What it heard holds for all, a little longer."""
    rows, clock = MemoryRows(), Clock()
    ahead, urgent = budget(rows, clock, skew=300.0), budget(rows, clock, lane="urgent")
    ahead.before(*OPT_OUTS)
    ahead.after(*OPT_OUTS, Heard(10.0))
    with pytest.raises(PausedError):
        urgent.before(*OPT_OUTS)


def test_what_one_unlisted_endpoint_is_allowed_lets_no_more_calls_to_the_others() -> None:
    """They are counted together, as the slowest; a pause holds all of them."""
    rows, clock = MemoryRows(), Clock()
    worker = budget(rows, clock)
    went = 0
    for _ in range(20):
        with suppress(PausedError):
            worker.before("GET", "/api/unlisted")
            worker.after("GET", "/api/unlisted", Heard(quotas=(Quota(750, 700, 60, 60.0),)))
            went += 1
        clock.at += 2.0
    assert 10 <= went <= 15
    clock.at += 60.0
    worker.after("GET", "/api/unlisted", Heard(30.0))
    with pytest.raises(PausedError):
        worker.before("GET", "/api/another")
