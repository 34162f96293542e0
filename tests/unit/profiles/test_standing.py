"""What stands at a destination is read back as it was told."""

import pytest
from commerce_sync.contracts.fields import FieldLine, FieldType
from commerce_sync.profiles.klaviyo_fields import as_json
from commerce_sync.profiles.standing import Stands, at_hubspot, at_klaviyo
from commerce_sync.profiles.transforms import normal_form
from hypothesis import given
from hypothesis import strategies as st

KINDS: tuple[FieldType, ...] = ("text", "number", "date", "datetime", "boolean", "set")
texts = st.one_of(
    st.text(max_size=12),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9).map(str),
    st.dates().map(str),
    st.datetimes().map(lambda at: f"{at.isoformat()}Z"),
    st.sampled_from(["true", "False", "b;a", "a; b;a"]),
)


def line(kind: FieldType) -> FieldLine:
    """A line of the field map."""
    return FieldLine("hubspot", "source", "klaviyo", "name", type=kind)


@given(st.sampled_from(KINDS), texts)
def test_what_klaviyo_was_told_is_read_back_as_it_was(kind: FieldType, text: str) -> None:
    """Through the JSON that it is sent as."""
    if value := normal_form(text, kind):
        assert at_klaviyo(line(kind), {"name": as_json(value, line(kind))}) == Stands(value)


@given(st.sampled_from([kind for kind in KINDS if kind != "set"]), texts)
def test_what_hubspot_was_told_is_read_back_as_it_was(kind: FieldType, text: str) -> None:
    """HubSpot shows all as texts."""
    if value := normal_form(text, kind):
        assert at_hubspot(line(kind), {"name": value}) == Stands(value)


@pytest.mark.parametrize(
    ("kind", "stands", "shown"),
    [
        ("number", "5", '"5"'),
        ("number", True, "true"),
        ("boolean", "true", '"true"'),
        ("boolean", 1, "1"),
        ("set", "a;b", '"a;b"'),
        ("set", ["b", "a"], "a;b"),
        ("set", [], None),
        ("text", 5, "5 (no text)"),
        ("text", "", None),
        ("text", None, None),
    ],
)
def test_a_value_of_another_type_is_shown_as_it_is(kind: FieldType, stands: object, shown: str | None) -> None:
    """A number that stands there as a text is none to a segment."""
    assert at_klaviyo(line(kind), {"name": stands}) == Stands(shown)


def test_a_phone_number_stands_in_two_places() -> None:
    """Klaviyo's own, and the property that it gives way to."""
    values = {"$phone_number": "+12025550123", "name": "+12025550199"}
    assert at_klaviyo(FieldLine("hubspot", "phone", "klaviyo", "name", kind="phone"), values) == Stands(
        "+12025550123", "+12025550199"
    )


def test_hubspots_own_forms_are_read() -> None:
    """A moment with milliseconds, a number with decimals; a text that is no value stays one."""
    assert at_hubspot(line("datetime"), {"name": "2026-11-30T09:30:00.000Z"}).value == "2026-11-30T09:30:00Z"
    assert at_hubspot(line("number"), {"name": "59.90"}).value == "59.9"
    assert at_hubspot(line("number"), {"name": "many"}).value == "many"
    assert at_hubspot(line("number"), {"name": None}).value is None
