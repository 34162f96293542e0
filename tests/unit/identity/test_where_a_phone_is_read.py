"""In which country a number is read: its own, then its address's, then the store's."""

import pytest
from commerce_sync.contracts import Person, Store
from commerce_sync.identity.persons import normalize_person

ORDER = {
    "its own international form": ("+44 20 7946 0018", "Germany", "US", "+442079460018"),
    "its own, dialled from the address's country": (
        "0044 20 7946 0018",
        "DE",
        "US",
        "+442079460018",
    ),
    "the address's country": ("030 901820", "Deutschland", "US", "+4930901820"),
    "the address's country, where it is a number in the store's too": ("020 7946 0018", "GB", "DE", "+442079460018"),
    "the store's country, where it is no number in the address's": ("(212) 736-5000", "FR", "US", "+12127365000"),
    "the store's country, where the address names none": ("(212) 736-5000", None, "US", "+12127365000"),
    "the store's country, where the address's name is unknown": ("(212) 736-5000", "Atlantis", "US", "+12127365000"),
    "the store's country, where the address's has no telephones": (
        "(212) 736-5000",
        "Antarctica",
        "US",
        "+12127365000",
    ),
    "nowhere": ("(212) 736-5000", "FR", "GB", None),
}


@pytest.mark.parametrize(("phone", "country", "store", "expected"), ORDER.values(), ids=ORDER)
def test_a_number_is_read_where_it_most_surely_belongs(
    phone: str, country: str | None, store: str, expected: str | None
) -> None:
    """The first of the three that makes it a valid number decides; where none does, it is nobody's."""
    person = Person(phone=phone, country=country)
    shop = Store(source="shopify", id="1", country=store)

    assert normalize_person(person, shop).phone == expected
