"""What a plan says of the writes that it found."""

from typing import Any

import pytest
from commerce_sync.contracts.advanced import Destination
from commerce_sync.contracts.plans import PlannedWrite
from commerce_sync.operating.planning import MOST_SHOWN, Chosen, Standing, Stretch, chosen, report


def stretch(*writes: PlannedWrite) -> Stretch:
    """A stretch with writes."""
    found = Stretch(people=len(writes))
    found.rehearsed.writes.extend(writes)
    return found


def to_klaviyo(email: str, **values: object) -> PlannedWrite:
    """A write to Klaviyo."""
    return PlannedWrite("klaviyo", email, email, values)


def test_each_field_is_filled_changed_cleared_or_there_already() -> None:
    """Compared with what stands at the destination, in which an empty text is no value."""
    write = to_klaviyo("ada@example.com", a="1", b="2", c=None, d=4, e="x")
    standing: dict[Destination, Standing] = {"klaviyo": {"ada@example.com": {"b": "0", "c": "gone", "d": 4, "e": ""}}}
    told = report(stretch(write), standing, {"klaviyo": 61.0})
    assert told["fields"] == {
        "klaviyo a": {"filled": 1},
        "klaviyo b": {"changed": 1},
        "klaviyo c": {"cleared": 1},
        "klaviyo d": {"already": 1},
        "klaviyo e": {"filled": 1},
    }
    assert told["profiles"][0]["fields"]["b"] == {"old": "0", "new": "2"}
    assert told["minutes"] == {"klaviyo": 2}


def test_addresses_are_masked_in_fields_too() -> None:
    """A phone number is a field like any other."""
    told = report(stretch(to_klaviyo("ada@example.com", phone="+15555550101", owner="bo@example.com")), {}, {})
    shown = told["profiles"][0]
    assert shown["email"] == "a***@e***.com"
    assert shown["fields"] == {
        "phone": {"old": None, "new": "+1*****0101"},
        "owner": {"old": None, "new": "b***@e***.com"},
    }


def test_what_is_not_shown_is_counted() -> None:
    """A long answer names the first hundred and counts everybody."""
    told = report(stretch(*(to_klaviyo(f"p{n}@example.com", a="1") for n in range(MOST_SHOWN + 7))), {}, {})
    assert (len(told["profiles"]), told["not_shown"]) == (MOST_SHOWN, 7)
    assert told["fields"] == {"klaviyo a": {"filled": MOST_SHOWN + 7}}


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ({"emails": ["a@example.com", "a@example.com"]}, Chosen(emails=("a@example.com",))),
        ({"contacts": ["501"]}, Chosen(contacts=("501",))),
        ({"all": True}, Chosen(most=1000)),
        ({"all": True, "most": 5, "next": "77"}, Chosen(most=5, after="77")),
    ],
)
def test_whom_a_plan_is_for(arguments: dict[str, Any], wanted: Chosen) -> None:
    """Named people once each, or a stretch of everybody."""
    assert chosen(arguments) == wanted


@pytest.mark.parametrize(
    "arguments", [{}, {"all": False}, {"emails": ["a"], "contacts": ["1"]}, {"all": True, "most": 0}]
)
def test_anything_else_is_refused(arguments: dict[str, Any]) -> None:
    """With words that say what is taken."""
    with pytest.raises(ValueError, match=r"plan takes|whole number"):
        chosen(arguments)
