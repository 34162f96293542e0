"""Rows of advanced properties: each stands for itself, and one that is wrong says where and why."""

from datetime import UTC, datetime
from typing import Any

import pytest
from commerce_sync.contracts import Person, Store
from commerce_sync.contracts.advanced import AdvancedProperty
from commerce_sync.intake import Translation, translate
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.intake.bodies import encoded

RECEIVED = datetime(2026, 11, 2, 9, tzinfo=UTC)
KNOWN = (
    AdvancedProperty(
        name="tier",
        label="Tier",
        owner="club",
        type="text",
        options=("silver", "gold"),
        expires_after_days=30,
        klaviyo="t",
    ),
    AdvancedProperty(name="score", label="Score", owner="club", type="number", klaviyo="score"),
    AdvancedProperty(name="next", label="Next", owner="club", type="date", klaviyo="next"),
    AdvancedProperty(name="held", label="Held", owner="club", type="boolean", klaviyo="held"),
    AdvancedProperty(name="risk", label="Risk", owner="desk", type="number", klaviyo="risk"),
)
CLUB = Store(source="properties", id="club", advanced=KNOWN, shops=("shopify:us",))
ROW = {"email": "ada@example.com", "property": "tier", "value": "gold", "observed_at": "2026-11-01T10:00:00+02:00"}


def read(*rows: Any) -> Translation:
    """Rows as the club sends them."""
    return translate("properties", "", CLUB, encoded(list(rows)), received_at=RECEIVED)


def changed(**changes: Any) -> dict[str, Any]:
    """A good row with changes; None takes a field away."""
    return {name: value for name, value in {**ROW, **changes}.items() if value is not None}


def test_a_row_is_an_event_about_its_person() -> None:
    """Observed when the owner says, in UTC, and ending thirty days later."""
    (event,) = read(ROW).events
    assert (event.name, event.source, event.store) == ("property_observed", "properties", "club")
    assert event.occurred_at == datetime(2026, 11, 1, 8, tzinfo=UTC)
    assert event.person == Person(email="ada@example.com")
    assert event.properties == {
        "property": "tier",
        "value": "gold",
        "expires_at": "2026-12-01T08:00:00+00:00",
        "row": "[0]",
    }
    assert "ada" not in event.event_id


@pytest.mark.parametrize(
    ("name", "value", "normal"),
    [
        ("score", 0.7, "0.7"),
        ("score", "0.70", "0.7"),
        ("score", -12, "-12"),
        ("score", "-0.0", "0"),
        ("score", 1200, "1200"),
        ("next", "2026-12-24", "2026-12-24"),
        ("held", "TRUE", "true"),
        ("held", False, "false"),
        ("tier", " silver ", "silver"),
    ],
)
def test_a_value_is_kept_in_its_normal_form(name: str, value: Any, normal: str) -> None:
    """So that one value is one text, from JSON and from a file."""
    (event,) = read({**ROW, "property": name, "value": value}).events
    assert event.properties["value"] == normal


def test_null_takes_a_value_back() -> None:
    """It has no end."""
    (event,) = read({**ROW, "value": None, "expires_at": "2027-01-01T00:00:00Z"}).events
    assert "value" not in event.properties
    assert "expires_at" not in event.properties


def test_a_row_may_end_a_value_earlier_and_never_later() -> None:
    """What advanced.toml says is the longest."""
    earlier, later = read(changed(expires_at="2026-11-10T00:00:00Z"), changed(expires_at="2030-01-01T00:00:00Z")).events
    assert earlier.properties["expires_at"] == "2026-11-10T00:00:00+00:00"
    assert later.properties["expires_at"] == "2026-12-01T08:00:00+00:00"


def test_a_customer_is_its_stores() -> None:
    """Not the sender's: the same id in two stores is two people."""
    (event,) = read(changed(email=None, customer_id=8209829119461545087, store="shopify:us")).events
    assert event.person == Person(customer_id="8209829119461545087", customer_of="shopify:us")


