"""A system that asks to wait, that leads round in a circle, or that has a great many people."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace

import pytest
from commerce_sync.consent.baseline.auditing import audited
from commerce_sync.consent.baseline.needs import Found, Seen
from commerce_sync.consent.baseline.reading import MOST_WAITS, Reader
from commerce_sync.consent.baseline.taking import Taken
from commerce_sync.contracts.baseline import BaselineStep
from commerce_sync.errors import PausedError, PermanentError, RetriableError

from tests.fakes.baseline import RUN, Baseline
from tests.fakes.consent_world import START

STEP = BaselineStep(schema_version=1, run_id=RUN, started_at=START, system="klaviyo")


def take(_system: str, page: object) -> Taken:
    """Counts."""
    return Taken(figures=type(Taken().figures)(read=len(page)))  # type: ignore[arg-type]


def test_what_was_read_before_a_pause_is_kept() -> None:
    """The next step goes on behind it, when the system says."""

    def page(cursor: str | None) -> tuple[list[Found], str | None]:
        if cursor == "2":
            raise PausedError("klaviyo 429", retry_after=7.0)
        return [], str(int(cursor or 0) + 1)

    read = Reader(page, take, Baseline({}), lambda: True).read_on(STEP)
    assert (read.step.cursor, read.step.part, read.delay, read.is_whole) == ("2", 1, 8, False)


def test_a_system_that_always_asks_to_wait_is_looked_at_by_a_person() -> None:
    """After a long time."""

    def page(_cursor: str | None) -> tuple[list[Found], str | None]:
        raise RetriableError("klaviyo 503")

    read = Reader(page, take, Baseline({}), lambda: True).read_on(STEP)
    assert (read.step.waits, read.step.part, read.delay) == (1, 0, 30)
    patient = STEP.model_copy(update={"waits": MOST_WAITS})
    with pytest.raises(RetriableError):
        Reader(page, take, Baseline({}), lambda: True).read_on(patient)


def test_pages_that_lead_round_in_a_circle_end() -> None:
    """Whatever the vendor says."""
    following = {None: "a", "a": "b", "b": "a"}
    reader = Reader(lambda cursor: ([], following[cursor]), take, Baseline({}), lambda: True)
    with pytest.raises(PermanentError, match="circle"):
        reader.read_on(STEP)


def test_three_hundred_thousand_people_fit_into_memory() -> None:
    """A number an address; whole lines only of what is worth one. A tenth of them is measured: under 1 kB each."""
    people = 30_000

    def lines(system: str) -> Iterator[Seen]:
        shows = "closed" if system == "hubspot" else "open"
        for number in range(people):
            shown = shows if number % 100 == 0 else ""
            yield Seen(f"1#{number:032d}", "email", f"{system}{number}", shown, ())

    tracemalloc.start()
    audit = audited(["hubspot", "klaviyo", "shopify:us"], lines)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (audit.figures["addresses"], audit.figures["conflicts"]) == (people, people // 100)
    assert audit.figures["duplicates"] == 0
    assert most / people < 1024


def test_lines_that_come_twice_count_once() -> None:
    """Two messages may have kept the same page in two parts."""
    seen = [
        Seen("a", "email", "1", "closed", ("suppressed:HARD_BOUNCE",)),
        Seen("a", "email", "2", "", ()),
        Seen("b", "sms", "3", "open", ()),
        Seen("", "sms", "4", "", ()),
    ]
    once = audited(["klaviyo"], lambda _system: seen)
    twice = audited(["klaviyo"], lambda _system: [*seen, *seen])
    assert once == twice
    assert replace(once).figures["duplicates"] == 1
