"""Addresses of consent statements: in normal form, or set aside."""

import pytest
from commerce_sync.contracts import Store
from commerce_sync.contracts.consent import Channel, ConsentStatement
from commerce_sync.identity.statements import normalize_statements

STORE = Store(source="shopify", id="eu", country="DE")


def said(channel: Channel, address: str, country: str | None = None, regions: tuple[str, ...] = ()) -> ConsentStatement:
    """An opt-out."""
    return ConsentStatement(
        statement_id="1",
        channel=channel,
        address=address,
        action="withdraw",
        strength="pref_out",
        country=country,
        regions=regions,
    )


@pytest.mark.parametrize(
    ("statement", "address", "country"),
    [
        (said("email", " Ada@Example.COM ", "Germany"), "ada@example.com", "DE"),
        (said("email", "ada@example.com", "Atlantis"), "ada@example.com", None),
        (said("sms", "+1 202 555 0123"), "+12025550123", None),
        (said("sms", "0151 12345678"), "+4915112345678", None),
        (said("sms", "(202) 555-0123", regions=("US",)), "+12025550123", None),
        (said("sms", "(202) 555-0123", country="USA", regions=("Germany",)), "+12025550123", "US"),
    ],
)
def test_an_address_is_brought_into_its_normal_form(
    statement: ConsentStatement, address: str, country: str | None
) -> None:
    """A phone number is read in its own country first, in the store's last."""
    (usable,), unusable = normalize_statements([statement], STORE)
    assert (usable.address, usable.country, unusable) == (address, country, [])


@pytest.mark.parametrize(
    ("channel", "address"),
    [("email", "nobody"), ("email", "+12025550123"), ("sms", "123"), ("sms", "ada@example.com"), ("sms", "")],
)
def test_what_is_no_address_is_left_as_it_was(channel: Channel, address: str) -> None:
    """It names nobody."""
    statement = said(channel, address)
    assert normalize_statements([statement, said("email", "a@example.com")], STORE)[1] == [statement]
