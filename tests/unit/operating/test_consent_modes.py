"""``mode`` and ``stop``: each step shows what the next would write, and lets through just that."""

from datetime import timedelta
from typing import Any

import pytest
from commerce_sync.consent.modes import Modes
from commerce_sync.contracts.consent import Address

from tests.fakes.consent_office import ANA, BO, WORDS, Office
from tests.fakes.consent_operator import for_so_long
from tests.fakes.consent_workers import World
from tests.fakes.consent_world import START, record

CY: Address = ("email", "cy@example.com")
DI: Address = ("email", "di@example.com")


def observing() -> Office:
    """Everything is written down and nothing told: an opt-out, a hold and two opt-ins."""
    office = Office(World(modes=Modes(default="observe")))
    office.hear(ANA, record("out", "pref_out", START - timedelta(days=1), ANA))
    office.hear(CY, record("held", "info", START - timedelta(days=1), CY, action="hold"))
    for address in (BO, DI):
        office.hear(address, record(f"in-{address[1]}", "strong_in", START - timedelta(days=1), address, method="form"))
    office.world.rest()
    return office


def shown(office: Office, place: str) -> dict[str, str]:
    """What a destination shows of each."""
    return {address[1].partition("@")[0]: office.world.standing(address, place) for address in (ANA, BO, CY, DI)}


def test_each_mode_shows_what_the_next_would_write() -> None:
    """Opt-outs and holds first, by direction; masked examples."""
    told = observing().mode()["destinations"]

    assert told["klaviyo"]["observed"] == 4
    assert told["klaviyo"]["next"]["mode"] == "opt_outs_only"
    assert told["klaviyo"]["next"]["would_write"] == {"out": 1, "hold": 1}
    assert {one["address"] for one in told["klaviyo"]["next"]["examples"]} == {"a***@e***.com", "c***@e***.com"}
    assert told["shopify:us"]["next"]["would_write"] == {"out": 1}


def test_opt_outs_only_tells_opt_outs_and_wakes_nothing_else() -> None:
    """What waits for a further mode stays as it is."""
    office = observing()
    told = office.mode(destination="klaviyo", mode="opt_outs_only", **WORDS)
    assert (told["before"], told["released"]) == ("observe", 2)
    office.world.rest()

    assert shown(office, "klaviyo") == {"ana": "out", "+12025550101": "none", "cy": "hold", "di": "none"}
    assert set(shown(office, "hubspot").values()) == {"none"}
    assert office.row(DI, "klaviyo").status == "observed"


def test_a_pilot_tells_named_addresses_alone() -> None:
    """And the next mode shows who is left."""
    office = observing()
    office.mode(destination="klaviyo", mode="opt_outs_only", **WORDS)
    assert office.mode()["destinations"]["klaviyo"]["next"]["would_write"] == {}
    told = office.mode(destination="klaviyo", mode="pilot", pilot=["Di@example.com"], **WORDS)
    assert told["released"] == 1
    office.world.rest()

    assert shown(office, "klaviyo") == {"ana": "out", "+12025550101": "none", "cy": "hold", "di": "in"}
    assert office.mode()["destinations"]["klaviyo"]["next"]["would_write"] == {"in": 1}


def test_live_tells_everything() -> None:
    """There is no further mode."""
    office = observing()
    office.mode(destination="klaviyo", mode="live", **WORDS)
    office.world.rest()

    assert shown(office, "klaviyo") == {"ana": "out", "+12025550101": "in", "cy": "hold", "di": "in"}
    assert office.mode()["destinations"]["klaviyo"] == {"mode": "live", "observed": 0, "next": None}


@pytest.mark.parametrize("mode", ["pilot", "live"])
def test_nobody_is_subscribed_before_the_baseline_is_complete(mode: str) -> None:
    """Refused, with the reason; opt-outs may go."""
    office = observing()
    office.lacks = "it was never begun: operations baseline"
    with pytest.raises(ValueError, match="never begun"):
        office.mode(destination="klaviyo", mode=mode, pilot=["di@example.com"], **WORDS)
    assert office.mode(destination="klaviyo", mode="opt_outs_only", **WORDS)["released"] == 2


