"""``brake``: what is held up is shown by its cause, and a person lets it through, or corrects it."""

from datetime import timedelta
from typing import Any

import pytest
from commerce_sync.contracts.consent import Address

from tests.fakes.consent_office import WORDS, Office
from tests.fakes.consent_operator import for_so_long
from tests.fakes.consent_world import START, record


def braked(number: int = 3) -> Office:
    """An import that opted people out, held up."""
    office = Office()
    office.world.is_braked = True
    for one in range(number):
        address: Address = ("email", f"person{one}@example.com")
        imported = {"actor": "system", "source": "import:legacy", "method": "import"}
        office.hear(address, record(f"out-{one}", "pref_out", START, address, **imported))
    office.documents.counters[f"brake#{START:%H}"] = 23
    return office


def test_what_is_held_up_is_shown_by_destination_and_cause() -> None:
    """With the count of the hour, and the limit."""
    told = braked().brake()

    assert (told["changes_this_hour"], told["limit"], told["braked"], told["open_until"]) == (23, 20, 9, None)
    assert {"destination": "klaviyo", "cause": "import:legacy", "direction": "takes back", "rows": 3} in told["causes"]


def test_a_person_lets_it_through_and_opens_the_brake_for_an_hour() -> None:
    """What is still to come of the same change goes through; who and why is kept."""
    office = braked()
    told = office.brake(release=True, **WORDS)
    office.world.is_braked = False
    office.world.rest()

    assert (told["released"], told["left"]) == (9, 0)
    assert office.documents.documents["brake"] == {
        "open_until": (START + timedelta(hours=1)).isoformat(),
        "history": [{"at": START.isoformat(), **WORDS}],
    }
    assert office.world.standing(("email", "person0@example.com")) == "out"


def test_what_there_was_no_time_for_is_said() -> None:
    """The same command goes on."""
    office = braked()
    told = office.brake(for_so_long(4), release=True, **WORDS)
    assert (told["released"], told["left"]) == (4, 5)
    assert "again goes on" in told["next"]


def test_nothing_is_thrown_away() -> None:
    """The rows say what the ledger says: the ledger has to be corrected."""
    office = braked()
    with pytest.raises(ValueError, match='"command": "correct"'):
        office.brake(discard=True, **WORDS)
    assert office.brake()["braked"] == 9


def test_a_correction_ends_what_is_held_up() -> None:
    """The destinations show already what they shall show again, so nobody is told anything."""
    office = braked()
    window: dict[str, Any] = {"since": START.isoformat(), "until": (START + timedelta(seconds=1)).isoformat()}
    office.world.clock.advance(60)
    proposed = office.correct(source="import:legacy", **window, **WORDS)["correction"]
    office.correct(correction=proposed, approve=True, by="lee")
    office.world.rest()

    assert office.brake()["braked"] == 0
    assert office.world.at["klaviyo"].calls == []
