"""Countries by code or by common name, and nothing else."""

import pytest
from commerce_sync.identity import normalize_country

CODES = """
AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CC CD CF CG
CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH
GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY
KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG
NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN
SO SR SS ST SV SX SY SZ TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA
ZM ZW
"""
"""Every country in which a telephone has a number of its own."""
NAMES = {
    "usa": "US",
    "U.S.A.": "US",
    "United States": "US",
    "united states of america": "US",
    "UK": "GB",
    "Great Britain": "GB",
    "Germany": "DE",
    "DEUTSCHLAND": "DE",
    "España": "ES",
    "Espan\u0303a": "ES",
    "Österreich": "AT",
    " france ": "FR",
    "Ja\u200bpan": "JP",
}
NONE = ["", " ", "null", "N/A", "-", "ZZ", "XX", "EU", "U", "USAA", "Atlantis", "1", "+49", "ß", "\ufb01", "D E"]


@pytest.mark.parametrize("code", CODES.split())
def test_a_code_is_itself_in_either_case(code: str) -> None:
    """ISO 3166-1 alpha-2; a country whose code looks like a placeholder is a country still."""
    assert (normalize_country(code), normalize_country(f" {code.lower()} ")) == (code, code)


@pytest.mark.parametrize(("name", "code"), NAMES.items())
def test_a_common_name_is_its_code(name: str, code: str) -> None:
    """What address forms hold."""
    assert normalize_country(name) == code


@pytest.mark.parametrize("raw", NONE, ids=ascii)
def test_what_is_no_country_is_none(raw: str) -> None:
    """A letter whose capital happens to be a code (``ß`` is ``SS``) is not that country."""
    assert normalize_country(raw) is None
