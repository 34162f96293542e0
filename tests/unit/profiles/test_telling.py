"""One engine tells what differs, once, whatever dies on the way; what is refused waits for a person."""

from collections import Counter

import pytest
from commerce_sync.contracts.fields import FieldValues
from commerce_sync.errors import PausedError, RetriableError
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.telling import KilledError
from tests.fakes.told_world import ToldWorld

ANA, BO, CY = "ana@example.com", "bo@example.com", "cy@example.com"


def people(number: int) -> dict[str, FieldValues]:
    """So many, each with a name."""
    return {f"p{one:05}@example.com": {"$first_name": f"N{one}", "score": str(one)} for one in range(number)}


def expected(world: ToldWorld) -> dict[str, dict[str, object]]:
    """What Klaviyo shall have in the end."""
    return {
        email: {
            name.removeprefix("$"): int(value) if name == "score" else value
            for name, value in values.items()
            if value is not None
        }
        for email, values in world.facts.items()
    }


def test_only_what_differs_is_written_and_a_second_look_writes_nothing() -> None:
    """Not one call: neither a write nor a read of phones."""
    world = ToldWorld({ANA: {"$first_name": "Ana", "stage": "lead"}, BO: {"stage": "lead"}})
    world.deliver()
    world.facts[BO] = {"stage": "customer"}
    world.mortality.steps.clear()
    world.deliver()
    assert world.klaviyo.writes == Counter({ANA: 1, BO: 2})
    assert world.mortality.steps == Counter({"upsert": 1, "note": 2})
    world.mortality.steps.clear()
    world.deliver()
    assert world.mortality.steps == Counter()


def test_a_value_is_cleared_only_where_it_was_told_and_is_wanted_no_more() -> None:
    """What is absent is left as it is; what is None and never was told causes nothing."""
    world = ToldWorld({ANA: {"$first_name": "Ana", "stage": "lead"}, BO: {"stage": None}})
    world.deliver()
    assert BO not in world.klaviyo.profiles
    world.facts[ANA] = {"stage": None}
    world.deliver()
    assert world.klaviyo.profiles[ANA] == {"first_name": "Ana"}


@pytest.mark.parametrize("number", [19, 20])
def test_many_are_imported_and_few_are_not(number: int) -> None:
    """From the configured number on."""
    world = ToldWorld(people(number))
    world.deliver()
    world.come_due()
    assert world.klaviyo.profiles == expected(world)
    assert (world.mortality.steps["upsert"], world.mortality.steps["import"]) == ((19, 0) if number == 19 else (0, 1))


def test_whose_field_is_cleared_goes_alone_beside_an_import() -> None:
    """Nulls clear nothing in an import."""
    world = ToldWorld(people(30))
    world.deliver()
    world.come_due()
    first = next(iter(world.facts))
    world.facts = {email: {"$first_name": "New", "score": "7"} for email in world.facts} | {first: {"score": None}}
    world.mortality.steps.clear()
    world.deliver()
    world.come_due()
    assert (world.mortality.steps["upsert"], world.mortality.steps["import"]) == (1, 1)
    assert world.klaviyo.profiles[first] == {"first_name": "N0"}


@settings(max_examples=60, deadline=None)
@given(number=st.integers(1, 40), every=st.integers(1, 60), refused=st.sets(st.integers(0, 39), max_size=3))
def test_a_worker_that_dies_anywhere_loses_nothing(number: int, every: int, refused: set[int]) -> None:
    """In the end Klaviyo has everybody's values, and whoever it refuses is parked with its words."""
    world = ToldWorld(people(number))
    emails = list(world.facts)
    world.klaviyo.bad = {emails[one] for one in refused if one < number}
    world.deliver(every=every)
    world.come_due(every=every)
    world.facts = {email: {**values, "stage": "customer"} for email, values in world.facts.items()}
    world.deliver(every=every)
    world.come_due(every=every)
    assert world.klaviyo.profiles == {
        email: values for email, values in expected(world).items() if email not in world.klaviyo.bad
    }
    assert sum(world.book.parked().values()) == len(world.klaviyo.bad)
    assert not [told for key, told in world.book.items.items() if told.pending and not told.refused]


def test_two_workers_that_overtake_each_other_tell_again() -> None:
    """The one that began first ends last, and with older values: nobody is sure, and the newer ones are told again."""
    world = ToldWorld({ANA: {"stage": "lead"}})
    upsert = world.klaviyo.upsert

    def overtaken(*arguments: object) -> str:
        world.klaviyo.upsert = upsert  # type: ignore[method-assign] # once
        world.facts[ANA] = {"stage": "customer"}
        world.deliver()
        assert world.klaviyo.profiles[ANA] == {"stage": "customer"}
        return upsert(*arguments)  # type: ignore[arg-type] # as it came

    world.klaviyo.upsert = overtaken  # type: ignore[method-assign,assignment] # once
    outcome = world.run([f"hubspot:contact:{ANA}"])
    assert world.klaviyo.profiles[ANA] == {"stage": "lead"}
    assert list(outcome.waiting) == [f"hubspot:contact:{ANA}"]
    world.come_due()
    assert world.klaviyo.profiles[ANA] == {"stage": "customer"}


