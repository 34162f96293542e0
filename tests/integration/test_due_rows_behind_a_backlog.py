"""What is due behind a deep queue is handed out once, and kept when its message is read."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from commerce_sync.aws.queues import send_all
from commerce_sync.contracts.consent import Address

from local.in_process import InProcessBundle
from tests.fakes import bundle as b
from tests.fakes.consent_bundle import OBSERVING, append, rows
from tests.fakes.consent_world import record

ANA: Address = ("email", "ana@example.com")
NOW = datetime.now(UTC).replace(microsecond=0)
BACKLOG = 400


@pytest.fixture
def bundle() -> Iterator[InProcessBundle]:
    """Ana's opt-in is due at once."""
    with b.ready_bundle({**OBSERVING, "SettleSeconds": "0"}) as ready:
        append(ready, (ANA, record("in", "verified_in", NOW - timedelta(hours=1), ANA)))
        yield ready


def dispatch(bundle: InProcessBundle) -> int:
    """One run of the dispatcher; how many rows it handed out."""
    with bundle.function("due_dispatch") as module:
        return int(module.handler({}, None)["dispatched"])


def lease(bundle: InProcessBundle) -> float:
    """Seconds until the row is due again."""
    due_at = rows(bundle, ANA)["klaviyo"].due_at
    assert due_at is not None
    return (due_at - datetime.now(UTC)).total_seconds()


def test_in_an_empty_queue_a_row_is_leased_for_a_quarter_of_an_hour(bundle: InProcessBundle) -> None:
    """A crash between the claim and the message costs no more."""
    assert dispatch(bundle) > 0
    assert 840 < lease(bundle) <= 900


def test_behind_a_backlog_a_row_is_leased_for_as_long_as_that_may_take(bundle: InProcessBundle) -> None:
    """Its message still claims it when it is read at last, and no second one is sent meanwhile."""
    with bundle.function("due_dispatch"):
        send_all(bundle.names["OptInsQueue"], ["{}"] * BACKLOG)
    assert dispatch(bundle) > 0
    assert 840 < lease(bundle) - 3 * BACKLOG <= 900
    message = b.waiting(bundle, "OptInsQueue")[-1]
    assert b.consume(bundle, "consent_propagation", [message]) == []
    assert rows(bundle, ANA)["klaviyo"].status == "observed"
