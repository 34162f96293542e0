"""What answers teach: pauses for all, holds for some, and the plan's own limits."""

from datetime import datetime

import pytest
from commerce_sync.budgets.asking import CLOCKS_DIFFER, Grant, Wait, ask, halted
from commerce_sync.budgets.learning import learned, paused
from commerce_sync.budgets.state import State, read_state
from commerce_sync.contracts.budgets import LANES, Daily, Heard, Quota, Tier, Window

from tests.fakes.budgets import START

DAY = 86_400
GENERAL = Tier("general", (Window(100, 10),), Daily(250_000, "America/New_York"))
SEARCH = Tier("search", (Window(5, 1),), Daily(250_000, "America/New_York"))


def _until(state: State, tier: Tier) -> list[float]:
    """How long each lane is held, in seconds from the start; 0 where it is not."""
    waits = [halted(state, tier, lane, START) for lane in LANES]
    return [wait.until - START if wait else 0.0 for wait in waits]


def test_a_pause_binds_every_lane_and_one_tier() -> None:
    """Nobody is answered within it; the search has windows of its own."""
    state = paused(State(), SEARCH, Heard(30.0), START)

    assert _until(state, SEARCH) == [30 + CLOCKS_DIFFER] * 3
    assert _until(state, GENERAL) == [0.0] * 3


def test_a_pause_of_the_account_binds_every_tier() -> None:
    """HubSpot's 477."""
    state = paused(State(), SEARCH, Heard(30.0, "account"), START)

    assert _until(state, GENERAL) == [30 + CLOCKS_DIFFER] * 3


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    """Answers arrive in any order."""
    first = paused(State(), GENERAL, Heard(60.0), START)

    assert paused(first, GENERAL, Heard(5.0), START) == first
    assert _until(paused(first, GENERAL, Heard(90.0), START), GENERAL) == [90 + CLOCKS_DIFFER] * 3


def test_the_daily_limit_pauses_the_account_until_its_midnight() -> None:
    """Whatever default the answer came with; the reason says until when."""
    at = datetime.fromisoformat("2026-11-29T02:00:00Z").timestamp()
    wait = halted(paused(State(), SEARCH, Heard(3600.0, "day"), at), GENERAL, "urgent", at)

    assert wait is not None
    assert wait.until == datetime.fromisoformat("2026-11-29T05:00:00Z").timestamp() + CLOCKS_DIFFER
    assert wait.why == "the daily quota is used up until 2026-11-29T05:00:00Z"


@pytest.mark.parametrize(
    ("remaining", "lanes"),
    [(100, [0, 0, 0]), (51, [0, 0, 0]), (50, [0, 0, 1]), (11, [0, 0, 1]), (10, [0, 1, 1]), (0, [0, 1, 1])],
)
def test_little_left_holds_all_but_what_takes_consent_back(remaining: int, lanes: list[float]) -> None:
    """History first, then live work; the last tenth is nobody else's, whoever used up the others."""
    state = learned(State(), GENERAL, Heard(quotas=(Quota(100, remaining, 10, 1.0),)), START)

    assert _until(state, GENERAL) == lanes


def test_little_left_of_the_day_holds_until_midnight() -> None:
    """Other apps share the account's day."""
    at = datetime.fromisoformat("2026-11-29T02:00:00Z").timestamp()
    state = learned(State(), GENERAL, Heard(quotas=(Quota(250_000, 25_000, DAY, DAY),)), at)
    wait = halted(state, GENERAL, "live", at)

    assert wait is not None
    assert wait.until == datetime.fromisoformat("2026-11-29T05:00:00Z").timestamp()
    assert halted(state, GENERAL, "urgent", at) is None
    assert state.used == 225_000


def test_a_larger_plan_is_learned_and_used() -> None:
    """HubSpot's Professional: 190 calls in ten seconds, of which live work may use 171."""
    state = learned(State(), GENERAL, Heard(quotas=(Quota(190, 190, 10, 1.0),)), START)
    verdict = ask(state, GENERAL, "live", 500, START)

    assert isinstance(verdict, Grant)
    assert verdict.calls == 171


def test_a_smaller_plan_is_learned_too() -> None:
    """Klaviyo may allow less than the table says."""
    tier = Tier("L", (Window(75, 1), Window(750, 60)))
    state = learned(State(), tier, Heard(quotas=(Quota(100, 100, 60, 60.0),)), START)
    first = ask(state, tier, "live", 75, START)
    assert isinstance(first, Grant)
    second = ask(first.state, tier, "live", 75, START + 3)
    assert isinstance(second, Grant)

    assert (first.calls, second.calls) == (68, 22)
    assert isinstance(ask(second.state, tier, "live", 1, START + 6), Wait)


def test_an_answer_that_says_nothing_new_changes_nothing() -> None:
    """Else every call would be a write."""
    heard = Heard(quotas=(Quota(100, 40, 10, 1.0), Quota(250_000, 249_000, DAY, DAY)))
    state = learned(State(), GENERAL, heard, START)

    assert learned(state, GENERAL, heard, START + 0.5) is state
    assert learned(State(), GENERAL, Heard(quotas=(Quota(100, 99, 10, 1.0),)), START) == State()
    assert learned(State(), GENERAL, Heard(quotas=(Quota(0, 0, 10, 1.0),)), START) == State()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"at": "yesterday"}', '{"pauses": {"*": 3}}'])
def test_a_row_that_cannot_be_read_is_an_empty_one(text: str) -> None:
    """A spoilt row must not stop opt-outs; the vendor says what it forbids again."""
    assert read_state(text) == State()


def test_an_absurd_pause_is_kept_for_an_hour_where_no_window_is_longer_than_a_minute() -> None:
    """Opt-outs wait for it, too; where there is a daily quota it may mean the day."""
    minute = Tier("L", (Window(75, 1), Window(700, 60)))
    daily = Tier("report", (Window(2, 60),), Daily(225, "UTC"))

    assert _until(paused(State(), minute, Heard(DAY), START), minute) == [3600 + CLOCKS_DIFFER] * 3
    assert _until(paused(State(), daily, Heard(DAY), START), daily) == [DAY + CLOCKS_DIFFER] * 3
    assert _until(paused(State(), minute, Heard(DAY, "account"), START), minute) == [DAY + CLOCKS_DIFFER] * 3
