"""What the order book has was not missed; what it may lack is sent again while it is young."""

from datetime import UTC, datetime, timedelta

import pytest
from commerce_sync.contracts import BookedOrder
from commerce_sync.polling.missing import Shown, is_booked, is_missed, is_to_be_sent

from tests.fakes.facts import placed

HOUR = timedelta(hours=1)
EVENT = placed()
assert EVENT.order
AT, DIGEST = EVENT.order.version, EVENT.order.digest
BOOKED = BookedOrder(placed=EVENT)
NEWER, OLDER = AT + timedelta(seconds=1), AT - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("booked", "shown", "is_known"),
    [
        (None, Shown(AT, DIGEST, proves=True), False),
        (BookedOrder(), Shown(AT, DIGEST, proves=True), False),
        (BookedOrder(erased=True), Shown(NEWER, "other", proves=True), True),
        (BOOKED, Shown(AT, DIGEST, proves=True), True),
        (BOOKED, Shown(AT, "other", proves=True), False),
        (BOOKED, Shown(AT, None, proves=True), True),
        (BOOKED, Shown(OLDER, "other", proves=True), True),
        (BOOKED, Shown(NEWER, DIGEST, proves=True), False),
        (BOOKED, Shown(NEWER, None, proves=True), False),
    ],
)
def test_a_version_is_known_by_its_time_and_its_digest(
    booked: BookedOrder | None,
    shown: Shown,
    is_known: bool,  # noqa: FBT001 # a parameter of the test
) -> None:
    """A newer one tells all that an older one did; whoever was forgotten is brought back by nobody."""
    assert is_booked(booked, shown) is is_known
    assert is_missed(booked, shown, shown.at + HOUR, HOUR) is not is_known
    assert is_to_be_sent(booked, shown, shown.at + timedelta(days=1)) is not is_known


def test_a_second_without_a_digest_is_sent_while_it_is_young_and_not_missed() -> None:
    """Two changes of one second look alike in BigCommerce's list."""
    shown = Shown(AT, None, proves=True)
    assert is_to_be_sent(BOOKED, shown, AT + 2 * HOUR)
    assert not is_to_be_sent(BOOKED, shown, AT + 3 * HOUR)
    assert not is_missed(BOOKED, shown, AT + 2 * HOUR, HOUR)


def test_what_is_on_its_way_or_proves_no_order_is_not_missed() -> None:
    """It is sent all the same."""
    at = datetime(2026, 11, 28, 10, tzinfo=UTC)
    order, draft = Shown(at, None, proves=True), Shown(at, None, proves=False)
    for shown, now in ((order, at + HOUR - timedelta(seconds=1)), (draft, at + HOUR)):
        assert not is_missed(None, shown, now, HOUR)
        assert is_to_be_sent(None, shown, now)
