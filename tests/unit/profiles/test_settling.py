"""What becomes of looks: nobody who must wait is forgotten, whatever else became of them."""

from dataclasses import replace
from datetime import timedelta

from commerce_sync.contracts.waiting import MOST_ATTEMPTS
from commerce_sync.errors import PausedError, RetriableError
from commerce_sync.profiles import looks
from commerce_sync.profiles.settling import conclude
from commerce_sync.profiles.syncing import Outcome

from tests.fakes.telling import NOW, BookInMemory
from tests.fakes.told_world import PATIENCE

PAUSED = PausedError("hubspot 429", retry_after=30.0)


def test_a_refusal_that_is_tried_again_parks_nothing_that_waits_for_another_destination() -> None:
    """One destination refuses once more, the other one pauses: a look stays due beside the parked refusal."""
    book, subject = BookInMemory(), f"{looks.OBSERVED}k"
    outcome = Outcome(waiting={subject: PAUSED}, refused={subject: "klaviyo 400 invalid"})
    conclude([subject], [looks.again(subject, NOW)], outcome, book, now=NOW, patience=PATIENCE)
    assert [row.row for row in book.open_rows()] == [looks.OBSERVED_ROW]
    assert book.parked() == {"klaviyo 400 invalid": 1}


def test_who_was_merged_into_another_waits_under_the_name_that_was_found() -> None:
    """HubSpot shows the survivor of a merge for the id that was asked for."""
    book, asked, survivor = BookInMemory(), f"{looks.CONTACT}501", f"{looks.CONTACT}777"
    outcome = Outcome(waiting={survivor: PAUSED}, due={survivor: None})
    conclude([asked], [looks.look_at(asked, NOW)], outcome, book, now=NOW, patience=PATIENCE)
    assert [(row.subject, row.reason) for row in book.open_rows()] == [(survivor, "hubspot 429")]


def test_nothing_is_written_of_who_needs_nothing() -> None:
    """A hint that changed nothing leaves no row."""
    book, subject = BookInMemory(), f"{looks.CONTACT}501"
    conclude([subject], [], Outcome(due={subject: None}), book, now=NOW, patience=PATIENCE)
    assert book.rows == {}


def test_who_was_given_up_is_looked_at_all_the_same_when_a_value_ends() -> None:
    """Another destination may have heard of it, and would keep it for ever. A release tries the other one again."""
    book, subject, end = BookInMemory(), f"{looks.OBSERVED}k", NOW + timedelta(days=60)
    worn = replace(looks.look_at(subject, NOW), attempts=MOST_ATTEMPTS)
    outcome = Outcome(waiting={subject: RetriableError("hubspot 503")}, due={subject: end})
    conclude([subject], [worn], outcome, book, now=NOW, patience=PATIENCE)
    (row,) = book.open_rows()
    assert (row.row, row.due_at, row.attempts) == (looks.OBSERVED_ROW, end, 0)
    assert book.parked() == {"gave up: hubspot 503": 1}
    released = Outcome(due={subject: end})
    conclude([subject], [looks.again(subject, NOW)], released, book, now=NOW, patience=PATIENCE)
    assert book.parked() == {}
