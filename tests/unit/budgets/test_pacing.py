"""How long planned calls take, worked out by hand from the limits."""

from commerce_sync.budgets.pacing import DAY, seconds_of
from commerce_sync.contracts.budgets import Daily, Tier, VendorLimits, Window
from commerce_sync.contracts.plans import Call

WRITE, READ = Call("POST", "/write"), Call("GET", "/read")


def limits(*, is_by_endpoint: bool = False, daily: Daily | None = None) -> VendorLimits:
    """A hundred calls in ten seconds, of which ninety are for live work."""
    tier = Tier("all", (Window(100, 10),), daily)
    return VendorLimits("v", {"all": tier}, (("POST /write", "all"), ("GET /read", "all")), "all", is_by_endpoint)


def test_what_fits_in_a_window_takes_no_time() -> None:
    """Ninety calls go at once."""
    assert seconds_of({}, limits()) == 0
    assert seconds_of({WRITE: 90}, limits()) == 0


def test_each_further_window_is_waited_for_a_tenth_longer_than_the_vendors() -> None:
    """As windows are counted: 91 calls wait for one, 271 for three."""
    assert seconds_of({WRITE: 91}, limits()) == 11
    assert seconds_of({WRITE: 271}, limits()) == 33


def test_calls_that_share_a_bucket_wait_for_each_other() -> None:
    """By account they are one count; by endpoint they go side by side."""
    calls = {WRITE: 60, READ: 60}
    assert seconds_of(calls, limits()) == 11
    assert seconds_of(calls, limits(is_by_endpoint=True)) == 0


def test_a_day_that_is_used_up_is_waited_for() -> None:
    """2,000 calls at 1,000 a day, of which 900 are live work's, need three days: two waits."""
    assert seconds_of({WRITE: 2000}, limits(daily=Daily(1000, "UTC"))) == 2 * DAY