BAD: dict[str, tuple[Any, str, str]] = {
    "no object": ("gold", "wrong_type", "[0]"),
    "nobody": (changed(email=None), "missing_field", "[0].email"),
    "two ways to name somebody": (changed(phone="+12025550123"), "missing_field", "[0].email"),
    "a customer without a store": (changed(email=None, customer_id="1"), "missing_field", "[0].store"),
    "a customer of no store of ours": (
        changed(email=None, customer_id="1", store="shopify:xx"),
        "missing_field",
        "[0].store",
    ),
    "no property": (changed(property=None), "missing_field", "[0].property"),
    "a property that nobody knows": (changed(property="shoe_size"), "unknown_property", "[0].property"),
    "somebody else's property": (changed(property="risk", value=1), "property_not_yours", "[0].property"),
    "no value": (changed(value=None), "missing_field", "[0].value"),
    "no option": (changed(value="diamond"), "value_not_possible", "[0].value"),
    "another spelling of an option": (changed(value="Gold"), "value_not_possible", "[0].value"),
    "a number with an exponent": (changed(property="score", value="1e3"), "value_not_possible", "[0].value"),
    "a number beyond doubles": (changed(property="score", value="1234567890123456"), "value_not_possible", "[0].value"),
    "a boolean as a number": (changed(property="score", value=True), "value_not_possible", "[0].value"),
    "a number as a boolean": (changed(property="held", value=1), "value_not_possible", "[0].value"),
    "a day that does not exist": (changed(property="next", value="2026-02-30"), "value_not_possible", "[0].value"),
    "a moment as a date": (changed(property="next", value="2026-12-24T00:00:00Z"), "value_not_possible", "[0].value"),
    "no time": (changed(observed_at=None), "missing_field", "[0].observed_at"),
    "a time without an offset": (changed(observed_at="2026-11-01T10:00:00"), "naive_time", "[0].observed_at"),
    "a time from the future": (changed(observed_at="2026-11-02T09:06:00Z"), "bad_time", "[0].observed_at"),
    "an end before the beginning": (changed(expires_at="2026-11-01T07:59:00Z"), "bad_time", "[0].expires_at"),
}


@pytest.mark.parametrize(("row", "code", "path"), BAD.values(), ids=BAD)
def test_a_row_that_is_wrong_says_where_and_why(row: Any, code: str, path: str) -> None:
    """And its neighbours go on."""
    translation = read(row, ROW)
    assert [(one.code, one.path) for one in translation.rejections] == [(code, path)]
    assert len(translation.events) == 1


def test_a_row_of_a_file_is_named_by_its_line() -> None:
    """The operator looks into the file, not into what was made of it."""
    (rejection,) = read(changed(value="diamond", line=7)).rejections
    assert rejection.path == "line[7].value"
    assert rejection.expected == "one of silver, gold"


def test_everybody_is_named_for_an_erasure_however_wrong_a_row_is() -> None:
    """Two ways to name somebody at once, and a customer of nobody knows which store."""
    translation = read(changed(phone="+12025550123"), {"customer_id": 12})
    assert set(translation.people) == {
        Person(email="ada@example.com"),
        Person(phone="+12025550123"),
        Person(customer_id="12", customer_of="shopify:us"),
    }


def test_a_body_that_is_no_array_is_set_aside_whole() -> None:
    """With the people it names."""
    translation = translate("properties", "", CLUB, encoded(ROW), received_at=RECEIVED)
    assert [one.code for one in translation.rejections] == ["wrong_type"]
    assert [person.email for person in translation.people] == ["ada@example.com"]


def test_the_last_moments_of_the_calendar_are_refused_and_raise_nothing() -> None:
    """Without the time of arrival nothing is in the future; the end of the value would be beyond all years."""
    body = encoded([changed(observed_at="9999-12-31T00:00:00Z")])
    assert [one.code for one in translate("properties", "", CLUB, body).rejections] == ["bad_time"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
WILD = dict.fromkeys((*ROW, "phone", "customer_id", "store", "expires_at", "line"), ANYTHING)
ALMOST = st.sampled_from(sorted(WILD)).flatmap(lambda name: WILD[name].map(lambda value: {**ROW, name: value}))


@given(st.lists(ANYTHING | st.fixed_dictionaries({}, optional=WILD) | ALMOST, max_size=5))
@example([{**ROW, "email": "\ud800@example.com"}])
def test_every_row_is_told_or_set_aside(rows: list[Any]) -> None:
    """Whatever stands in it: one event or one reason each, and no exception."""
    translation = read(*rows)
    assert len(translation.events) + len(translation.rejections) == len(rows)
    for event in translation.events:
        assert event.person
        assert event == type(event).model_validate_json(event.model_dump_json())


@given(st.permutations([changed(value="silver"), changed(), changed(property="score", value=1), changed(value="bad")]))
def test_the_same_rows_say_the_same_in_any_order(rows: list[Any]) -> None:
    """An event is named by what its row says, not by where it stands."""
    assert {event.event_id for event in read(*rows).events} == {
        event.event_id for row in rows for event in read(row).events
    }
