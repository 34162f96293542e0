"""Since when a destination is owed what a record caused: an opt-out that waits never begins to wait anew."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from commerce_sync.contracts.consent_book import ConsentPromise

FIRST = datetime(2026, 11, 28, 10, tzinfo=UTC)
LATER = FIRST + timedelta(hours=2)
OPT_OUT = ConsentPromise("key", "klaviyo", "email", "pending", FIRST, 1, "out", urgent=True)
WAITS = replace(OPT_OUT, owed_since=FIRST)


@pytest.mark.parametrize(
    ("known", "since"),
    [
        pytest.param(None, LATER, id="the first row"),
        pytest.param(WAITS, FIRST, id="an opt-out that waits already"),
        pytest.param(replace(WAITS, status="verifying"), LATER, id="one that was told"),
        pytest.param(replace(WAITS, status="settled"), LATER, id="one that was read back"),
        pytest.param(replace(WAITS, urgent=False), LATER, id="an opt-in that waits"),
        pytest.param(replace(WAITS, owed_since=None), LATER, id="one of an earlier release"),
    ],
)
def test_an_opt_out_is_owed_since_the_first_that_still_waits(known: ConsentPromise | None, since: datetime) -> None:
    """What was told, or takes nothing back, does not count as waiting."""
    assert OPT_OUT.owed(known, LATER).owed_since == since


def test_an_opt_in_over_an_opt_out_that_waits_is_owed_since_now() -> None:
    """It takes nothing back any more."""
    assert replace(OPT_OUT, urgent=False).owed(WAITS, LATER).owed_since == LATER