def test_a_refusal_is_parked_and_a_later_change_tries_again() -> None:
    """The same values are not sent twice; the others go on; once it is mended nothing is parked any more."""
    world = ToldWorld({ANA: {"stage": "x"}, BO: {"stage": "y"}})
    world.klaviyo.bad = {ANA}
    world.deliver()
    world.deliver()
    assert world.klaviyo.profiles == {BO: {"stage": "y"}}
    assert world.book.parked() == {"klaviyo 400 invalid at /data/attributes/first_name": 1}
    assert world.mortality.steps["upsert"] == 2
    world.klaviyo.bad = set()
    world.facts[ANA] = {"stage": "z"}
    world.deliver()
    assert world.klaviyo.profiles[ANA] == {"stage": "z"}
    assert world.book.parked() == {}


@pytest.mark.parametrize(
    ("error", "calls"), [(PausedError("klaviyo 403", retry_after=300), 1), (RetriableError("klaviyo 503"), 3)]
)
def test_a_place_that_is_paused_is_asked_once_and_nobody_is_lost(error: RetriableError, calls: int) -> None:
    """Everybody waits as a due row; a passing fault holds up only whom it met."""
    world = ToldWorld({email: {"stage": "x"} for email in (ANA, BO, CY)})
    world.klaviyo.next_errors = [error]
    world.deliver()
    assert world.mortality.steps["upsert"] == calls
    assert len(world.book.open_rows()) == (3 if isinstance(error, PausedError) else 1)
    assert world.book.parked() == {}
    world.come_due()
    assert world.klaviyo.profiles == expected(world)


@pytest.mark.parametrize("names", [True, False], ids=["the vendor names them", "it names nobody"])
def test_rows_for_which_an_import_is_refused_whole_are_parked(*, names: bool) -> None:
    """In two calls where they are named; the others arrive, each once, and only what began is looked at."""
    world = ToldWorld(people(100))
    emails = list(world.facts)
    world.klaviyo.poison, world.klaviyo.names_poison = {emails[3], emails[70]}, names
    world.deliver()
    assert world.mortality.steps["import"] <= (2 if names else 1 + 2 * 2 * 7)
    world.come_due()
    assert world.klaviyo.profiles.keys() == set(emails) - world.klaviyo.poison
    assert set(world.klaviyo.writes.values()) == {1}
    assert sum(world.book.parked().values()) == 2


def test_an_import_of_which_nobody_knows_is_told_again() -> None:
    """Lost at Klaviyo, or its answer was lost: its members are in doubt, and looked at again."""
    world = ToldWorld(people(25))
    world.klaviyo.lost = {"job-0"}
    world.deliver()
    world.come_due()
    assert set(world.klaviyo.writes.values()) == {2}
    world.facts = {email: {**values, "score": "1000"} for email, values in world.facts.items()}
    world.klaviyo.next_errors = [RetriableError("klaviyo gave no answer (ReadTimeout)")]
    world.deliver()
    world.come_due()
    assert {profile["score"] for profile in world.klaviyo.profiles.values()} == {1000}
    assert not [told for told in world.book.items.values() if told.pending]


def test_a_write_that_overtakes_an_import_is_told_again_after_it() -> None:
    """The import may have been applied later, with older values."""
    world = ToldWorld(people(25))
    world.deliver()
    first = next(iter(world.facts))
    world.facts[first] = {"score": "77"}
    world.deliver([first])
    world.klaviyo.profiles[first]["score"] = 0
    world.come_due()
    assert world.klaviyo.profiles[first]["score"] == 77


def test_a_worker_is_killed_as_nobody_catches_it() -> None:
    """Else the deaths above would prove nothing."""
    world = ToldWorld(people(3))
    world.mortality.left = 2
    with pytest.raises(KilledError):
        world.run([f"hubspot:contact:{email}" for email in world.facts])


def test_whom_there_is_no_time_for_waits_and_what_has_begun_is_written() -> None:
    """Also in the midst of an import."""
    world = ToldWorld(people(30))
    world.seconds = 10
    world.deliver()
    assert len(world.klaviyo.profiles) == 10 - 1
    world.seconds = None
    world.come_due()
    assert world.klaviyo.profiles == expected(world)
