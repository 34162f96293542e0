"""``correct``: two people, what a system did, each address once, however often it is interrupted."""

from datetime import timedelta
from typing import Any

import pytest
from commerce_sync.contracts.consent import Address

from tests.fakes.consent_office import ANA, WORDS, Office
from tests.fakes.consent_operator import for_so_long
from tests.fakes.consent_world import START, record

SOURCE = "import:legacy"
WINDOW: dict[str, Any] = {
    "source": SOURCE,
    "since": (START - timedelta(hours=1)).isoformat(),
    "until": (START + timedelta(minutes=1)).isoformat(),
}


def people(number: int) -> list[Address]:
    """So many addresses."""
    return [("email", f"person{one}@example.com") for one in range(number)]


def after_a_bad_import(number: int = 5) -> Office:
    """Everybody opted in long ago, and an import opted them all out."""
    office = Office()
    for address in people(number):
        office.hear(
            address, record(f"in-{address[1]}", "strong_in", START - timedelta(days=90), address, method="form")
        )
        imported = {"actor": "system", "source": SOURCE, "method": "import"}
        office.hear(address, record(f"out-{address[1]}", "pref_out", START, address, **imported))
    office.world.clock.at = START + timedelta(hours=2)
    return office


def states(office: Office) -> set[str]:
    """How everybody stands."""
    return {office.world.state(address) for address in office.world.ledger.chains}


def test_a_proposal_writes_nothing_and_says_what_it_would_void() -> None:
    """It is the dry run."""
    office = after_a_bad_import()
    told = office.correct(**WINDOW, **WORDS)

    assert told["state"] == "proposed"
    assert (told["would_void"], told["addresses"], told["left_alone"]) == ({"withdraw": 5}, 5, 0)
    assert states(office) == {"out"}


def test_a_second_person_carries_it_out_and_everybody_stands_as_before() -> None:
    """One correction an address, approved by both; the destinations are brought back after the settle window."""
    office = after_a_bad_import()
    proposed = office.correct(**WINDOW, **WORDS)["correction"]
    told = office.correct(correction=proposed, approve=True, by="Lee")

    assert (told["state"], told["corrected"], told["left"]) == ("done", 5, 0)
    assert states(office) == {"in"}
    corrections = [one.records[-1] for one in office.world.ledger.chains.values()]
    assert {one.action for one in corrections} == {"correction"}
    assert all(one.evidence["approved_by"] == ["kim", "Lee"] for one in corrections)
    assert len({one.record_id for one in corrections}) == 5
    office.world.rest()
    assert {office.world.standing(address) for address in people(5)} == {"in"}


@pytest.mark.parametrize("by", ["kim", "KIM", "  Kim "])
def test_the_same_person_does_not_approve_twice(by: str) -> None:
    """Whatever the spelling."""
    office = after_a_bad_import()
    proposed = office.correct(**WINDOW, **WORDS)["correction"]
    with pytest.raises(ValueError, match="different people"):
        office.correct(correction=proposed, approve=True, by=by)
    assert states(office) == {"out"}


def test_a_correction_needs_the_word_approve() -> None:
    """Looking at it does nothing."""
    office = after_a_bad_import()
    proposed = office.correct(**WINDOW, **WORDS)["correction"]
    assert office.correct(correction=proposed)["state"] == "proposed"
    with pytest.raises(TypeError, match="true or false"):
        office.correct(correction=proposed, approve="yes", by="lee")


def test_a_person_s_own_act_in_the_window_is_left_alone() -> None:
    """It is counted, and stays in force."""
    office = after_a_bad_import(2)
    own = record("own", "pref_out", START, ANA, source=SOURCE)
    office.hear(ANA, own)
    proposed = office.correct(**WINDOW, **WORDS)
    office.correct(correction=proposed["correction"], approve=True, by="lee")

    assert (proposed["addresses"], proposed["left_alone"]) == (2, 1)
    assert office.world.state(ANA) == "out"
    assert len(office.world.ledger.chains[ANA].records) == 1


def test_a_person_s_own_act_that_is_named_refuses_the_whole() -> None:
    """Somebody meant it."""
    office = after_a_bad_import(1)
    office.hear(ANA, record("own", "pref_out", START, ANA))
    told = office.correct(voids=["own", "out-person0@example.com"], **WORDS)

    assert told["state"] == "refused"
    assert "a person's own act" in told["reason"]
    assert office.correct(correction=told["correction"], approve=True, by="lee")["state"] == "refused"
    assert office.world.state(ANA) == "out"


def test_records_are_named_by_their_ids() -> None:
    """Those, and no others of the same import."""
    office = after_a_bad_import(3)
    proposed = office.correct(voids=["out-person1@example.com"], **WORDS)
    office.correct(correction=proposed["correction"], approve=True, by="lee")

    assert [office.world.state(address) for address in people(3)] == ["out", "in", "out"]


def test_a_record_that_is_not_there_is_said() -> None:
    """A slip of the pen voids nothing."""
    told = after_a_bad_import(1).correct(voids=["out-person0@example.com", "nowhere"], **WORDS)
    assert (told["state"], told["reason"]) == ("refused", "1 of the named records are not in the ledger")


