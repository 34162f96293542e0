"""What a store passes on about its customers: that two are one, that one wants to be forgotten or told."""

from datetime import UTC, datetime, timedelta

import pytest
from commerce_sync.contracts import Person, PrivacyRequest
from commerce_sync.intake import Translation, translate

from tests.unit.intake.bodies import (
    RECEIVED,
    SHOP,
    Body,
    assert_holds_contracts,
    data_request,
    encoded,
    merge,
    redact,
    refused,
)

EARLIER = datetime(2026, 11, 21, 17, 59, 58, 877041, tzinfo=UTC)
TRIGGERED = {"x-shopify-triggered-at": "2026-11-21T17:59:58.877041743Z"}


def told(topic: str, body: object, headers: dict[str, str] | None = None) -> Translation:
    """The translation of a body that came at a known time, held to its contracts."""
    raw = body if isinstance(body, bytes) else encoded(body)
    translation = translate("shopify", topic, SHOP, raw, headers or {}, received_at=RECEIVED)
    assert_holds_contracts(translation)
    return translation


def request_of(topic: str, body: object, headers: dict[str, str] | None = None) -> PrivacyRequest:
    """The one request of a translation that holds nothing else."""
    translation = told(topic, body, headers)
    assert (translation.events, translation.rejections, translation.same) == ((), (), ())
    (request,) = translation.privacy
    return request


def test_a_completed_merge_says_that_two_customers_are_one() -> None:
    """The one that was kept first, at the store's own time."""
    translation = told("customers/merge", merge(), TRIGGERED)
    (said,) = translation.same
    assert (said.source, said.store, said.records) == ("shopify", "shop-1", ("77", "78"))
    assert (said.said_by, said.stated_at) == ("store_merge", EARLIER)
    assert translation.people == (Person(customer_id="77"), Person(customer_id="78"))
    assert (translation.events, translation.rejections) == ((), ())


@pytest.mark.parametrize("status", ["failed", "in_progress", "requested", ""])
def test_a_merge_that_is_not_completed_joins_nobody(status: str) -> None:
    """Both customers are still there."""
    translation = told("customers/merge", merge(status=status))
    rejection = refused(translation)
    assert (rejection.code, rejection.path, rejection.waits) == ("merge_not_completed", "status", False)
    assert (translation.same, len(translation.people)) == ((), 2)


KEPT, DELETED = "admin_graphql_api_customer_kept_id", "admin_graphql_api_customer_deleted_id"


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({KEPT: None}, "missing_field", KEPT),
        ({DELETED: 78}, "wrong_type", DELETED),
        ({DELETED: "gid://shopify/Order/78"}, "wrong_type", DELETED),
        ({KEPT: "gid://shopify/Customer/"}, "wrong_type", KEPT),
        ({KEPT: "gid://shopify/Customer/78"}, "wrong_type", DELETED),
        ({"status": None}, "missing_field", "status"),
    ],
)
def test_a_merge_that_does_not_say_who_became_whom_is_refused(changes: Body, code: str, path: str) -> None:
    """Nobody is joined on a guess."""
    translation = told("customers/merge", merge(**changes))
    rejection = refused(translation)
    assert (rejection.code, rejection.path, translation.same) == (code, path, ())


def test_a_wish_to_be_forgotten_names_the_person_and_the_orders() -> None:
    """As the store sent them, for identity to normalise."""
    request = request_of("customers/redact", redact(), TRIGGERED)
    assert (request.kind, request.source, request.store) == ("erase", "shopify", "shop-1")
    assert request.person == Person(email="ada@example.com", phone="555-0101", customer_id="77")
    assert request.orders == ("9007199254740993", "12")
    assert request.requested_at == EARLIER


def test_a_wish_to_know_has_the_stores_own_id() -> None:
    """Whatever else the body says; without one it is named like a wish to be forgotten."""
    request = request_of("customers/data_request", data_request())
    assert (request.kind, request.request_id, request.orders) == (
        "access",
        "shopify:shop-1:access:9999",
        ("9007199254740993",),
    )
    unnamed = request_of("customers/data_request", data_request(data_request=None))
    assert unnamed.request_id.startswith("shopify:shop-1:access:77:")


def test_the_end_of_a_store_is_about_no_person() -> None:
    """And is named by the store alone."""
    request = request_of("shop/redact", {"shop_id": 1, "shop_domain": "shop.example"})
    assert (request.kind, request.request_id, request.person) == ("erase_store", "shopify:shop-1:erase_store", None)


