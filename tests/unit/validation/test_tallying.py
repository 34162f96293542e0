"""A day is the same whatever arrived when and how often, and its counts are true to the unit."""

from dataclasses import replace
from datetime import date, timedelta

from commerce_sync.contracts.event_checks import Refusal, Sighting
from commerce_sync.validation.tallying import tallies
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.facts import NOON

DAY = date(2026, 11, 21)
PLAIN = Sighting("shopify:us", DAY, "placed_order", "shopify:us:1:placed_order", "", NOON, NOON)
LOST = Refusal("shopify:us", "placed_order", "e1", "total_price", "bad_money", NOON, is_wrong=True)

SIGHTINGS = st.lists(
    st.builds(
        Sighting,
        store=st.just("shopify:us"),
        day=st.just(DAY),
        name=st.sampled_from(["placed_order", "viewed_product"]),
        event_id=st.sampled_from(["1", "2", "3"]),
        version=st.sampled_from(["", "a", "b"]),
        occurred_at=st.sampled_from([NOON, NOON - timedelta(days=2)]),
        received_at=st.sampled_from([NOON, NOON + timedelta(hours=1)]),
        findings=st.frozensets(st.sampled_from(["missing_value", "no_products"])),
    ),
    max_size=12,
)
REFUSALS = st.lists(
    st.builds(
        Refusal,
        store=st.just("shopify:us"),
        event=st.sampled_from(["placed_order", "unread"]),
        envelope_id=st.sampled_from(["e1", "e2"]),
        path=st.sampled_from(["", "[0].price", "[1].price", "[1].sku", "total_price"]),
        code=st.sampled_from(["bad_money", "missing_field"]),
        received_at=st.just(NOON),
        is_wrong=st.booleans(),
    ),
    max_size=8,
)


@given(SIGHTINGS, REFUSALS, st.data())
def test_a_tally_is_a_function_of_the_set(
    sightings: list[Sighting], refusals: list[Refusal], data: st.DataObject
) -> None:
    """Repeats and another order of arrival give the same day."""
    seen = data.draw(st.permutations(sightings + sightings[:3]))
    refused = data.draw(st.permutations(refusals + refusals[:3]))

    assert tallies(seen, refused) == tallies(sightings, refusals)


@given(SIGHTINGS, REFUSALS)
def test_seen_is_every_event_once_and_every_lost_thing_once(sightings: list[Sighting], refusals: list[Refusal]) -> None:
    """And what is seen is valid, or has at least one reason why not."""
    found = tallies(sightings, refusals)

    assert found.keys() == {one.name for one in sightings} | {one.event for one in refusals}
    for name, tally in found.items():
        ids = {one.event_id for one in sightings if one.name == name}
        entries = {
            (one.envelope_id, one.path.partition("]")[0] if one.path.startswith("[") else "")
            for one in refusals
            if one.event == name and one.is_wrong
        }
        assert tally.seen == len(ids) + len(entries)
        wrong = tally.seen - tally.valid
        assert max(tally.invalid.values(), default=0) <= wrong <= sum(tally.invalid.values())
        assert tally.examples.keys() == tally.invalid.keys()


def test_the_newest_body_of_an_order_speaks_for_it() -> None:
    """A store that corrects an order corrects its finding, and the other way round."""
    wrong = replace(PLAIN, version="1", findings=frozenset({"value_imbalance"}))
    right = replace(PLAIN, version="2")

    assert tallies([wrong, right], [])["placed_order"].invalid == {}
    assert tallies([replace(wrong, version="3"), right], [])["placed_order"].invalid == {"value_imbalance": 1}


def test_of_two_senders_the_better_one_speaks() -> None:
    """A checkout that the webhook told without its buyer, and the pixel with it."""
    alone = replace(PLAIN, findings=frozenset({"nobody_to_tell"}))
    named = replace(PLAIN, received_at=NOON + timedelta(minutes=1))

    assert tallies([alone, named], [])["placed_order"].valid == 1


def test_a_visit_of_nobody_known_is_valid_and_counted_beside() -> None:
    """A shop most of whose visitors are unknown is no shop whose pages are wrong."""
    unknown = replace(PLAIN, findings=frozenset({"unknown_visitor"}))
    wrong = replace(PLAIN, event_id="2", findings=frozenset({"unknown_visitor", "missing_value"}))
    tally = tallies([unknown, wrong], [])["placed_order"]

    assert (tally.seen, tally.valid, tally.invalid) == (2, 1, {"missing_value": 1})
    assert (tally.notes, tally.examples) == ({"unknown_visitor": 2}, {"missing_value": "2"})


def test_an_event_is_late_by_when_it_was_first_told() -> None:
    """A repeat a week later makes nothing late."""
    early = replace(PLAIN, received_at=NOON + timedelta(days=1))
    late = replace(PLAIN, received_at=NOON + timedelta(days=1, seconds=1))

    assert tallies([late, early], [])["placed_order"].late == 0
    assert tallies([late], [])["placed_order"].late == 1


def test_what_the_day_before_counts_is_not_counted_again() -> None:
    """Two deliveries of one act on either side of midnight."""
    assert tallies([PLAIN], [], {PLAIN.event_id}) == {}


def test_a_delivery_that_rightly_gave_no_event_is_not_among_the_seen() -> None:
    """A test order is none; nothing is wrong with it either."""
    settled = replace(LOST, code="test_order", is_wrong=False)
    tally = tallies([PLAIN], [settled, LOST])["placed_order"]

    assert (tally.seen, tally.valid) == (2, 1)
    assert (tally.invalid, tally.no_event) == ({"bad_money": 1}, {"test_order": 1})
    assert tally.examples == {"bad_money": "e1"}


def test_the_last_one_never_lies_in_the_future() -> None:
    """A clock that is a year ahead would keep an event from being silent for a year."""
    ahead = replace(PLAIN, occurred_at=NOON + timedelta(days=365))

    assert tallies([ahead], [])["placed_order"].last_at == NOON
