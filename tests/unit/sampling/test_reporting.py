"""What a sample comes to, and that its report names nobody."""

import json
from datetime import UTC, datetime

from commerce_sync.contracts.samples import Code, ComparedField
from commerce_sync.sampling.reporting import figures_of, rows_of

AT = datetime(2026, 11, 29, 9, 47, tzinfo=UTC)
ADA, BO = "ada@example.com", "bo@example.com"


def one(email: str, field: str, code: Code, words: str = "") -> ComparedField:
    """A field that was compared."""
    return ComparedField(email, "501", "klaviyo", field, code, "Ada", "Ada", "Ada", "Eve", words)


COMPARED = [
    one(ADA, "$first_name", "changed_at_destination"),
    one(ADA, "tier", "equal"),
    one(ADA, "risk", "no_value_at_either"),
    one(BO, "$first_name", "parked", "klaviyo refused it: 400 invalid"),
    one(BO, "tier", "not_selected"),
]


def test_figures_count_by_field_and_code() -> None:
    """The share is of what could be compared; whom there was no time for is said."""
    figures = figures_of(
        COMPARED,
        at=AT,
        seed="s",
        people={ADA: "ours", BO: "hubspot", "cy@example.com": "ours"},
        missing={"klaviyo": "no audit"},
    )
    assert (figures.run_id, figures.contacts, figures.left_out, figures.fields) == ("20261129T094700Z", 2, 1, 3)
    assert figures.by_field["klaviyo $first_name"] == {"changed_at_destination": 1, "parked": 1}
    assert (figures.drawn, figures.not_drawn) == ({"ours": 1, "hubspot": 1}, {"klaviyo": "no audit"})
    assert figures.unexplained_percent == 33.33


def test_nobody_compared_is_nothing_unexplained() -> None:
    """An empty stack rings no alarm."""
    figures = figures_of([], at=AT, seed="s", people={})
    assert (figures.fields, figures.unexplained_percent) == (0, 0.0)


def test_rows_hold_no_address_and_no_value() -> None:
    """Only what is not alike, the unexplained first; whom it is about by a keyed hash."""
    rows = list(rows_of(COMPARED, lambda email: f"1#{len(email)}"))
    assert [row["code"] for row in rows] == ["changed_at_destination", "parked", "not_selected"]
    assert rows[1]["words"] == "klaviyo refused it: 400 invalid"
    assert not any(secret in json.dumps(rows) for secret in ("@", "Ada", "Eve"))
