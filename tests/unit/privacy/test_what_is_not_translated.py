"""Whether a delivery that nobody could translate is about a person."""

import json

import pytest
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.identity.persons import address_of
from commerce_sync.privacy.searching import Search, is_about

from tests.fakes.privacy import NOW, Office
from tests.unit.privacy.people import BENS, archived

ANA: tuple[Identifier, ...] = (
    ("email", "ana@example.com"),
    ("phone", "+12025550111"),
    ("shopify:us", "770001"),
    ("email", "jürgen@xn--bcher-kva.example"),
)


def found(body: str, identifiers: tuple[Identifier, ...]) -> bool:
    """Whether a delivery of the shop with this body is about them."""
    office = Office()
    return is_about(office.archive.fetch(archived(office, "x", NOW, body)), identifiers, address_of)


@pytest.mark.parametrize(
    "body",
    [
        '{"email":"Ana@Example.com"}',
        '{"email":"ana\\u0040example.com"}',
        '{"email":"j\\u00fcrgen@b\\u00fccher.example"}',
        '{"note":"write to Ana <ana@example.com>, please"}',
        '{"ana@example.com":{"x":1}}',
        '{"landing_site":"/?e=ana%40example.com&x=1"}',
        '{"phone":"(202) 555-0111"}',
        '{"customer":{"default_address":{"phone":"+1 202.555.0111"}}}',
        '{"note":"call +1 202 555 0111"}',
        '{"customer":{"id":770001}}',
        '{"customer_id":"770001"}',
        '{"x":{"admin_graphql_api_id":"gid://shopify/Customer/770001"}}',
        '{"email":"ana@example.com", "cut off',
        "email=ana%40example.com&total=1",
        "phones: 202-555-0143 202-555-0111",
    ],
)
def test_a_body_about_the_person_is_found(body: str) -> None:
    """However the sender writes an address, a number or an id; also in what is no JSON."""
    assert found(body, ANA)


@pytest.mark.parametrize(
    "body",
    [
        '{"email":"susana@example.com"}',
        '{"email":"ana@example.com.au"}',
        '{"total":"912025550111"}',
        '{"id":2025550111}',
        '{"order_number":770001,"customer":{"id":99}}',
        '{"id":770001}',
        '{"customer":{"id":1770001}}',
        '{"email":"ben@example.com","phone":"+12025550111"}',
        "ref 912025550111",
    ],
)
def test_a_body_about_somebody_else_is_not(body: str) -> None:
    """No part of a longer value, no id of another kind; a shared number beside another's address is not hers."""
    assert not found(body, ANA)


@pytest.mark.parametrize(
    ("phone", "body"),
    [("+3545551234", '{"id":5551234,"email":"other@example.com"}'), ("+29022158", '{"total":"22158","id":1}')],
)
def test_a_short_national_number_is_no_number_in_an_id(phone: str, body: str) -> None:
    """Iceland has seven digits, Saint Helena five."""
    assert not found(body, (("phone", phone),))


def test_a_record_is_searched_in_its_own_stores_deliveries_only() -> None:
    """Ids of different stores may be equal."""
    assert not found('{"customer":{"id":880002}}', BENS)


def test_what_the_archive_has_let_go_is_not_asked_for() -> None:
    """Entries never expire; the archive does: without this, each erasure would read for years of old entries."""
    office = Office()
    old = archived(office, "old", NOW.replace(year=2025), json.dumps({"email": "ana@example.com"}))
    search = Search(ANA, office.places())
    asked: list[str] = []
    office.archive.crash = asked.append
    assert not search.finds(old)
    assert search.finds(archived(office, "new", NOW, json.dumps({"email": "ana@example.com"})))