def test_all_stores_have_one_mode_where_none_has_its_own() -> None:
    """``stores``."""
    office = observing()
    assert office.mode(destination="stores", mode="opt_outs_only", **WORDS)["released"] == 1
    assert office.mode()["destinations"]["shopify:us"]["mode"] == "opt_outs_only"


def test_going_down_releases_nothing_and_everything_is_written_in_the_history() -> None:
    """Who, when, why, from what to what; and no address."""
    office = observing()
    office.mode(destination="klaviyo", mode="pilot", pilot=["di@example.com"], **WORDS)
    assert office.mode(destination="klaviyo", mode="observe", **WORDS)["released"] == 0
    history = office.mode()["history"]

    assert [(one["from"], one["to"]) for one in history] == [("observe", "pilot"), ("pilot", "observe")]
    assert history[0].items() >= {"destination": "klaviyo", "pilot": 1, **WORDS}.items()
    assert "@" not in str(office.documents.documents)


def test_what_there_was_no_time_for_is_released_by_the_same_command_again() -> None:
    """It says so."""
    office = observing()
    told = office.mode(for_so_long(3), destination="klaviyo", mode="live", **WORDS)
    assert (told["released"], "again goes on" in told["next"]) == (3, True)
    assert office.mode(destination="klaviyo", mode="live", **WORDS)["released"] == 1


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"destination": "mailchimp", "mode": "live"}, "destination is one of klaviyo, hubspot, shopify:us, stores"),
        ({"destination": "klaviyo", "mode": "on"}, "mode is one of observe, opt_outs_only, pilot, live"),
        ({"destination": "klaviyo", "mode": "pilot"}, "nobody is named yet"),
        ({"destination": "klaviyo", "mode": "pilot", "pilot": ["ana"]}, "neither an email address"),
    ],
)
def test_arguments_that_say_nothing_are_refused_in_words(arguments: dict[str, Any], error: str) -> None:
    """And change nothing."""
    office = observing()
    with pytest.raises(ValueError, match=error):
        office.mode(**arguments, **WORDS)
    assert office.documents.documents == {}


def live() -> Office:
    """A live Klaviyo, HubSpot with opt-outs only, stores that observe."""
    office = observing()
    office.mode(destination="klaviyo", mode="live", **WORDS)
    office.mode(destination="hubspot", mode="opt_outs_only", **WORDS)
    office.world.rest()
    return office


def test_a_stop_halts_everything_but_opt_outs() -> None:
    """An opt-out in the middle of it goes out at once."""
    office = live()
    assert office.stop(**WORDS)["halted"] == {"klaviyo": "live"}
    new: Address = ("email", "eve@example.com")
    office.hear(new, record("eve", "strong_in", office.world.clock(), new, method="form"))
    office.hear(DI, record("di out", "pref_out", office.world.clock(), DI))
    office.world.rest()

    assert office.world.standing(new) == "none"
    assert office.world.standing(DI) == "out"


def test_the_end_of_a_stop_brings_back_just_what_was() -> None:
    """And what waited meanwhile is told."""
    office = live()
    before = office.mode()["destinations"]
    office.stop(**WORDS)
    new: Address = ("email", "eve@example.com")
    office.hear(new, record("eve", "strong_in", office.world.clock(), new, method="form"))
    office.world.rest()
    told = office.stop(resume=True, **WORDS)
    office.world.rest()

    assert told["modes"] == {name: one["mode"] for name, one in before.items()}
    assert office.world.standing(new) == "in"
    assert office.world.standing(new, "shopify:us") == "none"


def test_a_stop_that_is_set_stays_as_it_was_set() -> None:
    """The second says since when and by whom; a mode that is raised meanwhile is remembered, and tells nobody."""
    office = live()
    office.stop(**WORDS)
    office.world.clock.advance(60)
    again = office.stop(by="lee", why="to be sure")
    told = office.mode(destination="hubspot", mode="live", **WORDS)

    assert again["by"] == "kim"
    assert told["stopped_since"] == again["stopped_since"]
    assert office.world.modes.of("hubspot") == "opt_outs_only"


def test_what_is_not_stopped_cannot_be_resumed() -> None:
    """A clear word."""
    with pytest.raises(ValueError, match="nothing is stopped"):
        live().stop(resume=True, **WORDS)
