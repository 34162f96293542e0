"""What an operator may ask of a sample, and is told of it."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from commerce_sync.contracts.samples import ComparedField, SampleFigures
from commerce_sync.operating.sampling import answer, at_a_glance, wanted

FIGURES = SampleFigures(
    run_id="20261129T094700Z",
    date=datetime(2026, 11, 29, 9, 47, tzinfo=UTC),
    seed="s",
    contacts=1,
    fields=2,
    codes={"equal": 1, "changed_at_destination": 1},
    by_field={"klaviyo $phone_number": {"changed_at_destination": 1}},
    unexplained_percent=50.0,
    report="audits/samples/20261129T094700Z.jsonl",
)


@pytest.mark.parametrize(
    "arguments",
    [
        *({"number": one} for one in (0, 501, "5", True)),
        {"emails": []},
        {"emails": ["a@example.com"], "number": 5},
        {"emails": ["a@example.com"], "seed": "s"},
        {"seed": 7},
        {"seed": "s" * 65},
    ],
)
def test_what_cannot_be_asked_is_an_error(arguments: dict[str, Any]) -> None:
    """And it says so."""
    with pytest.raises(ValueError, match=r"number|emails|seed"):
        wanted(arguments, 100)


def test_the_usual_number_is_bounded_too() -> None:
    """By whatever the settings say."""
    assert (wanted({}, 100).number, wanted({}, 9000).number) == (100, 500)


def test_an_answer_shows_no_address_plainly() -> None:
    """Neither whose it is, nor in a value."""
    phone = "+12025550123"
    field = ComparedField(
        email="ada@example.com",
        contact_id="501",
        destination="klaviyo",
        field="$phone_number",
        code="changed_at_destination",
        owner=phone,
        made=phone,
        told="ada@example.com",
        there="Eve",
    )
    told = answer(FIGURES, [field], {"equal": "e", "changed_at_destination": "c"})
    assert "ada@example.com" not in json.dumps(told)
    assert "+12025550123" not in json.dumps(told)
    assert told["differences"][0]["there"] == "Eve"
    assert told["meanings"] == {"changed_at_destination": "c", "equal": "e"}


def test_no_more_are_shown_than_can_be_read() -> None:
    """The others are counted."""
    field = ComparedField("ada@example.com", "501", "klaviyo", "tier", "missed")
    told = answer(FIGURES, [field] * 130, {"equal": "", "changed_at_destination": ""})
    assert (len(told["differences"]), told["not_shown"]) == (100, 30)


def test_status_says_what_differs() -> None:
    """What is alike is not worth a line there."""
    shown = at_a_glance(FIGURES)
    assert shown is not None
    assert shown["differing"] == {"changed_at_destination": 1}
    assert at_a_glance(None) is None
