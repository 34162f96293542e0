"""Every example number in libphonenumber's metadata, of every region and kind, in every form it is written in."""

from collections.abc import Iterator

import phonenumbers
import pytest
from commerce_sync.identity import normalize_phone
from phonenumbers import PhoneMetadata, PhoneNumber, PhoneNumberFormat

KINDS = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)
WRITTEN = (
    PhoneNumberFormat.E164,
    PhoneNumberFormat.INTERNATIONAL,
    PhoneNumberFormat.RFC3966,
    PhoneNumberFormat.NATIONAL,
)
EXAMPLES = 1_141
"""Metadata 9.0.43: 245 regions and 9 country codes of no region. None is left out: all of them are valid numbers."""
TEXTS = 4_552
"""Four forms each; a number of no region has no national form."""


def examples() -> Iterator[tuple[str | None, PhoneNumber]]:
    """Each kind's example number with its region, or with None where its country code belongs to none."""
    places: list[tuple[str | None, PhoneMetadata | None]] = [
        (region, PhoneMetadata.metadata_for_region(region)) for region in sorted(phonenumbers.SUPPORTED_REGIONS)
    ]
    places += [
        (None, PhoneMetadata.metadata_for_nongeo_region(code))
        for code in sorted(phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS)
    ]
    for region, metadata in places:
        assert metadata is not None
        for kind in KINDS:
            description = getattr(metadata, kind)
            if description and description.example_number:
                yield region, phonenumbers.parse(f"+{metadata.country_code}{description.example_number}")


def texts() -> Iterator[tuple[str, str | None, str]]:
    """What is written, the region it is read in, and the E.164 number that it is."""
    for region, number in examples():
        expected = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        for form in WRITTEN:
            if region or form != PhoneNumberFormat.NATIONAL:
                yield phonenumbers.format_number(number, form), region, expected


def test_every_example_is_counted() -> None:
    """The figure below is about all of them: a smaller one would say that the metadata was not read."""
    found = list(examples())

    assert len(found) >= EXAMPLES
    assert [number for _, number in found if not phonenumbers.is_valid_number(number)] == []
    assert len({region for region, _ in found}) == len(phonenumbers.SUPPORTED_REGIONS) + 1
    assert sum(1 for _ in texts()) >= TEXTS


def test_every_example_is_read_in_its_region() -> None:
    """E.164, international, tel: link and national: 100 % of the texts are the number that was written."""
    wrong = [
        (text, region, expected, found)
        for text, region, expected in texts()
        if (found := normalize_phone(text, [region] if region else [])) != expected
    ]

    assert not wrong, f"{len(wrong)} are wrong, such as {wrong[:5]}"


@pytest.mark.parametrize("regions", [[], ["US"], ["GB", "DE"], ["AQ", "ZZ", "JP"]], ids=str)
def test_an_international_form_is_the_same_in_every_region(regions: list[str]) -> None:
    """What the number says itself is not read in the region of an address."""
    wrong = [
        (text, expected, found)
        for text, _, expected in texts()
        if text.startswith(("+", "tel:+")) and (found := normalize_phone(text, regions)) != expected
    ]

    assert not wrong, f"{len(wrong)} are wrong, such as {wrong[:5]}"


def test_a_region_wins_where_a_national_number_could_be_more() -> None:
    """An unknown region before it changes nothing, and no national form is read as another country's number."""
    wrong = [
        (text, region, expected, found)
        for text, region, expected in texts()
        if region and (found := normalize_phone(text, ["AQ", region, "US", "DE"])) != expected
    ]

    assert not wrong, f"{len(wrong)} are wrong, such as {wrong[:5]}"
