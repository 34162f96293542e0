"""YES by text is a verified opt-in only where a confirmation was asked for, in whatever order the two arrive."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from commerce_sync.consent import fold
from commerce_sync.contracts.consent import Action, ConsentRecord, Strength

START = datetime(2026, 11, 2, 8, tzinfo=UTC)
NOW = START + timedelta(days=1)


def record(minute: int, action: Action, strength: Strength, method: str, word: str | None = None) -> ConsentRecord:
    """One record of a phone number."""
    at = START + timedelta(minutes=minute)
    return ConsentRecord(
        record_id=f"{minute}-{method}-{word}",
        address_key="k",
        channel="sms",
        purpose="marketing",
        sender="main",
        action=action,
        strength=strength,
        occurred_at=at,
        received_at=at,
        source="sms:main",
        method=method,
        evidence={"keyword_class": word} if word else {},
    )


TICKED = record(10, "grant", "strong_in", "checkout")
STOPPED = record(5, "withdraw", "hard_out", "keyword", "out")
YES = record(12, "grant", "verified_in", "keyword", "yes")
EARLY_YES = record(8, "grant", "verified_in", "keyword", "yes")
STARTED = record(12, "grant", "verified_in", "keyword", "start")
CONFIRMED = record(9, "grant", "verified_in", "form")


@pytest.mark.parametrize(
    ("records", "state"),
    [
        ([TICKED], "pending"),
        ([TICKED, YES], "in"),
        ([YES], "none"),
        ([EARLY_YES, TICKED], "pending"),
        ([STOPPED, YES], "out"),
        ([STOPPED, TICKED], "out"),
        ([STOPPED, TICKED, YES], "in"),
        ([STOPPED, STARTED], "in"),
        ([STARTED], "in"),
        ([TICKED, record(11, "withdraw", "hard_out", "keyword", "out"), YES], "out"),
        ([CONFIRMED, YES], "in"),
        ([EARLY_YES, TICKED, YES], "in"),
    ],
)
def test_a_yes_counts_where_it_was_asked_for(records: list[ConsentRecord], state: str) -> None:
    """And nowhere else; START needs no question."""
    for order in permutations(records):
        assert fold(order, sender="main", at=NOW).state == state


def test_an_answer_that_claims_to_come_from_the_future_was_given_when_it_came() -> None:
    """Before anybody asked: it does not wait for the question."""
    early = YES.model_copy(update={"occurred_at": START + timedelta(hours=2), "received_at": START})
    for order in permutations([TICKED, early]):
        assert fold(order, sender="main", at=NOW).state == "pending"
    late = early.model_copy(update={"received_at": START + timedelta(minutes=12)})
    for order in permutations([TICKED, late]):
        assert fold(order, sender="main", at=NOW).state == "in"


def test_a_question_that_claims_to_come_from_the_future_was_asked_when_it_came() -> None:
    """The answer to it counts."""
    ahead = TICKED.model_copy(update={"occurred_at": START + timedelta(hours=2)})
    for order in permutations([ahead, YES]):
        assert fold(order, sender="main", at=NOW).state == "in"
