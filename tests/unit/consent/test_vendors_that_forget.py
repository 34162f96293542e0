"""A vendor's record is deleted and made anew, merged or new: what the ledger says holds there again."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import count

import pytest
from commerce_sync.consent.loading import Loading
from commerce_sync.contracts.consent import Address, ConsentRecord
from commerce_sync.contracts.consent_shown import Showing
from commerce_sync.contracts.shown_open import SHOWN_OPEN
from commerce_sync.errors import PermanentError
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.consent_workers import World
from tests.fakes.consent_world import READING, START, record

ANA: Address = ("email", "ana@example.com")
BO: Address = ("sms", "+12025550101")
SENDS = ("klaviyo", "hubspot")
NUMBERS = count()


def _open(world: World, address: Address, place: str, **more: object) -> ConsentRecord:
    """What polling says of a record that stands open."""
    name = f"open-{next(NUMBERS)}"
    values = {"action": "info", "actor": "system", "method": SHOWN_OPEN, "purpose": "*", "source": f"{place}:main"}
    return record(name, "info", world.clock(), address, **(values | more))


def _poll(world: World, *addresses: Address) -> None:
    """Both are polled: whoever stands open is said."""
    for address in addresses:
        for place in SENDS:
            if world.standing(address, place) in {"none", "in"}:
                world.hear(address, _open(world, address, place))


def _records(world: World, address: Address) -> int:
    return len(world.ledger.read([address])[address].records)


def _left(address: Address) -> World:
    """Somebody who opted out, of which everybody was told; a day later."""
    world = World()
    world.hear(address, record("out", "pref_out" if address is ANA else "hard_out", START, address))
    world.rest()
    world.clock.advance(3 * 86400)
    return world


@pytest.mark.parametrize("address", [ANA, BO])
@pytest.mark.parametrize("place", SENDS)
@pytest.mark.parametrize("shows", ["none", "in"])
def test_who_stands_open_again_is_closed_again_there_alone(address: Address, place: str, shows: Showing) -> None:
    """Deleted and made anew, or merged into a record that was subscribed: once, whatever is seen of it meanwhile."""
    world = _left(address)
    for destination in world.at.values():
        destination.calls.clear()
    world.at[place].person(address[0], address[1], shows)
    seen = [_open(world, address, place), _open(world, address, place)]
    for one in seen:
        world.hear(address, one)
    world.rest()
    _poll(world, address)
    assert [world.standing(address, one) for one in SENDS] == ["out", "out"]
    assert {name: len(one.calls) for name, one in world.at.items() if one.calls} == {place: 1}
    assert _records(world, address) == 2, "the opt-out, and why it was told again"


def test_what_was_seen_before_it_was_told_is_no_news() -> None:
    """A page of profiles waits on a queue while the opt-out is told and read back."""
    world = World()
    seen = _open(world, ANA, "klaviyo")
    world.clock.advance(1)
    world.hear(ANA, record("out", "pref_out", START, ANA))
    world.rest()
    world.hear(ANA, seen)
    assert (len(world.at["klaviyo"].calls), _records(world, ANA)) == (1, 1)


@pytest.mark.parametrize("place", SENDS)
def test_a_page_that_is_older_than_an_erasure_makes_nobody_known_again(place: str) -> None:
    """It was read before the person was forgotten there, and comes off its queue after; who comes back is out."""
    world = _left(ANA)
    page = _open(world, ANA, place)
    world.clock.advance(1)
    world.hear(ANA, record("erased", "hard_out", world.clock(), ANA, purpose="*", method="erasure", source="erasure"))
    world.rest()
    world.at[place].shows.clear()
    calls = len(world.at[place].calls)
    world.hear(ANA, page)
    assert (len(world.at[place].calls), _records(world, ANA)) == (calls, 2)
    world.clock.advance(1)
    world.hear(ANA, _open(world, ANA, place))
    assert world.standing(ANA, place) == "out"


def test_what_waits_for_a_person_is_left_to_them() -> None:
    """A vendor refused it for good: each change of the profile is no reason to try again."""
    world = World()

    def refuses(what: str) -> None:
        if what == "close":
            raise PermanentError("400")

    world.at["klaviyo"].on_call = refuses
    world.hear(ANA, record("out", "pref_out", START, ANA))
    world.rest()
    world.clock.advance(86400)
    _poll(world, ANA)
    assert _records(world, ANA) == 1


@pytest.mark.parametrize("strength", ["verified_in", "weak_in", "info"])
def test_nobody_else_is_told_of_or_written_down(strength: str) -> None:
    """Who may be written to, of whom nothing certain is known, and of whom nothing is known at all."""
    world = World()
    if strength != "info":
        world.hear(ANA, record("in", strength, START, ANA, source="klaviyo:main"))
        world.rest()
    before = _records(world, ANA)
    world.clock.advance(86400)
    calls = {name: len(one.calls) for name, one in world.at.items()}
    _poll(world, ANA)
    world.rest()
    assert (_records(world, ANA), {name: len(one.calls) for name, one in world.at.items()}) == (before, calls)


def test_who_opted_out_before_a_vendor_knew_them_is_told_there_when_it_does() -> None:
    """The baseline told nobody: the one had an opt-out, the other no record of the person at all."""
    world = World()
    world.at["hubspot"].person("email", ANA[1], "out")
    load = Loading(READING, world.places, world.clock)
    world.ledger.append(ANA, record("left", "pref_out", START - timedelta(days=900), ANA, source="hubspot:main"), load)
    world.clock.advance(86400)
    world.at["klaviyo"].person("email", ANA[1], "none")
    _poll(world, ANA)
    world.rest()
    assert world.standing(ANA) == "out"


Page = tuple[Address, ConsentRecord]


def _out(world: World, address: Address, _place: str, _pages: list[Page]) -> None:
    world.hear(address, record(f"out-{next(NUMBERS)}", "hard_out", world.clock(), address))


def _in(world: World, address: Address, _place: str, _pages: list[Page]) -> None:
    world.hear(address, record(f"in-{next(NUMBERS)}", "verified_in", world.clock(), address))


def _made_anew(world: World, address: Address, place: str, _pages: list[Page]) -> None:
    world.at[place].person(address[0], address[1], "none")


def _merged(world: World, address: Address, place: str, _pages: list[Page]) -> None:
    world.at[place].person(address[0], address[1], "in")


def _polled(world: World, address: Address, _place: str, _pages: list[Page]) -> None:
    _poll(world, address)


def _seen(world: World, address: Address, place: str, pages: list[Page]) -> None:
    pages.append((address, _open(world, address, place)))


def _heard(world: World, _address: Address, _place: str, pages: list[Page]) -> None:
    while pages:
        world.hear(*pages.pop())


def _waited(world: World, _address: Address, _place: str, _pages: list[Page]) -> None:
    world.clock.advance(1200)


def _rested(world: World, _address: Address, _place: str, _pages: list[Page]) -> None:
    world.rest()


ACTS = st.sampled_from((_out, _in, _made_anew, _merged, _polled, _seen, _heard, _waited, _rested))


@given(st.lists(st.tuples(ACTS, st.sampled_from((ANA, BO)), st.sampled_from(SENDS)), max_size=25))
def test_whatever_vendors_forget_an_opt_out_holds_in_the_end(
    life: Sequence[tuple[Callable[[World, Address, str, list[Page]], None], Address, str]],
) -> None:
    """In any order, with pages of profiles that are worked on late: both hold it, and nobody else is opted out."""
    world = World()
    pages: list[Page] = []
    for act, address, place in life:
        act(world, address, place, pages)
    _heard(world, ANA, "klaviyo", pages)
    world.rest()
    world.clock.advance(86400)
    _poll(world, ANA, BO)
    world.rest()
    for address in (ANA, BO):
        shows = {world.standing(address, one) for one in SENDS}
        assert shows == {"out"} if world.state(address) == "out" else "out" not in shows
