"""How imports end where Klaviyo is vague, slow, or gives them up: nobody is lost, and nothing goes round for ever."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from commerce_sync.contracts import Promise
from commerce_sync.contracts.told import Told
from commerce_sync.errors import RetriableError
from commerce_sync.profiles import looks
from commerce_sync.profiles.differences import begun
from commerce_sync.profiles.importing import AGAIN_AFTER, LONGEST_IMPORT, ImportDesk
from commerce_sync.vendors.klaviyo.imports import ImportRefusal

from tests.fakes.telling import NOW
from tests.fakes.told_world import ToldWorld

LATER = NOW + timedelta(hours=1)
BAD = "p00003@example.com"


def world_of(number: int) -> ToldWorld:
    """So many, each with a name, all of them in one import that is underway."""
    world = ToldWorld({f"p{one:05}@example.com": {"$first_name": f"N{one}"} for one in range(number)})
    world.klaviyo.bad = {BAD}
    world.deliver()
    return world


def underway(world: ToldWorld) -> Promise:
    """The import's promise."""
    return next(row for row in world.book.open_rows() if row.row == looks.IMPORT_ROW)


def desk(world: ToldWorld, may_go_on: Callable[[], bool]) -> ImportDesk:
    """Over the world's Klaviyo and book."""
    members = world.jobs.members
    return ImportDesk(
        world.book, lambda: world.klaviyo, members, lambda e: world.book.key_of("klaviyo", e), LATER, may_go_on
    )


def times(number: int) -> Callable[[], bool]:
    """There is time so often."""
    left = iter(range(number))
    return lambda: next(left, None) is not None


def test_an_error_that_names_nobody_sends_each_alone_once() -> None:
    """Who was refused is found out by single calls, and no import is begun again and again."""
    world = world_of(30)
    real = world.klaviyo.errors

    def nameless(job_id: str) -> list[ImportRefusal]:
        return [replace(one, email="", position=None) for one in real(job_id)]

    world.klaviyo.errors = nameless  # type: ignore[method-assign] # answers as Klaviyo might
    world.come_due()
    assert world.klaviyo.profiles.keys() == world.facts.keys() - {BAD}
    assert (world.mortality.steps["import"], world.mortality.steps["upsert"]) == (1, 30)
    assert world.book.parked() == {"klaviyo 400 invalid at /data/attributes/first_name": 1}


def test_errors_that_are_fewer_than_the_rows_that_failed_confirm_nobody() -> None:
    """The list may lag behind the count: whom it leaves out would be noted as told, and never told."""
    world = world_of(30)
    world.klaviyo.errors = lambda job_id: []  # type: ignore[method-assign] # noqa: ARG005 # Klaviyo's list may lag
    world.come_due()
    assert world.klaviyo.profiles.keys() == world.facts.keys() - {BAD}
    assert world.book.parked() == {"klaviyo 400 invalid at /data/attributes/first_name": 1}


def test_a_lost_import_is_told_again_in_as_many_runs_as_it_takes() -> None:
    """Time runs short: the rows so far are written, the promise stays, and in the end everybody is looked at."""
    world = world_of(1000)
    promise = underway(world)
    world.klaviyo.lost = {str(promise.wanted)}
    first = desk(world, times(4)).look(promise)
    assert (first.promise.status, len(first.rows), first.counts["LostImports"]) == ("pending", 300, 0)
    last = desk(world, lambda: True).look(first.promise)
    assert (last.promise.status, len(last.rows), last.counts["LostImports"]) == ("delivered", 1000, 1)
    assert {row.due_at for row in last.rows} == {LATER + AGAIN_AFTER}


def test_who_was_told_since_is_in_doubt_where_an_import_is_lost_and_nobody_twice() -> None:
    """It may have been imported late, over what was told since."""
    world = world_of(30)
    promise = underway(world)
    world.klaviyo.lost = {str(promise.wanted)}
    told = "p00007@example.com"
    world.facts[told] = {"$first_name": "New"}
    world.deliver([told])
    key = world.book.key_of("klaviyo", told)
    assert not world.book.items[key].pending
    for _ in range(2):
        desk(world, lambda: True).look(promise)
        assert world.book.items[key].pending == {"$first_name": "New"}
    assert world.book.items[key].revision == len(("imported", "told since", "in doubt"))


