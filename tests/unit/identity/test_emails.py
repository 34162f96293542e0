"""Which texts are one email address, and which address they are."""

import pytest
from commerce_sync.identity import normalize_email

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
    "trailing ideographic full stop": "jane@example.com\u3002",
    "trailing comma": "jane@example.com,",
    "trailing semicolon": "jane@example.com; ",
    "mailto with a subject": "mailto:jane@example.com?subject=hi&body=there",
    "mailto, percent-encoded": "mailto:%6Aane%40example.com",
    "mailto, percent-encoded zero width space": "mailto:jane%E2%80%8B@example.com",
    "mailto in brackets": "<mailto:jane@example.com>",
    "display name": "Jane Roe <jane@example.com>",
    "display name in quotes": '"Roe, Jane" <jane@example.com>',
    "display name with a comma": "Roe, Jane <jane@example.com>",
    "display name in another script": "花子 <jane@example.com>",
    "itself as display name": "jane@example.com <Jane@Example.com>",
    "two brackets": "<<jane@example.com>>",
    "quotes": '"jane@example.com"',
    "single quotes": "'jane@example.com'",
    "typographic quotes": "\u201cjane@example.com\u201d",
    "round brackets": "(jane@example.com)",
    "square brackets": "[jane@example.com]",
    "full-width": "ｊａｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ",  # noqa: RUF001 # what this is about
    "full-width at": "jane\uff20example.com",
    "ideographic space around": "\u3000jane@example.com\u3000",
    "variation selector": "jane\ufe0f@example.com",
    "Hangul filler": "jane@example.com\u3164",
    "word joiner": "jane\u2060@example.com",
    "zero width non-joiner in the domain": "jane@exam\u200cple.com",
    "quotes that it does not need": '"jane"@example.com',
    "a backslash that it does not need": '"ja\\ne"@Example.com',
    "twice, with a comma": "jane@example.com, JANE@example.com",
    "twice, with a semicolon": "jane@example.com;jane@example.com",
    "twice, with a blank": "jane@example.com jane@example.com",
    "twice, with a line end": "jane@example.com\njane@example.com",
    "twice, with display names": "Jane <jane@example.com>, Jane Roe <jane@example.com>",
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
    "a quoted local part with an at": ('"jane@home"@example.com', '"jane@home"@example.com'),
    "a quoted local part with a quote": ('"ja\\"ne"@example.com', '"ja\\"ne"@example.com'),
    "a quoted local part with a leading dot": ('".jane"@example.com', '".jane"@example.com'),
    "a quoted local part in capitals": ('"Jane Roe"@example.com', '"jane roe"@example.com'),
    "a percent sign, where it is no link": ("jane%40home@example.com", "jane%40home@example.com"),
    "Greek capitals": ("ΟΔΟΣ@example.com", "οδος@example.com"),  # what this is about
    "a Kelvin sign": ("\u212aate@example.com", "kate@example.com"),
    "an IDN domain with a joiner that is a letter": (
        "jane@\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.com",
        "jane@xn--mgba3gch31f060k.com",
    ),
    "an IDN domain in capital Punycode": ("jane@XN--BCHER-KVA.example", "jane@xn--bcher-kva.example"),
    "an IDN top level": ("jane@例え.テスト", "jane@xn--r8jz45g.xn--zckzah"),
    "two hyphens in a domain": ("jane@ab--cd.com", "jane@ab--cd.com"),
    "an invented person at an invented place": ("test@example.com", "test@example.com"),
    "a role, which is an address": ("info@example.com", "info@example.com"),
    "another's test": ("test@shop.example", "test@shop.example"),
    "a quoted local part": ('"jane roe"@example.com', '"jane roe"@example.com'),
    "64 characters before the at": (f"{'a' * 64}@example.com", f"{'a' * 64}@example.com"),
}


@pytest.mark.parametrize("raw", SAME.values(), ids=SAME)
def test_one_address_written_in_many_ways_is_one_identifier(raw: str) -> None:
    """What people, forms and exports put around an address is not part of it."""
    assert normalize_email(raw) == "jane@example.com"


@pytest.mark.parametrize(("raw", "expected"), OTHER.values(), ids=OTHER)
def test_an_address_keeps_what_tells_it_apart(raw: str, expected: str) -> None:
    """No provider's habits are folded in: a dot or a plus may be another person elsewhere."""
    assert normalize_email(raw) == expected


@pytest.mark.parametrize(
    ("one", "other"), [("fußball.de", "fussball.de"), ("βόλος.com", "βόλοσ.com")], ids=["sharp s", "final sigma"]
)
def test_two_domains_that_are_registered_apart_stay_apart(one: str, other: str) -> None:
    """IDNA 2008 (RFC 5891) lets both be registered, so they may be two people; IDNA 2003 folded them into one."""
    assert normalize_email(f"jane@{one}") != normalize_email(f"jane@{other}")
