"""Which deliveries ``operations replay`` means, and how it goes on."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from commerce_sync.contracts import Envelope
from commerce_sync.operating.replaying import TOGETHER, Wanted, replay, wanted_in
from hypothesis import given
from hypothesis import strategies as st

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2026, 11, 1), datetime(2026, 11, 30), timezones=st.just(UTC))  # noqa: DTZ001


def envelope(at: datetime, topic: str = "orders/create", source: str = "shopify", store: str = "us") -> Envelope:
    """A delivery as the archive holds it."""
    return Envelope(
        schema_version=1,
        envelope_id="e" * 40,
        source=source,
        store=store,
        topic=topic,
        delivery_id="d",
        received_at=at,
        archive_key=f"archive/{source}/{store}/{at:%Y/%m/%d/%H%M%S%f}-{'e' * 40}.json",
        body="{}",
    )


def for_so_many(looks: int) -> Callable[[], bool]:
    """Time for so many looks at the clock."""
    left = iter([True] * looks)
    return lambda: next(left, False)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({}, "say whose"),
        ({"source": "shopify"}, "say whose"),
        ({"topic": "orders/create"}, "say whose"),
        ({"since": "2026-11-22T00:00:00Z"}, "say whose"),
        ({"source": "shopify", "store": "us", "untill": "2026-11-22T00:00:00Z"}, "there is no untill"),
        ({"source": "shopify", "store": "us", "until": "2026-11-22"}, "until is a time with its offset"),
        ({"code": ""}, "code is a text"),
        ({"profile": 5}, "profile is a text"),
    ],
)
def test_what_names_nothing_in_particular_is_refused(arguments: dict[str, object], says: str) -> None:
    """A misspelt limit is no limit, so it is an error."""
    with pytest.raises(ValueError, match=says):
        wanted_in(arguments)


@given(MOMENTS, MOMENTS, MOMENTS)
def test_the_bounds_of_a_listing_leave_out_nothing_that_is_wanted(
    at: datetime, since: datetime, until: datetime
) -> None:
    """And a delivery is wanted if and only if it arrived in the half-open window."""
    key, wanted = envelope(at).archive_key, Wanted("shopify", "us", since=since, until=until)
    assert wanted.takes(key) == (since <= at < until)
    assert wanted.before is not None
    assert wanted.takes(key) == (wanted.after < key < wanted.before)


def test_a_key_of_another_sender_or_of_an_export_is_not_wanted() -> None:
    """Traces lead to both."""
    assert not Wanted("shopify", "eu").takes(envelope(NOON).archive_key)
    assert not Wanted(source="bigcommerce").takes(envelope(NOON).archive_key)
    assert not Wanted().takes("exports/case-1.json")
    assert Wanted().takes(envelope(NOON).archive_key)


def test_a_dry_run_counts_by_sender_and_topic_and_sends_nothing() -> None:
    """What is gone holds up nothing; what has another topic is not counted."""
    known = [envelope(NOON, "orders/create"), envelope(NOON, "ORDERS/create", store="eu"), envelope(NOON, "x", "own")]
    by_key = {one.archive_key: one for one in known}
    told = replay([*by_key, "archive/gone"], by_key.get, None, Wanted(topic="Orders/Create"), lambda: True)
    assert told == {
        "would_replay": 2,
        "gone": 1,
        "deliveries": {"shopify:eu": {"ORDERS/create": 1}, "shopify:us": {"orders/create": 1}},
        "next": None,
    }


def test_a_long_replay_stops_in_time_and_goes_on_where_it_stopped() -> None:
    """Each delivery once, whatever the pieces."""
    known = [envelope(NOON + timedelta(seconds=n)) for n in range(3 * TOGETHER + 1)]
    by_key, sent, begin = {one.archive_key: one for one in known}, list[str](), ""

    def send(chosen: Sequence[Envelope]) -> None:
        sent.extend(one.archive_key for one in chosen)

    for _ in range(3):
        wanted = Wanted("shopify", "us", begin=begin)
        keys = [key for key in sorted(by_key) if key > wanted.after and wanted.takes(key)]
        told = replay(keys, by_key.get, send, wanted, for_so_many(2))
        begin = told["next"]
        if begin is None:
            break
    assert begin is None
    assert sent == sorted(by_key)
