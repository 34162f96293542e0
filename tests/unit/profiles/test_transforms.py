"""Transforms: right for what HubSpot says, and total over whatever text it can hold."""

from datetime import date, datetime
from decimal import Decimal
from typing import get_args

import pytest
from commerce_sync.composing.fields import TRANSFORMS
from commerce_sync.contracts import field_names
from commerce_sync.contracts.fields import FieldType
from commerce_sync.profiles.transforms import MOST_BYTES
from hypothesis import example, given
from hypothesis import strategies as st

TYPES: tuple[FieldType, ...] = get_args(FieldType)
RIGHT: list[tuple[str, FieldType, str, str | None]] = [
    ("as_is", "text", "  Zoë Ångström ", "Zoë Ångström"),
    ("as_is", "text", "half \ud83d of it\x00", "half ? of it"),
    ("as_is", "text", "x" * (MOST_BYTES + 1), None),
    ("as_is", "number", "0012.50", "12.5"),
    ("as_is", "number", "1E+3", "1000"),
    ("as_is", "number", "-0.0", "0"),
    ("as_is", "number", "1,5", None),
    ("as_is", "number", "NaN", None),
    ("as_is", "number", "1e999999", None),
    ("as_is", "number", "12345678901234567", None),
    ("as_is", "date", "2026-11-30", "2026-11-30"),
    ("as_is", "date", "1796083200000", "2026-12-01"),
    ("as_is", "date", "30.11.2026", None),
    ("as_is", "datetime", "2026-11-30T09:30:00.123Z", "2026-11-30T09:30:00Z"),
    ("as_is", "datetime", "2026-11-30T09:30:00+02:00", "2026-11-30T07:30:00Z"),
    ("as_is", "datetime", "1790933400000", "2026-10-02T09:30:00Z"),
    ("as_is", "datetime", "2026-11-30T09:30:00", None),
    ("as_is", "datetime", "0001-01-01T00:00:00+23:59", None),
    ("as_is", "boolean", "TRUE", "true"),
    ("as_is", "boolean", "yes", None),
    ("as_is", "set", ";b; a;;b", "a;b"),
    ("as_is", "set", " ; ", None),
    ("lower", "text", "ORGANIC_SEARCH", "organic_search"),
    ("day", "date", "2026-11-30T23:30:00-05:00", "2026-12-01"),
    ("day", "date", "2026-11-30", "2026-11-30"),
    ("is_set", "boolean", "OTHER", "true"),
    ("country_name", "text", "espana", "Spain"),
    ("country_name", "text", "GB", "United Kingdom"),
    ("country_name", "text", "Atlantis", None),
    ("country_code", "text", "United States of America", "US"),
    ("phone", "text", "+1 (212) 555-0123", "+12125550123"),
    ("phone", "text", "ask Ana", None),
]


@pytest.mark.parametrize(("name", "kind", "text", "value"), RIGHT)
def test_a_text_becomes_its_normal_form_or_none(name: str, kind: FieldType, text: str, value: str | None) -> None:
    """As HubSpot writes them."""
    assert TRANSFORMS[name](text, kind, {}) == value


def test_a_national_number_is_read_in_the_contacts_country() -> None:
    """And in no other: without a country, the portal's."""
    assert TRANSFORMS["phone"]("020 7946 0958", "text", {"country": "United Kingdom"}) == "+442079460958"
    assert TRANSFORMS["phone"]("020 7946 0958", "text", {"country": "Spain"}) is None


def test_every_transform_that_may_be_named_is_there() -> None:
    """The configuration's names and the functions."""
    assert set(TRANSFORMS) == set(field_names.TRANSFORMS)


@given(st.sampled_from(sorted(TRANSFORMS)), st.sampled_from(TYPES), st.text(min_size=1), st.none() | st.text())
@example("as_is", "number", "1" + "0" * 400, None)
@example("as_is", "datetime", "-99999999999999", None)
@example("as_is", "date", "٣", None)
def test_any_text_is_a_value_in_normal_form_or_none(name: str, kind: FieldType, text: str, country: str | None) -> None:
    """Never an exception; what comes out is encodable, of its type, and its own normal form."""
    if kind not in field_names.TRANSFORMS[name]:
        return
    value = TRANSFORMS[name](text, kind, {"country": country})
    if value is None:
        return
    assert value
    assert len(value.encode()) <= MOST_BYTES
    assert TRANSFORMS["as_is"](value, kind, {}) == value
    if kind == "number":
        assert Decimal(value).is_finite()
        assert "E" not in value
    if kind == "date":
        assert date.fromisoformat(value)
    if kind == "datetime":
        assert datetime.fromisoformat(value).tzinfo
