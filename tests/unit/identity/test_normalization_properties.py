"""What holds of the normal forms whatever goes in."""

import subprocess
import sys
import unicodedata
from pathlib import Path
from time import perf_counter

import phonenumbers
import pytest
from commerce_sync.identity import normalize_country, normalize_email, normalize_phone
from hypothesis import example, given
from hypothesis import strategies as st

LAYER = Path(__file__).parents[3] / "layers" / "shared"
ANYTHING = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)
"""Every character there is, lone surrogates and unassigned ones too."""
FIELDS = (
    ANYTHING
    | st.emails()
    | st.from_regex(r"\A\w{1,5}\u200b?[\u0300-\u0308]?@[a-zé]{1,4}\.com\Z")
    | st.builds(
        "{}{}@{}{}".format,
        st.sampled_from(["", "<", '"', "mailto:", "Ana <", "'", "%"]),
        st.text('abC."\\ @+%é\u200d\u0301(', max_size=8),
        st.sampled_from(["example.com", "BÜCHER.example", "xn--bcher-kva.example", "b.co.", "ﬀ.com", "a\u200db.com"]),
        st.sampled_from(["", ">", '"', ",", "; ", "'", ", a@b.co"]),
    )
)
NUMBERS = (
    ANYTHING
    | st.text("+0123456789() -./x#,;", max_size=24)
    | st.builds(
        "{}{}{}".format,
        st.sampled_from(["+", "00", "011", "tel:+", "+1", "+49", "0", "", "("]),
        st.text("0123456789 -/()", max_size=16),
        st.sampled_from(
            ["", " ext 12", ";ext=1", "#1", " or +12127365000", "/12", " home", "FLOWERS", "\u200b", "\ud800"]
        ),
    )
)
REGIONS = st.lists(st.sampled_from(["US", "DE", "IT", "AR", "jp", "AQ", "", "ZZ"]), max_size=3)
HUGE = ["a", "@", "1", "+", " ", "\u200b", "\ud800", "<", '"', "é.", "a@b.co,", "1 or ", ", 1", "( ", "mailto:", "the "]


@given(raw=FIELDS)
@example(raw="I\x1f\u0300@0.A")
@example(raw="mailto:mailto:%2541@example.com")
def test_an_email_in_its_normal_form_stays_as_it_is(raw: str) -> None:
    """Normalised twice is normalised once, so an identifier read back finds itself."""
    once = normalize_email(raw)

    assert once is None or normalize_email(once) == once


@given(raw=FIELDS)
def test_an_email_is_lower_case_nfc_and_has_an_ascii_domain(raw: str) -> None:
    """Whatever went in: these hold, or there is no identifier. It can always be written down in UTF-8."""
    email = normalize_email(raw)

    if email is not None:
        local, _, domain = email.rpartition("@")
        assert email == unicodedata.normalize("NFC", email)
        assert email == email.lower() == email.strip()
        assert email.isprintable()
        assert domain.isascii()
        assert "." in domain
        assert 0 < len(local.encode()) <= 64
        assert len(email.encode()) <= 254


@given(raw=ANYTHING)
def test_dirt_around_an_email_changes_nothing(raw: str) -> None:
    """An address of one domain never becomes one of another, whatever stands before its at."""
    email = normalize_email(f"{raw}@Example.com")

    assert email is None or email.endswith("@example.com")


@given(raw=NUMBERS, regions=REGIONS)
@example(raw="+\u0661\u0662\u0663", regions=["US"])
def test_a_phone_is_a_valid_e164_number_that_finds_itself(raw: str, regions: list[str]) -> None:
    """And it finds itself without a region: what came out is international."""
    phone = normalize_phone(raw, regions)

    if phone is not None:
        assert phone.startswith("+")
        assert phone[1:].isascii()
        assert phone[1:].isdigit()
        assert phonenumbers.is_valid_number(phonenumbers.parse(phone))
        assert normalize_phone(phone) == phone
        assert normalize_phone(phone, ["DE", "US"]) == phone


@given(raw=ANYTHING | st.text("aeusdUSDE .()-'", max_size=6))
def test_a_country_is_two_capital_letters_that_are_their_own_normal_form(raw: str) -> None:
    """Or it is nothing."""
    code = normalize_country(raw)

    if code is not None:
        assert len(code) == 2
        assert code.isascii()
        assert code.isupper()
        assert normalize_country(code) == code


@pytest.mark.parametrize("piece", HUGE, ids=ascii)
def test_a_huge_field_is_nothing_and_takes_no_time(piece: str) -> None:
    """A field just below the limits, and one of a megabyte: no pattern runs away (the bound is generous)."""
    started = perf_counter()

    for length in (90, 240, 990, 1_000_000):
        text = (piece * length)[:length]
        normalize_email(text)
        normalize_phone(text, ["US", "DE", "IT"])
        normalize_country(text)
    seconds = perf_counter() - started

    assert seconds < 1.0, f"{seconds:.2f} s"


def test_no_place_names_of_phone_numbers_are_loaded() -> None:
    """They are not in the layer: they would be unpacked at every cold start for nothing."""
    script = (
        "import sys; from commerce_sync.identity import normalize_phone;"
        "assert normalize_phone('+12127365000') == '+12127365000';"
        "print([name for name in sys.modules if name.startswith('phonenumbers.') and name.split('.')[1] in"
        " {'geodata', 'geocoder', 'carrier', 'carrierdata', 'tzdata', 'timezone', 'prefix'}])"
    )

    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(LAYER)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "[]"
