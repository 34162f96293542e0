"""Countries by code and in their own languages, and the table of them."""

from collections import Counter

import phonenumbers
import pytest
from commerce_sync.identity import normalize_country
from commerce_sync.identity.countries import folded
from commerce_sync.identity.text import HERE

CODES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC
CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD
GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH
KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW
MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC
SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY
UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
"""All 249 codes that ISO 3166-1 assigns."""
OF_STORES = "AC TA XK"
"""Not assigned, but stores send them and telephones have them: Ascension, Tristan da Cunha, Kosovo."""
ALPHA3 = {
    "USA": "US", "GBR": "GB", "DEU": "DE", "fra": "FR", "Esp": "ES", "ITA": "IT", "NLD": "NL", "CHE": "CH", "AUT": "AT",
    "SWE": "SE", "DNK": "DK", "PRT": "PT", "IRL": "IE", "JPN": "JP", "CHN": "CN", "KOR": "KR", "PRK": "KP", "IND": "IN",
    "BRA": "BR", "MEX": "MX", "CAN": "CA", "AUS": "AU", "NZL": "NZ", "ZAF": "ZA", "ARE": "AE", "AND": "AD", "ROU": "RO",
    "XKX": "XK", "NAM": "NA", "NOR": "NO", "ANT": None, "SUN": None, "EUR": None, "GER": None,
}  # fmt: skip
"""Andorra's looks like a word; the Antilles, the Soviet Union, the euro and the Olympics' Germany are no codes."""
NATIVE = {
    "US": "United States", "CN": "中国", "JP": "日本", "DE": "Deutschland", "GB": "United Kingdom", "IN": "भारत",
    "FR": "France", "IT": "Italia", "CA": "Canada", "BR": "Brasil", "RU": "Россия", "KR": "대한민국", "ES": "España",
    "MX": "México", "AU": "Australia", "TR": "Türkiye", "ID": "Indonesia", "NL": "Nederland",
    "SA": "المملكة العربية السعودية",
    "CH": "Schweiz", "PL": "Polska", "TW": "台灣", "BE": "België", "SE": "Sverige", "AR": "Argentina", "IE": "Éire",
    "NO": "Norge", "AT": "Österreich", "IL": "ישראל", "TH": "ไทย", "AE": "الإمارات العربية المتحدة", "SG": "新加坡",
    "BD": "বাংলাদেশ", "PH": "Pilipinas", "VN": "Việt Nam", "MY": "Malaysia", "DK": "Danmark", "HK": "香港",
    "EG": "مصر", "ZA": "Suid-Afrika", "IR": "ایران", "RO": "România", "CO": "Colombia", "PK": "پاکستان", "CL": "Chile",
    "CZ": "Česko", "FI": "Suomi", "IQ": "العراق", "PT": "Portugal", "NZ": "Aotearoa", "PE": "Perú", "KZ": "Қазақстан",
    "GR": "Ελλάδα", "QA": "قطر", "DZ": "الجزائر", "HU": "Magyarország", "UA": "Україна", "KW": "الكويت", "MA": "المغرب",
    "ET": "ኢትዮጵያ", "SK": "Slovensko", "DO": "República Dominicana", "EC": "Ecuador", "PR": "Puerto Rico",
    "KE": "Kenya", "GT": "Guatemala", "BG": "България", "UZ": "O\u02bbzbekiston", "CR": "Costa Rica",
    "LU": "Luxembourg", "HR": "Hrvatska", "UY": "Uruguay", "RS": "Srbija", "LT": "Lietuva", "SI": "Slovenija",
    "LV": "Latvija", "EE": "Eesti", "PA": "Panamá", "CY": "Κύπρος", "IS": "Ísland", "GE": "საქართველო",
    "AM": "Հայաստան", "LK": "ශ්‍රී ලංකාව", "NP": "नेपाल",
    "KH": "កម្ពុជា", "MM": "မြန်မာ", "AL": "Shqipëria", "MT": "Malta", "JO": "الأردن", "TN": "تونس", "OM": "عُمان",
}  # fmt: skip


@pytest.mark.parametrize("code", [*CODES.split(), *OF_STORES.split()])
def test_a_code_is_itself_in_either_case(code: str) -> None:
    """A country whose code looks like a placeholder (Namibia, Norway) is a country still."""
    assert (normalize_country(code), normalize_country(f" {code.lower()} ")) == (code, code)


@pytest.mark.parametrize(("raw", "code"), ALPHA3.items())
def test_an_alpha3_code_is_its_country(raw: str, code: str | None) -> None:
    """ISO 3166-1 alpha-3, as some exports hold."""
    assert normalize_country(raw) == code


@pytest.mark.parametrize(("code", "name"), NATIVE.items())
def test_a_large_market_is_known_by_its_own_name(code: str, name: str) -> None:
    """In its own script, as customers write it."""
    assert normalize_country(name) == code


def test_the_table_holds_every_country_and_no_name_twice() -> None:
    """A name that stood for two countries would be whichever comes last."""
    lines = (HERE / "country_names.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    named = [(code, name) for code, _, names in rows for name in names.split(" | ")]
    keys = Counter(key for _, key in {(code, folded(name)) for code, name in named})

    assert [code for code, _, _ in rows] == sorted([*CODES.split(), *OF_STORES.split()])
    assert len({alpha3 for _, alpha3, _ in rows}) == len(rows)
    assert [key for key, count in keys.items() if count > 1 or not key] == []
    assert [name for code, name in named if normalize_country(name) != code] == []
    assert phonenumbers.SUPPORTED_REGIONS - {code for code, _, _ in rows} == set()
