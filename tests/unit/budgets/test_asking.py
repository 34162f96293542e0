"""The rule of budgets: what lanes may draw, over any order of asking, any clock, and any day."""

from datetime import UTC, datetime

import pytest
from commerce_sync.budgets.asking import Grant, Wait, ask
from commerce_sync.budgets.state import State, read_state, written
from commerce_sync.contracts.budgets import LANES, Daily, Lane, Tier, Window
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.budgets import START

LIMIT, SECONDS = 20, 10
TIER = Tier("t", (Window(LIMIT, SECONDS), Window(50, 60)), reserved=10, backfill=50)
NEW_YORK = Tier("t", daily=Daily(100, "America/New_York"))
Steps = list[tuple[float, Lane, int, float]]
STEPS = st.lists(
    st.tuples(st.floats(0, 3), st.sampled_from(["live", "backfill"]), st.integers(1, 6), st.floats(0, 1)), max_size=80
)
Made = list[tuple[float, Lane]]


def _walk(steps: Steps, *, skews: list[float] | None = None) -> tuple[State, Made, float]:
    """The state after asking, and when each granted call was made: within the life of its allotment."""
    state, made, now = State(), list[tuple[float, Lane]](), START
    for index, (passed, lane, wanted, late) in enumerate(steps):
        now += passed
        skew = skews[index % len(skews)] if skews else 0.0
        verdict = ask(state, TIER, lane, wanted, now + skew)
        if isinstance(verdict, Grant):
            state = read_state(written(verdict.state))
            made += [(now + late * TIER.life * 0.999, lane)] * verdict.calls
    return state, made, now


def _most_within(made: Made, seconds: float) -> int:
    """The most calls in any window that ends with a call: no other window holds more."""
    return max((sum(end - seconds < at <= end for at, _ in made) for end, _ in made), default=0)


@given(STEPS)
def test_no_window_sees_more_than_live_work_may_use(steps: Steps) -> None:
    """Wherever the window begins, and however late within its allotment a call is made."""
    _, made, _ = _walk(steps)

    assert _most_within(made, SECONDS) <= LIMIT - LIMIT // 10
    assert _most_within(made, 60) <= 45
    assert _most_within([one for one in made if one[1] == "backfill"], SECONDS) <= LIMIT // 2


@given(STEPS, st.lists(st.floats(-0.4, 0.4), min_size=1, max_size=4))
def test_wrong_clocks_shorten_a_window_by_twice_their_error(steps: Steps, skews: list[float]) -> None:
    """Workers disagree by up to 0.4 s."""
    _, made, _ = _walk(steps, skews=skews)

    assert _most_within(made, SECONDS - 0.8) <= LIMIT - LIMIT // 10


@given(STEPS)
def test_what_takes_consent_back_always_finds_its_share(steps: Steps) -> None:
    """However greedy the others were: the whole reserved share is there in one draw, within what is allowed."""
    state, made, now = _walk(steps)
    verdict = ask(state, TIER, "urgent", LIMIT // 10, now)

    assert isinstance(verdict, Grant)
    assert verdict.calls == LIMIT // 10
    assert _most_within(made + [(now, lane) for lane in LANES[:1] * verdict.calls], SECONDS) <= LIMIT


@given(STEPS, st.sampled_from(LANES))
def test_once_it_may_go_it_may_go_later_too(steps: Steps, lane: Lane) -> None:
    """And what waits is told the moment from which it may: not later, and at most the rule's own grain too early."""
    state, _, now = _walk(steps)
    verdict = ask(state, TIER, lane, 1, now)
    from_then = now if isinstance(verdict, Grant) else verdict.until

    assert from_then <= now + 60 + 6 + TIER.life
    for later in (0.001, 1.0, 30.0, 3600.0):
        assert isinstance(ask(state, TIER, lane, 1, from_then + later), Grant)
    if isinstance(verdict, Wait):
        assert isinstance(ask(state, TIER, lane, 1, (now + from_then) / 2), Wait) or from_then - now < SECONDS / 10


def test_our_own_count_never_holds_up_what_takes_consent_back() -> None:
    """Beyond every window it still goes; what it draws is missing to the others."""
    state = State()
    for _ in range(LIMIT * 3):
        verdict = ask(state, TIER, "urgent", 1, START)
        assert isinstance(verdict, Grant)
        state = verdict.state

    assert isinstance(ask(state, TIER, "live", 1, START + SECONDS + 3), Wait)


def test_a_window_of_one_call_still_lets_live_work_go() -> None:
    """A share of one call cannot be reserved; history too may have the one."""
    tier = Tier("XS", (Window(1, 1),))

    assert [ask(State(), tier, lane, 5, START) for lane in LANES] != []
    assert {getattr(ask(State(), tier, lane, 5, START), "calls", 0) for lane in LANES} == {1}


@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        ("2026-11-29T02:00:00Z", "2026-11-29T05:00:00Z"),
        ("2026-11-29T05:00:00Z", "2026-11-30T05:00:00Z"),
        ("2026-07-01T12:00:00Z", "2026-07-02T04:00:00Z"),
        ("2026-11-01T05:30:00Z", "2026-11-02T05:00:00Z"),
        ("2026-03-08T06:00:00Z", "2026-03-09T04:00:00Z"),
    ],
    ids=["evening before", "at midnight", "summer", "the day of 25 hours", "the day of 23 hours"],
)
def test_the_day_ends_at_the_accounts_midnight(now: str, midnight: str) -> None:
    """Live work stops at its share of the day and says until when; the rest of the day is for opt-outs."""
    at = datetime.fromisoformat(now).timestamp()
    state, drawn = State(), 0
    while isinstance(verdict := ask(state, NEW_YORK, "live", 7, at), Grant):
        state, drawn = verdict.state, drawn + verdict.calls

    assert drawn == 90
    assert verdict.until == datetime.fromisoformat(midnight).timestamp()
    assert verdict.why == f"the daily quota is used up until {midnight}"
    assert isinstance(ask(state, NEW_YORK, "urgent", 1, at), Grant)
    assert isinstance(ask(state, NEW_YORK, "live", 1, verdict.until), Grant)


def test_history_leaves_half_of_the_day() -> None:
    """The baseline of a large account takes several nights rather than the day's work."""
    state, drawn, at = State(), 0, datetime(2026, 11, 29, 12, tzinfo=UTC).timestamp()
    while isinstance(verdict := ask(state, NEW_YORK, "backfill", 10, at), Grant):
        state, drawn = verdict.state, drawn + verdict.calls

    assert drawn == 50
    assert isinstance(ask(state, NEW_YORK, "live", 1, at), Grant)