def test_an_empty_window_is_refused() -> None:
    """With the reason."""
    told = after_a_bad_import(1).correct(**{**WINDOW, "source": "import:other"}, **WORDS)
    assert told["state"] == "refused"
    assert "no record of that source" in told["reason"]


def test_a_search_goes_on_where_it_was_put_down() -> None:
    """Also where an address's records stand on two pages."""
    office = after_a_bad_import(6)
    whole = office.correct(together=100, **WINDOW, **WORDS)
    told = office.correct(for_so_long(0), together=3, **WINDOW, **WORDS)
    rounds = 1
    while told["state"] == "collecting":
        told = office.correct(for_so_long(0), together=3, correction=told["correction"])
        rounds += 1

    assert rounds > 2
    assert {**told, "correction": ""} == {**whole, "correction": ""}


def test_a_correction_goes_on_where_it_was_put_down() -> None:
    """As many as there is time for; nobody twice, nobody never."""
    office = after_a_bad_import(7)
    proposed = office.correct(**WINDOW, **WORDS)["correction"]
    told = office.correct(for_so_long(3), correction=proposed, approve=True, by="lee")
    assert (told["state"], told["corrected"], told["left"]) == ("applying", 3, 4)
    while told["state"] == "applying":
        told = office.correct(for_so_long(3), correction=proposed, approve=True, by="lee")

    assert (told["corrected"], told["left"]) == (7, 0)
    assert {len(chain.records) for chain in office.world.ledger.chains.values()} == {3}


def test_a_correction_that_dies_in_the_middle_is_finished_by_the_next_call() -> None:
    """What was appended is found again, by its id."""
    office = after_a_bad_import(5)
    proposed = office.correct(**WINDOW, **WORDS)["correction"]

    def die(_address: Address, written: Any) -> None:
        if written.action == "correction" and "person3" in _address[1]:
            raise KeyboardInterrupt

    office.world.ledger.after_write = die
    with pytest.raises(KeyboardInterrupt):
        office.correct(correction=proposed, approve=True, by="lee")
    office.world.ledger.after_write = lambda _address, _record: None
    told = office.correct(correction=proposed, approve=True, by="lee")

    assert (told["state"], told["left"]) == ("done", 0)
    assert {len(chain.records) for chain in office.world.ledger.chains.values()} == {3}
    assert states(office) == {"in"}


def test_who_was_erased_is_counted_and_left_alone() -> None:
    """An opt-out stands there for good."""
    office = after_a_bad_import(2)
    office.ledger.erased.add(office.world.ledger.chains[people(1)[0]].address_key)
    proposed = office.correct(**WINDOW, **WORDS)["correction"]
    told = office.correct(correction=proposed, approve=True, by="lee")
    assert (told["corrected"], told["erased"], told["left"]) == (1, 1, 0)


def test_fifty_thousand_records_stand_in_documents_that_fit() -> None:
    """Each part below the size of an item."""
    office = after_a_bad_import(1)
    (address,) = people(1)
    chain = office.world.ledger.chains[address]
    imported = [
        one.model_copy(update={"record_id": f"{number:064d}", "address_key": f"{number // 3:043d}"})
        for one in chain.records[-1:]
        for number in range(9000)
    ]
    office.world.ledger.chains[address] = chain.__class__(address, chain.address_key, records=tuple(imported))
    told = office.correct(together=1000, **WINDOW, **WORDS)

    parts = [one for name, one in office.documents.named(f"correction#{told['correction']}#")]
    assert (told["would_void"], told["addresses"]) == ({"withdraw": 9000}, 3000)
    assert sum(len(ids) for part in parts for _, ids in part["voids"]) == 9000
    assert len({key for part in parts for key, _ in part["voids"]}) == sum(len(part["voids"]) for part in parts) == 3000
    assert max(len(str(part)) for part in parts) < 300_000


def test_corrections_are_listed() -> None:
    """With their state, and no address."""
    office = after_a_bad_import(1)
    proposed = office.correct(**WINDOW, **WORDS)
    assert office.correct()["corrections"] == [proposed]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"correction": "c99"}, "no such correction"),
        (WORDS, "to propose a correction"),
        ({"voids": [], **WORDS}, "a list of 1 to"),
        ({**WINDOW, **WORDS, "since": "yesterday"}, "since is a time with its offset"),
        ({**WINDOW, **WORDS, "until": "2026-11-28T10:00:00"}, "until is a time with its offset"),
        ({**WINDOW, **WORDS, "until": "9999-01-01T00:00:00Z"}, "not in the future"),
        ({**WINDOW, **WORDS, "why": "ana@example.com"}, "do not write addresses"),
    ],
)
def test_arguments_that_say_nothing_are_refused_in_words(arguments: dict[str, Any], error: str) -> None:
    """What was wrong, and what there is."""
    with pytest.raises(ValueError, match=error):
        after_a_bad_import(1).correct(**arguments)