def test_without_time_klaviyo_is_not_asked() -> None:
    """Imports that are due together take turns."""
    world = world_of(30)
    world.mortality.steps.clear()
    seen = desk(world, lambda: False).look(underway(world))
    assert (seen.promise.due_at, seen.rows) == (LATER, [])
    assert not world.mortality.steps


def test_whom_an_import_holds_is_known_until_it_is_over() -> None:
    """An erasure waits for that, also where somebody was told alone meanwhile; and no longer."""
    world = world_of(30)
    told = {email: world.book.items[world.book.key_of("klaviyo", email)] for email in world.facts}
    assert all(one.is_imported for one in told.values())
    world.facts["p00007@example.com"] = {"$first_name": "New"}
    world.deliver(["p00007@example.com"])
    assert world.book.items[world.book.key_of("klaviyo", "p00007@example.com")].is_imported
    world.come_due()
    assert not [email for email in world.facts if world.book.items[world.book.key_of("klaviyo", email)].is_imported]
    world.come_due()
    assert world.klaviyo.profiles["p00007@example.com"] == {"first_name": "New"}


def test_whom_klaviyo_took_into_no_import_is_held_by_none() -> None:
    """Refused with the whole import, or told alone for a phone number that it does not take: no erasure waits."""
    world = ToldWorld({f"p{one:05}@example.com": {"$first_name": f"N{one}"} for one in range(30)})
    world.klaviyo.poison = {BAD}
    world.deliver()
    assert world.book.parked() == {"klaviyo 400 invalid at /data/attributes/email": 1}
    assert not world.book.items[world.book.key_of("klaviyo", BAD)].is_imported
    assert world.book.items[world.book.key_of("klaviyo", "p00007@example.com")].is_imported


def held(world: ToldWorld) -> list[str]:
    """Whom an import holds by what is known."""
    return [email for email in world.facts if world.book.items[world.book.key_of("klaviyo", email)].is_imported]


@pytest.mark.parametrize("email", [BAD, "p00007@example.com"])
def test_an_end_that_was_overtaken_between_reading_and_noting_holds_nobody(email: str) -> None:
    """Who is told in that very moment is in doubt, and the import is over all the same."""
    world = world_of(30)
    key, end, told = world.book.key_of("klaviyo", email), world.book.end, list[str]()

    def overtaken(noted: str, note: Told) -> bool:
        if noted == key and not told:
            told.append(key)
            world.book.begin(key, begun(world.book.items[key], {"stage": "x"}))
        return end(noted, note)

    world.book.end = overtaken  # type: ignore[assignment, method-assign] # another worker, in between
    desk(world, lambda: True).look(underway(world))
    assert told
    assert held(world) == []


def test_an_import_that_klaviyo_may_have_taken_holds_its_people_as_long_as_one_may_take() -> None:
    """Its answer was lost: they are told again soon, and it may still be taken up, over what was told since."""
    world = ToldWorld({f"p{one:05}@example.com": {"$first_name": f"N{one}"} for one in range(30)})
    real = world.klaviyo.start

    def lost(rows: Sequence[Any]) -> str:
        real(rows)
        raise RetriableError("klaviyo timed out")

    world.klaviyo.start = lost  # type: ignore[method-assign] # took it, and did not say so
    world.deliver()
    promise = underway(world)
    first = desk(world, lambda: True).look(promise)
    assert (len(first.rows), held(world)) == (30, list(world.facts))
    assert (first.promise.status, first.promise.due_at) == ("pending", promise.created_at + LONGEST_IMPORT)
    world.klaviyo.start = real  # type: ignore[method-assign] # answers again
    world.deliver()
    late = replace(desk(world, lambda: True), now=NOW + LONGEST_IMPORT)
    last = late.look(first.promise)
    assert (last.promise.status, len(last.rows), last.counts["LostImports"]) == ("delivered", 30, 0)
    world.come_due()
    assert held(world) == []
