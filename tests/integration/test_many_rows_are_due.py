"""Many rows are due at once: each goes to the worker that keeps it, and a run ends before the machine ends it."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from commerce_sync.aws.due_rows import DueRows
from commerce_sync.aws.order_book_table import OrderBookTable
from commerce_sync.contracts import DueRow, DueWork, Promise
from commerce_sync.profiles import looks

from local.in_process import InProcessBundle
from tests.fakes import bundle as b
from tests.fakes.consent_bundle import OBSERVING

MANY = 600
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def bundle() -> Iterator[InProcessBundle]:
    """Many looks at people are due, and one event."""
    with b.ready_bundle(OBSERVING) as ready:
        book = OrderBookTable(ready.names["OrderBookTable"])
        book.defer_all(looks.look_at(f"{looks.CONTACT}{one}", NOW) for one in range(MANY))
        book.defer(Promise("shopify:us:1", "placed_order", "pending", NOW, due_at=NOW))
        yield ready


def rows_in(bundle: InProcessBundle, queue: str) -> list[DueRow]:
    """All that a queue asks for, each message of fifty at most."""
    messages = [DueWork.parse(body) for body in b.waiting(bundle, queue)]
    assert all(len(message.rows) <= 50 for message in messages)
    return [row for message in messages for row in message.rows]


def test_each_row_goes_to_the_worker_that_keeps_it(bundle: InProcessBundle) -> None:
    """Once."""
    with bundle.function("due_dispatch") as module:
        assert module.handler({}, None) == {"dispatched": MANY + 1}
        assert module.handler({}, None) == {"dispatched": 0}
    asked = Counter(row.subject for row in rows_in(bundle, "ProfileChangesQueue"))
    assert asked == Counter(f"{looks.CONTACT}{one}" for one in range(MANY))
    assert [row.subject for row in rows_in(bundle, "EventsQueue")] == ["shopify:us:1"]


def test_what_is_claimed_when_time_runs_short_is_sent_on_and_the_rest_is_not_claimed(bundle: InProcessBundle) -> None:
    """A row that is claimed and not sent would wait for a quarter of an hour."""
    with bundle.function("due_dispatch") as module:
        claims = DueRows(bundle.names["OrderBookTable"]).claim(datetime.now(UTC), 900, "c", 2000)
        claimed = [row for piece in module._pieces(claims, time.monotonic()) for row in piece]
        assert len(claimed) == module.MOST_CLAIMED
        assert module.handler({}, None) == {"dispatched": MANY + 1 - module.MOST_CLAIMED}