@pytest.mark.parametrize(
    "changes",
    [
        {"orders_to_redact": [12, 9007199254740993]},
        {"orders_to_redact": ["12", "9007199254740993", 12]},
        {"customer": {"id": "77", "email": None}},
        {"shop_domain": "other.example"},
    ],
)
def test_the_same_wish_twice_is_one(changes: Body) -> None:
    """However it is written, and whenever it comes."""
    again = request_of("customers/redact", redact(**changes), TRIGGERED)
    assert again.request_id == request_of("customers/redact", redact()).request_id


@pytest.mark.parametrize(
    "changes",
    [
        {"orders_to_redact": [12]},
        {"orders_to_redact": []},
        {"orders_to_redact": [9007199254740993, 1, 2]},
        {"customer": {"id": 78}},
    ],
)
def test_a_wish_about_other_orders_or_people_is_another(changes: Body) -> None:
    """A person can come back and go again."""
    other = request_of("customers/redact", redact(**changes))
    assert other.request_id != request_of("customers/redact", redact()).request_id


def test_the_name_of_a_request_holds_no_address() -> None:
    """It outlives the person's data."""
    assert request_of("customers/redact", redact()).request_id.startswith("shopify:shop-1:erase:77:")
    assert "example" not in request_of("customers/redact", redact()).request_id


def test_no_orders_and_no_addresses_are_no_fault() -> None:
    """Customers without orders ask as well."""
    request = request_of("customers/redact", {"customer": {"id": 77, "email": "", "phone": None}})
    assert (request.person, request.orders) == (Person(customer_id="77"), ())


@pytest.mark.parametrize(
    ("topic", "body", "code", "path"),
    [
        ("customers/redact", redact(customer=None), "missing_field", "customer"),
        ("customers/redact", redact(customer={"email": "ada@example.com"}), "missing_field", "customer.id"),
        ("customers/redact", redact(customer={"id": ""}), "missing_field", "customer.id"),
        ("customers/redact", redact(orders_to_redact="12"), "wrong_type", "orders_to_redact"),
        ("customers/redact", redact(orders_to_redact=[12, ""]), "missing_field", "orders_to_redact[1]"),
        ("customers/redact", [], "wrong_type", ""),
        ("customers/data_request", data_request(data_request={}), "missing_field", "data_request.id"),
        ("shop/redact", [], "wrong_type", ""),
        ("shop/redact", b"", "not_json", ""),
    ],
)
def test_a_request_that_cannot_be_read_is_set_aside_and_waits(topic: str, body: object, code: str, path: str) -> None:
    """It raises an alarm: somebody's wish must not be lost."""
    translation = told(topic, body)
    rejection = refused(translation)
    assert (rejection.code, rejection.path, rejection.waits) == (code, path, True)
    assert translation.privacy == ()


def test_a_request_that_cannot_be_read_is_still_found_by_its_person() -> None:
    """By whatever it names."""
    translation = told("customers/redact", redact(customer={"email": "ada@example.com", "phone": "555-0101"}))
    assert translation.people == (Person(email="ada@example.com", phone="555-0101"),)


@pytest.mark.parametrize(
    ("headers", "moment"),
    [
        ({}, RECEIVED),
        (TRIGGERED, EARLIER),
        ({"X-Shopify-Triggered-At": "2026-11-21T18:59:58.877041743+01:00"}, EARLIER),
        ({"x-shopify-triggered-at": (RECEIVED + timedelta(days=9)).isoformat()}, RECEIVED),
        ({"x-shopify-triggered-at": "2026-11-21T17:59:58"}, RECEIVED),
        ({"x-shopify-triggered-at": "9999-12-31T23:59:59-23:59"}, RECEIVED),
        ({"x-shopify-triggered-at": "yesterday"}, RECEIVED),
    ],
)
def test_a_request_is_dated_by_its_delivery_and_never_after_it(headers: dict[str, str], moment: datetime) -> None:
    """The header is not signed: a later date would forget a person who has come back."""
    assert request_of("customers/redact", redact(), headers).requested_at == moment


@pytest.mark.parametrize("topic", ["customers/redact", "customers/data_request", "shop/redact", "customers/merge"])
def test_nothing_is_dated_by_a_guess(topic: str) -> None:
    """Where neither the store nor the caller says when it was, the body waits."""
    body = encoded(merge() | data_request())
    rejection = refused(translate("shopify", topic, SHOP, body))
    assert (rejection.code, rejection.path) == ("missing_field", "x-shopify-triggered-at")
    translation = translate("shopify", topic, SHOP, body, TRIGGERED)
    assert [one.requested_at for one in translation.privacy] + [one.stated_at for one in translation.same] == [EARLIER]
