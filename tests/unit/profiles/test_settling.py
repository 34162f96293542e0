"""What becomes of looks: nobody who must wait is forgotten, whatever else became of them."""

from commerce_sync.errors import PausedError
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
