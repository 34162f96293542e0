"""Who is drawn: nobody twice, nobody hidden, and the same people for the same seed."""

from collections import Counter

from commerce_sync.contracts.identity_book import Neighbourhood
from commerce_sync.contracts.samples import Place
from commerce_sync.sampling.drawing import MOST_PLACES, addresses, in_turns, parts_to_read, randomness, somewhere
from hypothesis import given
from hypothesis import strategies as st

emails = st.lists(st.integers(0, 30).map(lambda one: f"p{one}@example.com"), max_size=40)
drawn = st.fixed_dictionaries(dict.fromkeys(("ours", "hubspot", "klaviyo"), emails))


@given(drawn, st.integers(1, 60))
def test_as_many_as_there_are_and_nobody_twice(found: dict[Place, list[str]], number: int) -> None:
    """Each from a place that really gave them; a place that is empty is made up for by the others."""
    everybody = {email for some in found.values() for email in some}
    chosen = in_turns(found, number)
    assert len(chosen) == min(number, len(everybody))
    assert all(email in found[place] for email, place in chosen.items())


def test_half_are_ours_and_a_quarter_each_vendors() -> None:
    """As long as all have enough."""
    found: dict[Place, list[str]] = {
        "ours": [f"o{one}" for one in range(99)],
        "hubspot": [f"h{one}" for one in range(99)],
        "klaviyo": [f"k{one}" for one in range(99)],
    }
    assert Counter(in_turns(found, 40).values()) == {"ours": 20, "hubspot": 10, "klaviyo": 10}


@given(st.dictionaries(st.text(max_size=4), st.integers(0, 10_000), max_size=40), st.integers(1, 200), st.text())
def test_parts_give_what_is_wanted_from_few(sizes: dict[str, int], number: int, seed: str) -> None:
    """Never from an empty part, and from a bounded number of them."""
    taken = parts_to_read(sizes, number, randomness(seed))
    assert sum(taken.values()) == (number if any(sizes.values()) else 0)
    assert len(taken) <= MOST_PLACES
    assert all(sizes[name] for name in taken)
    assert taken == parts_to_read(sizes, number, randomness(seed))


def test_a_record_is_as_likely_as_another_whatever_its_part() -> None:
    """A part of nine hundred is drawn from nine times as often as one of a hundred."""
    taken = Counter[str]()
    for seed in range(300):
        taken += Counter(parts_to_read({"large": 900, "small": 100}, 10, randomness(str(seed))))
    assert 0.07 < taken["small"] / taken.total() < 0.13


def test_each_person_of_a_neighbourhood_gives_one_address() -> None:
    """Nobody is likelier for having many; phones and records are nobody's address."""
    members = {
        "email#a1@example.com": "ada",
        "email#a2@example.com": "ada",
        "email@shopify:us#bo@example.com": "bo",
        "phone#+12025550123": "bo",
        "shopify:us#7": "cy",
    }
    near = Neighbourhood(neighbourhood_id="n", members=members)
    found = {tuple(addresses([near], randomness(str(seed)))) for seed in range(30)}
    assert found == {("a1@example.com", "bo@example.com"), ("a2@example.com", "bo@example.com")}


def test_places_differ_with_the_seed_alone() -> None:
    """A seed finds the same place again."""
    places = {somewhere(randomness(seed)) for seed in "abcabc"}
    assert len(places) == 3
