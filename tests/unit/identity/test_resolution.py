"""Which profile a person is: the same answer for the same facts, however many workers ask."""

from itertools import permutations
from uuid import UUID

import pytest
from commerce_sync.contracts import Person, Store
from commerce_sync.errors import RetriableError
from commerce_sync.identity import Identifier, IdentityStore, identifiers_of, normalize_person, resolve
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.identities import Identities

EMAIL: Identifier = ("email", "jane@example.com")
PHONE: Identifier = ("phone", "+12127365000")
CUSTOMER: Identifier = ("shopify:us", "207119551")
ALL = (EMAIL, CUSTOMER, PHONE)
SHOP = Store(source="shopify", id="us", currency="USD", country="US")
PORTAL = Store(source="hubspot", id="main", currency="USD", country="US")


def test_the_fake_is_an_identity_store() -> None:
    """What the rules ask for is what the fake offers."""
    store: IdentityStore = Identities()

    assert store.profiles_of(ALL) == {}


def test_nobody_is_no_profile() -> None:
    """Without an identifier there is nothing to find, read or write."""
    identities = Identities()

    assert resolve([], identities) is None
    assert (identities.reads, identities.claims) == (0, 0)


def test_a_new_person_gets_a_profile_that_holds_every_identifier() -> None:
    """One claim, all or none."""
    identities = Identities()

    profile = resolve(ALL, identities)

    assert identities.held == dict.fromkeys(ALL, profile)
    assert identities.claims == 1
    assert str(UUID(profile)) == profile


def test_the_same_person_again_is_the_same_profile_and_nothing_is_written() -> None:
    """A second delivery causes nothing."""
    identities = Identities()
    first = resolve(ALL, identities)
    written = identities.claims

    assert resolve(ALL, identities) == first
    assert resolve(ALL[1:], identities) == first
    assert identities.claims == written


def test_a_new_profiles_id_depends_on_its_strongest_identifier_alone() -> None:
    """Two workers who meet one person for the first time make up one id."""
    assert resolve(ALL, Identities()) == resolve([EMAIL], Identities())
    assert resolve(ALL, Identities()) != resolve([PHONE, CUSTOMER], Identities())


def test_a_kind_and_a_value_do_not_run_together() -> None:
    """An id in one store is not the joined id in another."""
    ids = {resolve([one], Identities()) for one in (("a", "bc"), ("ab", "c"), ("a:b", "c"), ("a", "b:c"))}

    assert len(ids) == 4


def test_the_strongest_known_identifier_wins() -> None:
    """Email before a store's id; the others stay with whoever holds them."""
    held = {EMAIL: "profile-e", PHONE: "profile-p", CUSTOMER: "profile-c"}

    assert resolve(ALL, Identities(held)) == "profile-e"
    assert resolve(ALL, Identities({key: held[key] for key in ALL[1:]})) == "profile-c"
    assert resolve((CUSTOMER, PHONE), Identities({PHONE: "profile-p"})) == "profile-p"


def test_a_known_phone_does_not_make_an_unknown_address_its_holder() -> None:
    """Families and counters share phones: the recipient of a gift is not its buyer."""
    identities = Identities({PHONE: "profile-p"})

    profile = resolve((EMAIL, PHONE), identities)

    assert profile != "profile-p"
    assert identities.held == {PHONE: "profile-p", EMAIL: profile}


def test_identifiers_that_nobody_holds_join_the_profile_that_was_found() -> None:
    """The next delivery, which has only the new one, finds the person."""
    identities = Identities({CUSTOMER: "profile-c"})

    resolve(ALL, identities)

    assert identities.held == dict.fromkeys(ALL, "profile-c")


def test_an_identifier_that_another_profile_holds_stays_there() -> None:
    """Joining two profiles is a merge, which is never a side effect."""
    identities = Identities({EMAIL: "profile-e", PHONE: "profile-p"})

    assert resolve(ALL, identities) == "profile-e"
    assert identities.held == {EMAIL: "profile-e", PHONE: "profile-p", CUSTOMER: "profile-e"}


def test_two_workers_with_one_person_make_one_profile() -> None:
    """The other worker's claim came first, so ours is lost, and the second look finds the profile."""
    profile = resolve(ALL, Identities())
    assert profile is not None
    identities = Identities(rivals=[dict.fromkeys(ALL, profile)])

    assert resolve(ALL, identities) == profile
    assert set(identities.held.values()) == {profile}
    assert (identities.reads, identities.claims) == (2, 1)


def test_a_worker_that_lost_one_identifier_joins_who_won_it() -> None:
    """Two deliveries that share a customer id only, at one instant: one profile, not two."""
    identities = Identities(rivals=[{CUSTOMER: "profile-c"}])

    assert resolve(ALL, identities) == "profile-c"
    assert identities.held == dict.fromkeys(ALL, "profile-c")


def test_a_person_whose_identifiers_are_claimed_again_and_again_is_tried_later() -> None:
    """Giving up is retriable: the message comes back, and nothing was half written."""
    many: list[Identifier] = [("email", f"{number}@example.com") for number in range(20)]
    identities = Identities(rivals=[{one: "rival"} for one in many[1:]])

    with pytest.raises(RetriableError):
        resolve(many, identities)

    assert set(identities.held.values()) == {"rival"}


@given(parts=st.permutations([(EMAIL, PHONE), (CUSTOMER, EMAIL), ALL, (EMAIL, CUSTOMER)]))
def test_deliveries_that_each_overlap_the_first_end_in_one_profile(parts: list[tuple[Identifier, ...]]) -> None:
    """Whatever order they arrive in: every pair shares an identifier with what came before it."""
    identities = Identities()

    assert len({resolve(part, identities) for part in parts}) == 1


def test_identifiers_come_strongest_first() -> None:
    """Email, the store's own id, phone, however the person was filled in."""
    person = Person(customer_id="207119551", phone=PHONE[1], email=EMAIL[1])

    assert identifiers_of(person, SHOP) == ALL


def test_a_vendors_id_is_known_within_its_store_only() -> None:
    """Customer 1 of one shop is not customer 1 of another, nor contact 1 of the CRM."""
    kinds = [
        identifiers_of(Person(customer_id="1"), SHOP),
        identifiers_of(Person(customer_id="1"), SHOP.model_copy(update={"id": "eu"})),
        identifiers_of(Person(hubspot_contact_id="1"), PORTAL),
    ]

    assert kinds == [(("shopify:us", "1"),), (("shopify:eu", "1"),), (("hubspot:main", "1"),)]
    assert all(one != other for one, other in permutations(kinds, 2))


def test_a_person_is_normalised_by_their_own_country_before_the_stores() -> None:
    """A German customer of an American shop writes a German number."""
    raw = Person(email=" Jane@Example.com ", phone="030 901820", country="Deutschland", first_name=" Jane ")

    assert normalize_person(raw, SHOP) == Person(
        email="jane@example.com", phone="+4930901820", country="DE", first_name=" Jane "
    )


def test_a_person_without_a_country_is_normalised_by_the_stores() -> None:
    """The last region that is tried."""
    assert normalize_person(Person(phone="(212) 736-5000"), SHOP).phone == PHONE[1]


def test_what_does_not_normalise_is_left_out() -> None:
    """An order keeps its other facts, and nobody is joined by a placeholder."""
    raw = Person(email="n/a", phone="000-000-0000", country="Atlantis", customer_id="207119551")

    assert normalize_person(raw, SHOP) == Person(customer_id="207119551")
    assert identifiers_of(normalize_person(raw, SHOP), SHOP) == (CUSTOMER,)
