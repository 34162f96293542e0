"""Which texts are one valid phone number, and which number it is."""

import pytest
from commerce_sync.identity import normalize_phone
from hypothesis import given
from hypothesis import strategies as st

NUMBERS = {
    "E.164": ("+12127365000", [], "+12127365000"),
    "spaces and brackets": ("+1 (212) 736-5000", [], "+12127365000"),
    "zero width space": ("+1212\u200b7365000", [], "+12127365000"),
    "direction marks": ("\u202a+1 212 736 5000\u202c", [], "+12127365000"),
    "no-break spaces": ("+1\u00a0212\u00a0736\u00a05000", [], "+12127365000"),
    "byte order mark": ("\ufeff+12127365000", [], "+12127365000"),
    "full-width digits": ("＋１２１２７３６５０００", [], "+12127365000"),  # noqa: RUF001 # what this is about
    "Arabic digits": ("+١٢١٢٧٣٦٥٠٠٠", [], "+12127365000"),
    "tel link": ("tel:+1-212-736-5000", [], "+12127365000"),
    "trunk prefix in brackets": ("+44 (0)20 7946 0018", [], "+442079460018"),
    "national, in its region": ("(212) 736-5000", ["US"], "+12127365000"),
    "national, with the country's digit": ("1 212 736 5000", ["US"], "+12127365000"),
    "national, with a trunk zero": ("030 901820", ["DE"], "+4930901820"),
    "00 from Germany": ("0049 30 901820", ["DE"], "+4930901820"),
    "00 from France to Germany": ("0049 30 901820", ["FR"], "+4930901820"),
    "011 from America": ("011 49 30 901820", ["US"], "+4930901820"),
    "00 after a region that dials 011": ("0049 30 901820", ["US", "DE"], "+4930901820"),
    "the first region decides": ("020 7946 0018", ["GB", "DE"], "+442079460018"),
    "the second region, where the first has no such number": ("(212) 736-5000", ["FR", "US"], "+12127365000"),
    "its own form before any region": ("+49 30 901820", ["US"], "+4930901820"),
    "an unknown region is passed over": ("(212) 736-5000", ["ZZ", "US"], "+12127365000"),
    "Italy keeps its zero": ("06 6982", ["IT"], "+39066982"),
}
NONE = {
    "empty": ("", ["US"]),
    "blank": (" ", ["US"]),
    "null": ("null", ["US"]),
    "n/a": ("N/A", ["US"]),
    "a dash": ("-", ["US"]),
    "zero": ("0", ["US"]),
    "zeros": ("000-000-0000", ["US"]),
    "ones": ("111-111-1111", ["US"]),
    "nines": ("9999999999", ["US"]),
    "a film's number": ("(555) 555-1234", ["US"]),
    "a film's number, international": ("+1 555 123 4567", []),
    "too short": ("+1 212 736", []),
    "too long": ("+1 212 736 5000 1234", []),
    "an unknown country": ("+999 1234567", []),
    "national without a region": ("(212) 736-5000", []),
    "00 without a region": ("0049 30 901820", []),
    "00 where nobody dials it": ("0049 30 901820", ["US"]),
    "national, of another region": ("(212) 736-5000", ["FR"]),
    "an email address": ("jane@example.com", ["US"]),
    "words": ("call me", ["US"]),
    "an emergency number": ("911", ["US"]),
    "huge": ("+1" + "2" * 10_000, ["US"]),
}


@pytest.mark.parametrize(("raw", "regions", "expected"), NUMBERS.values(), ids=NUMBERS)
def test_one_number_written_in_many_ways_is_one_identifier(raw: str, regions: list[str], expected: str) -> None:
    """Its own international form first, then the regions in their order."""
    assert normalize_phone(raw, regions) == expected


@pytest.mark.parametrize(("raw", "regions"), NONE.values(), ids=NONE)
def test_what_is_not_a_valid_number_is_no_identifier(raw: str, regions: list[str]) -> None:
    """Nothing is guessed, and a placeholder would join strangers."""
    assert normalize_phone(raw, regions) is None


@given(raw=st.text(max_size=40) | st.text("+0123456789() -.", max_size=20))
def test_any_text_is_e164_or_nothing(raw: str) -> None:
    """And what came out finds itself again, without a region."""
    phone = normalize_phone(raw, ["US", "DE"])

    if phone is not None:
        assert phone.startswith("+")
        assert phone[1:].isascii()
        assert phone[1:].isdigit()
        assert normalize_phone(phone) == phone
