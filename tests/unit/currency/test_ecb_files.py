"""The ECB's files are read strictly: all of a file, or nothing of it."""

from datetime import date
from decimal import Decimal

import pytest
from commerce_sync.currency.ecb_files import read_rates
from commerce_sync.errors import PermanentError
from hypothesis import given
from hypothesis import strategies as st

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
  xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:subject>Reference rates</gesmes:subject>
<gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
"""
GOOD = "<Cube><Cube time='2026-11-20'><Cube currency='USD' rate='1.0842'/><Cube currency='JPY' rate='163.25'/></Cube>"
TAIL = "</Cube></gesmes:Envelope>"
BOMB = '<!DOCTYPE x [<!ENTITY a "1"><!ENTITY b "&a;&a;&a;&a;">]>'
FETCHER = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


def test_a_file_is_read() -> None:
    """By day, the oldest first, each rate as it was published."""
    more = "<Cube time='2026-11-19'><Cube currency='USD' rate='1.0800'/></Cube>"
    assert list(read_rates((HEAD + GOOD + more + TAIL).encode()).items()) == [
        (date(2026, 11, 19), {"USD": Decimal("1.0800")}),
        (date(2026, 11, 20), {"USD": Decimal("1.0842"), "JPY": Decimal("163.25")}),
    ]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (HEAD.replace("?>\n", f"?>\n{BOMB}", 1) + GOOD.replace("1.0842", "&b;") + TAIL, "document type"),
        (HEAD.replace("?>\n", f"?>\n{FETCHER}", 1) + GOOD + TAIL, "document type"),
        (HEAD + GOOD, "no XML"),
        ("", "no XML"),
        (HEAD.replace("UTF-8", "utf-7") + GOOD + "+ADw-", "no XML"),
        ("<html><body>Service unavailable</body></html>", "without rates"),
        (HEAD + "<Cube>" + TAIL, "without rates"),
        (HEAD + "<Cube><Cube time='2026-11-20'></Cube>" + TAIL, "without rates"),
        ((HEAD + GOOD + TAIL).replace("xmlns=", "xmlns:x="), "without rates"),
        (HEAD + GOOD.replace("2026-11-20", "20.11.2026") + TAIL, "no date"),
        (HEAD + GOOD.replace("1.0842", "N/A") + TAIL, "no number"),
        (HEAD + GOOD.replace("1.0842", "") + TAIL, "no number"),
        (HEAD + GOOD.replace("1.0842", "NaN") + TAIL, "not above zero"),
        (HEAD + GOOD.replace("1.0842", "0") + TAIL, "not above zero"),
        (HEAD + GOOD.replace("1.0842", "-1") + TAIL, "not above zero"),
        (HEAD + GOOD.replace("JPY", "USD") + TAIL, "twice"),
        (HEAD + "<Cube><Cube currency='USD' rate='1'/>" + TAIL, "without a day"),
    ],
)
def test_what_is_not_such_a_file_is_refused_whole(document: str, reason: str) -> None:
    """A page of an outage, a bomb of entities, a rate that is none."""
    with pytest.raises(PermanentError, match=reason):
        read_rates(document.encode())


@given(st.binary(max_size=200))
def test_any_bytes_are_rates_or_a_refusal(document: bytes) -> None:
    """Nothing else comes out of the reader."""
    with pytest.raises(PermanentError):
        read_rates(document)
    with pytest.raises(PermanentError):
        read_rates((HEAD + "<Cube>").encode() + document)
