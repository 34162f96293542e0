"""Whatever happens while a store's orders are read, the last version of each reaches the queue."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from commerce_sync.errors import RetriableError
from commerce_sync.polling.walking import walk
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.polling.search_models import KilledError, World
from tests.unit.polling.store_models import PATIENCE, Shop, lateness, source_of

PLATFORMS = st.sampled_from(["shopify", "bigcommerce", "woocommerce"])
SHARE = st.floats(0, 1)
ADVANCE = st.tuples(st.just("advance"), st.sampled_from([0.0, 1.0, 30.0, 600.0, 3600.0, 90_000.0]), st.just(0))
RUN = st.tuples(st.just("run"), st.sampled_from([-1, *range(14)]), st.integers(1, 4))
CHANGE = st.tuples(st.just("change"), st.integers(1, 12), SHARE)
BULK = st.tuples(st.just("bulk"), st.integers(1, 12), SHARE)
SPREAD = st.tuples(st.just("spread"), st.integers(1, 12), SHARE)
MEANWHILE = st.tuples(st.just("meanwhile"), st.integers(1, 12), st.just(0))
GONE = st.tuples(st.just("gone"), st.integers(1, 12), st.just(0))
PAUSE = st.tuples(st.just("pause"), st.just(0), st.just(0))
BUSY = st.tuples(st.just("busy"), st.lists(st.integers(1, 12), min_size=1, max_size=8), st.just(0))
"""After hours without a run, a whole window is read while orders change."""
PATIENCES = st.sampled_from([timedelta(0), PATIENCE])
Step = tuple[str, Any, float]
STEPS = st.lists(st.one_of(ADVANCE, RUN, CHANGE, BULK, SPREAD, MEANWHILE, BUSY, GONE, PAUSE), max_size=40)


def run(shop: Shop, platform: str, killed_at: int, pages: int, *, is_wide: bool = True) -> bool:
    """One run of so many pages at most; whether it finished its window."""
    world = shop.world
    world.steps_left = killed_at
    left = iter(range(pages))
    try:
        source = source_of(shop, platform, is_wide=is_wide)
        return walk(source, world, world.now, lambda: next(left, None) is not None).ended == "done"
    except (KilledError, RetriableError):
        return False
    finally:
        world.steps_left = -1


def play(shop: Shop, platform: str, steps: list[Step], *, is_wide: bool) -> None:
    """Everything that happens, in its order."""
    for what, one, other in steps:
        if what == "run":
            run(shop, platform, int(one), int(other), is_wide=is_wide)
        elif what == "busy":
            shop.world.at += timedelta(hours=5)
            shop.meanwhile += one
            while not run(shop, platform, -1, 9, is_wide=is_wide):
                pass
        else:
            HAPPENINGS[what](shop, one, other)


def _bulk(shop: Shop, rows: int, late: float) -> None:
    for row in range(1, rows + 1):
        shop.change(row, late)


def _spread(shop: Shop, rows: int, apart: float) -> None:
    for row in range(1, rows + 1):
        shop.world.at += timedelta(seconds=3 * apart)
        shop.change(row, 0)


def _advance(shop: Shop, seconds: float, _: float) -> None:
    shop.world.at += timedelta(seconds=seconds)


def _pause(shop: Shop, _: float, __: float) -> None:
    shop.pauses += 1


HAPPENINGS: dict[str, Callable[[Shop, Any, float], None]] = {
    "advance": _advance,
    "pause": _pause,
    "change": lambda shop, row, late: shop.change(row, late),
    "meanwhile": lambda shop, row, _: shop.meanwhile.append(row),
    "gone": lambda shop, row, _: shop.gone.append(row),
    "spread": _spread,
    "bulk": _bulk,
}


def settle(shop: Shop, platform: str, *, is_wide: bool) -> None:
    """Nothing happens any more, and runs go on until everything had its hour."""
    shop.pauses = 0
    shop.meanwhile.clear()
    shop.gone.clear()
    for _ in range(8):
        shop.world.at += timedelta(minutes=15)
        while not run(shop, platform, -1, 4, is_wide=is_wide):
            pass


@settings(max_examples=300, deadline=None)
@given(PLATFORMS, PATIENCES, STEPS)
def test_the_last_version_of_every_order_is_told(platform: str, patience: timedelta, steps: list[Step]) -> None:
    """Orders of one second at pages' edges, changes between two pages, a list that lags. Without a daily look back."""
    shop = Shop(World(), patience=patience)
    run(shop, platform, -1, 1, is_wide=False)
    play(shop, platform, steps, is_wide=False)
    settle(shop, platform, is_wide=False)
    assert shop.wanted() - set(shop.world.said) == set()


@settings(max_examples=100, deadline=None)
@given(PLATFORMS, STEPS, st.integers(-20, 20))
def test_a_stores_clock_that_is_off_loses_nothing(platform: str, steps: list[Step], hours: int) -> None:
    """The daily look back finds what was stamped before what was confirmed; the future is not waited for."""
    shop = Shop(World(), skew=timedelta(hours=hours))
    run(shop, platform, -1, 1)
    play(shop, platform, steps, is_wide=True)
    shop.world.at += timedelta(days=1)
    settle(shop, platform, is_wide=True)
    recent = {
        f"{row} {version}" for row, (at, _, version) in shop.rows.items() if shop.world.at - at < timedelta(hours=22)
    }
    assert recent & shop.wanted() - set(shop.world.said) == set()


@pytest.mark.parametrize("platform", ["shopify", "bigcommerce", "woocommerce"])
def test_an_order_waits_for_its_webhook_and_no_longer(platform: str) -> None:
    """Nothing is told before its hour; a quiet store is told once."""
    shop = Shop(World())
    run(shop, platform, -1, 1)
    for row in range(1, 8):
        shop.change(row, 0)
    shop.world.at += PATIENCE - timedelta(seconds=1)
    while not run(shop, platform, -1, 1):
        pass
    assert shop.world.said == []
    shop.world.at += timedelta(seconds=1)
    while not run(shop, platform, -1, 1):
        pass
    settle(shop, platform, is_wide=True)
    assert sorted(shop.world.said) == sorted(shop.wanted())


@pytest.mark.parametrize("platform", ["shopify", "bigcommerce", "woocommerce"])
def test_what_a_platform_shows_very_late_is_found_the_day_after(platform: str) -> None:
    """Twenty hours late: no window of a quarter of an hour reaches back so far."""
    shop = Shop(World())
    run(shop, platform, -1, 1)
    shop.change(1, 0)
    at, _, version = shop.rows[1]
    shop.rows[1] = (at, at + timedelta(hours=20), version)
    for _ in range(26 * 4):
        shop.world.at += timedelta(minutes=15)
        while not run(shop, platform, -1, 4):
            pass
    assert shop.world.said == ["1 1"]
    assert timedelta(hours=20) < lateness(platform)
