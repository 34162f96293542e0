"""Which texts are one email address, and which address they are."""

import unicodedata

import pytest
from commerce_sync.identity import normalize_email
from hypothesis import example, given
from hypothesis import strategies as st

SAME = {
    "plain": "jane@example.com",
    "capitals": "Jane@Example.COM",
    "blanks around": "  jane@example.com\t",
    "no-break space": "\u00a0jane@example.com\u00a0",
    "newline": "jane@example.com\r\n",
    "zero width space": "jane\u200b@example.com",
    "zero width joiner": "ja\u200dne@example.com",
    "byte order mark": "\ufeffjane@example.com",
    "direction marks": "\u202ajane@example.com\u202c",
    "soft hyphen": "jane@exam\u00adple.com",
    "NUL": "jane@example.com\0",
    "mailto": "mailto:jane@example.com",
    "mailto in capitals": "MAILTO:jane@example.com",
    "mailto and a blank": "mailto: jane@example.com",
    "brackets": "<jane@example.com>",
    "brackets and blanks": " < jane@example.com > ",
    "trailing dot": "jane@example.com.",
}
OTHER = {
    "a plus sign": ("jane+shop@example.com", "jane+shop@example.com"),
    "dots": ("j.a.n.e@gmail.com", "j.a.n.e@gmail.com"),
    "googlemail": ("jane@googlemail.com", "jane@googlemail.com"),
    "a subdomain": ("jane@mail.example.co.uk", "jane@mail.example.co.uk"),
    "an IDN domain": ("jane@bücher.example", "jane@xn--bcher-kva.example"),
    "an IDN domain in capitals": ("jane@BÜCHER.example", "jane@xn--bcher-kva.example"),
    "an IDN domain in Punycode": ("jane@xn--bcher-kva.example", "jane@xn--bcher-kva.example"),
    "an IDN domain, decomposed": ("jane@bu\u0308cher.example", "jane@xn--bcher-kva.example"),
    "an ideographic full stop": ("jane@example\u3002com", "jane@example.com"),
    "a local part beyond ASCII": ("JOSÉ@example.com", "josé@example.com"),
    "a local part, decomposed": ("jose\u0301@example.com", "josé@example.com"),
    "a local part, decomposed around a zero width space": ("jose\u200b\u0301@example.com", "josé@example.com"),
    "signs that are allowed": ("o'neil!#$%&*/=?^_`{|}~-@example.com", "o'neil!#$%&*/=?^_`{|}~-@example.com"),
    "a quoted local part": ('"jane roe"@example.com', '"jane roe"@example.com'),
    "64 characters before the at": (f"{'a' * 64}@example.com", f"{'a' * 64}@example.com"),
}
NONE = [
    "",
    " ",
    "null",
    "NULL",
    "None",
    "n/a",
    "N/A",
    "undefined",
    "unknown",
    "-",
    "0",
    "\u200b",
    "mailto:",
    "<>",
    "<null>",
    "@",
    "jane",
    "jane@",
    "@example.com",
    "jane@localhost",
    "jane@example",
    "jane@.com",
    "jane@example..com",
    "jane@-example.com",
    "jane@example-.com",
    "jane@exam_ple.com",
    "jane@exam ple.com",
    "jane@127.0.0.1",
    "jane@[127.0.0.1]",
    "jane@example.123",
    f"jane@{'a' * 64}.com",
    f"{'a' * 65}@example.com",
    f"jane@{'a.' * 130}com",
    ".jane@example.com",
    "jane.@example.com",
    "ja..ne@example.com",
    "ja ne@example.com",
    "ja\u2028ne@example.com",
    "jane@@example.com",
    "jane@shop@example.com",
    "jane@example.com, john@example.com",
    "jane@example.com;john@example.com",
    "jane@example.com john@example.com",
    "Jane Roe <jane@example.com>",
    "<jane@example.com",
    "jane@example.com>",
    "mailto:jane@example.com?subject=hi",
    "jane(comment)@example.com",
    "jane\\@example.com",
    '"ja"ne"@example.com',
    "https://example.com",
    "+12127365000",
]


@pytest.mark.parametrize("raw", SAME.values(), ids=SAME)
def test_one_address_written_in_many_ways_is_one_identifier(raw: str) -> None:
    """What people, forms and exports put around an address is not part of it."""
    assert normalize_email(raw) == "jane@example.com"


@pytest.mark.parametrize(("raw", "expected"), OTHER.values(), ids=OTHER)
def test_an_address_keeps_what_tells_it_apart(raw: str, expected: str) -> None:
    """No provider's habits are folded in: a dot or a plus may be another person elsewhere."""
    assert normalize_email(raw) == expected


@pytest.mark.parametrize("raw", NONE, ids=ascii)
def test_what_is_not_exactly_one_address_is_no_identifier(raw: str) -> None:
    """Placeholders, lists and near misses would join strangers."""
    assert normalize_email(raw) is None


@pytest.mark.parametrize(
    ("one", "other"), [("fußball.de", "fussball.de"), ("βόλος.com", "βόλοσ.com")], ids=["sharp s", "final sigma"]
)
def test_two_domains_that_are_registered_apart_stay_apart(one: str, other: str) -> None:
    """IDNA 2008 (RFC 5891) lets both be registered, so they may be two people; IDNA 2003 folded them into one."""
    assert normalize_email(f"jane@{one}") != normalize_email(f"jane@{other}")


@given(raw=st.emails() | st.text(max_size=40) | st.from_regex(r"\A\w{1,5}\u200b?[\u0300-\u0308]?@[a-zé]{1,4}\.com\Z"))
@example(raw="I\x1f\u0300@0.A")
def test_a_normal_form_stays_as_it_is(raw: str) -> None:
    """Normalised twice is normalised once, so an identifier read back finds itself."""
    once = normalize_email(raw)

    assert once is None or normalize_email(once) == once


@given(raw=st.text(max_size=60))
def test_an_identifier_is_lower_case_nfc_and_has_an_ascii_domain(raw: str) -> None:
    """Whatever went in: these three hold, or there is no identifier."""
    email = normalize_email(f"{raw}@Example.com")

    if email is not None:
        assert unicodedata.is_normalized("NFC", email)
        assert email.rpartition("@")[2] == "example.com"
        assert email == email.strip()
