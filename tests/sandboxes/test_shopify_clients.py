"""Our own Shopify client against the sandbox, over a socket."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from commerce_sync.errors import (
    ConfigurationError,
    NotAllowedError,
    PausedError,
    RefusedByVendorError,
    RetriableError,
)
from commerce_sync.vendors.factory import shopify
from commerce_sync.vendors.shopify import Shopify, ShopifyCustomers
from commerce_sync.vendors.shopify.consent import ShopifyConsent

from local.sandboxes.base import Fault, Sandbox
from local.sandboxes.server import Sandboxes

pytestmark = pytest.mark.network
ANA, PHONE = "ana@example.com", "+15550100"
MORNING, NOON = datetime(2026, 11, 1, 8, tzinfo=UTC), datetime(2026, 11, 1, 12, tzinfo=UTC)
CONSENT = {"state": "subscribed", "opt_in_level": "single_opt_in", "consent_updated_at": "2026-11-01T08:00:00Z"}


@pytest.fixture
def sandbox(sandboxes: Sandboxes) -> Sandbox:
    """A shop with one customer who subscribed in the morning."""
    person = {"id": 9007199254740993, "email": ANA, "phone": PHONE, "email_marketing_consent": CONSENT}
    sandboxes.shopify.state.configure({"put_customers": [person]})
    return sandboxes.shopify


@pytest.fixture
def client(sandboxes: Sandboxes) -> Shopify:
    """A client of ours."""
    return Shopify(sandboxes.urls["shopify"], "shpat_local", "2026-10", 10.0)


@pytest.fixture
def customers(sandbox: Sandbox, client: Shopify) -> ShopifyConsent:
    """The customers of the shop."""
    return ShopifyConsent(client)


def test_a_customer_is_found_by_either_address_with_both_consents(customers: ShopifyConsent) -> None:
    """Ids are text, and an address that never said anything has no time."""
    (ana,) = customers.find("email", "ANA@example.com")
    assert customers.find("sms", PHONE) == [ana]
    assert ana.customer_id == "gid://shopify/Customer/9007199254740993"
    assert ana.email is not None
    assert ana.sms is not None
    assert (ana.email.address, ana.email.state, ana.email.opt_in_level) == (ANA, "SUBSCRIBED", "SINGLE_OPT_IN")
    assert (ana.email.updated_at, ana.sms.state, ana.sms.updated_at) == (MORNING, "NOT_SUBSCRIBED", None)


@pytest.mark.parametrize("address", ['ana"x\\@example.com', "ana@example.co", "ana@example.com OR email:*", ""])
def test_an_address_is_text_in_a_search_and_near_misses_are_nobody(
    sandbox: Sandbox, customers: ShopifyConsent, address: str
) -> None:
    """Shopify's search finds beginnings."""
    sandbox.state.configure({"put_customers": [{"id": 2, "email": "ana@example.com.mx"}]})
    assert customers.find("email", address) == []


def test_a_withdrawal_is_written_with_its_own_time(sandbox: Sandbox, customers: ShopifyConsent) -> None:
    """And the answer says what Shopify shows."""
    (ana,) = customers.find("email", ANA)
    shown = customers.unsubscribe(ana.customer_id, "email", NOON).email
    assert shown is not None
    assert (shown.state, shown.updated_at) == ("UNSUBSCRIBED", NOON)
    sms = customers.unsubscribe(ana.customer_id, "sms", NOON).on("sms")
    assert sms is not None
    assert (sms.state, sms.updated_at, sms.collected_from) == ("UNSUBSCRIBED", NOON, "OTHER")


def test_an_older_grant_never_shows_over_a_newer_withdrawal(sandbox: Sandbox, customers: ShopifyConsent) -> None:
    """The time is always sent, so a re-sync raises nobody; what is shown comes back."""
    (ana,) = customers.find("email", ANA)
    customers.unsubscribe(ana.customer_id, "email", NOON)
    shown = customers.subscribe(ana.customer_id, "email", MORNING, "CONFIRMED_OPT_IN").email
    assert shown is not None
    assert (shown.state, shown.updated_at) == ("UNSUBSCRIBED", NOON)
    later = customers.subscribe(ana.customer_id, "email", datetime(2026, 11, 2, tzinfo=UTC), "CONFIRMED_OPT_IN").email
    assert later is not None
    assert (later.state, later.opt_in_level) == ("SUBSCRIBED", "CONFIRMED_OPT_IN")


def test_every_customer_is_paged_once(sandbox: Sandbox, customers: ShopifyConsent) -> None:
    """A hundred at a time, by Shopify's cursors."""
    people = [{"id": number, "email": f"p{number}@example.com"} for number in range(1, 205)]
    sandbox.state.configure({"put_customers": people})
    sizes: list[int] = []
    seen: set[str] = set()
    cursor = None
    while not sizes or cursor:
        page, cursor = customers.page(cursor)
        sizes.append(len(page))
        seen |= {one.customer_id for one in page}
    assert (sizes, len(seen)) == ([100, 100, 5], 205)


def test_customers_that_changed_are_found_by_their_time(sandbox: Sandbox, customers: ShopifyConsent) -> None:
    """The first change first."""
    moment = sandbox.clock.moment()
    sandbox.clock.advance(60)
    sandbox.state.configure({"customer_consents": [{"email": ANA, "state": "unsubscribed"}]})
    page, cursor = customers.updated_since(moment, None)
    assert ([one.email.state for one in page if one.email], cursor) == (["UNSUBSCRIBED"], None)
    sandbox.clock.advance(60)
    assert customers.updated_since(sandbox.clock.moment(), None) == ([], None)


def test_a_throttled_query_says_how_long_to_wait(sandbox: Sandbox, customers: ShopifyConsent) -> None:
    """What is lacking, by what is restored each second."""
    sandbox.state.configure({"points": 310})
    customers.page(None)
    with pytest.raises(PausedError) as pause:
        customers.page(None)
    assert 1 <= (pause.value.retry_after or 0) <= 4
    sandbox.clock.advance(4)
    customers.page(None)
    sandbox.state.configure({"throttle_next": 1})
    with pytest.raises(PausedError):
        customers.find("email", ANA)


def test_refusals_become_our_errors(sandbox: Sandbox, customers: ShopifyConsent, client: Shopify) -> None:
    """A user error is for good and names its field, a missing scope waits, a document that is wrong is for good."""
    with pytest.raises(RefusedByVendorError) as refusal:
        customers.unsubscribe("gid://shopify/Customer/1", "email", NOON)
    assert (refusal.value.code, refusal.value.fields) == ("INVALID", ("input.customerId",))
    with pytest.raises(RefusedByVendorError, match="undefinedField"):
        client.ask("query { customers(first: 1) { nodes { shoeSize } } }", {})
    sandbox.state.configure({"missing_scopes": ["write_customers"]})
    with pytest.raises(NotAllowedError):
        customers.unsubscribe("gid://shopify/Customer/9007199254740993", "email", NOON)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (None, RetriableError),
        ([], RetriableError),
        ({"data": None}, RetriableError),
        ({"data": {"customers": None}}, RetriableError),
        ({"errors": [{"message": "x", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]}, RetriableError),
        ({"errors": "Not Found"}, RefusedByVendorError),
        ({"errors": [{"extensions": {"code": "THROTTLED"}}], "extensions": {"cost": {}}}, PausedError),
    ],
)
def test_an_answer_that_says_nothing_is_no_empty_page(
    sandbox: Sandbox, customers: ShopifyConsent, body: Any, error: type[Exception]
) -> None:
    """Whatever stands between us and Shopify."""
    sandbox.faults.append(Fault(path_prefix="/admin", status=200, body=body))
    with pytest.raises(error):
        customers.page(None)


def test_an_empty_answer_to_a_write_is_tried_again(sandbox: Sandbox, customers: ShopifyConsent) -> None:
    """It may have happened."""
    name = "customerEmailMarketingConsentUpdate"
    payloads: list[Any] = [None, {"customer": None, "userErrors": []}]
    for payload in payloads:
        sandbox.faults.append(Fault(path_prefix="/admin", status=200, body={"data": {name: payload}}))
        with pytest.raises(RetriableError):
            customers.unsubscribe("gid://shopify/Customer/1", "email", NOON)


@dataclass(frozen=True)
class StoreSettings:
    """What the factory reads."""

    store_base_urls: str
    shopify_api_version: str = "2026-10"
    vendor_timeout: float = 10.0


def test_a_store_is_reached_at_its_own_address_with_its_own_token(sandboxes: Sandboxes, sandbox: Sandbox) -> None:
    """By settings and tokens."""
    settings = StoreSettings(f"shopify:us=https://us.example.com, shopify:eu={sandboxes.urls['shopify']}")
    client = shopify(settings, {"shopify": {"eu": "shpat_local"}}, "eu")
    assert len(ShopifyCustomers(client).find("email", ANA)) == 1


@pytest.mark.parametrize(
    ("urls", "tokens"),
    [
        ("", {"shopify": {"eu": "x"}}),
        ("shopify=http://127.0.0.1", {"shopify": {"eu": "x"}}),
        ("shopify:eu", {"shopify": {"eu": "x"}}),
        ("shopify:eu=http://127.0.0.1", {}),
        ("shopify:eu=http://127.0.0.1", {"shopify": "shpat_of_nobody"}),
        ("shopify:eu=http://127.0.0.1", {"shopify": {"us": "x"}}),
    ],
)
def test_a_store_without_an_address_or_a_token_is_named(urls: str, tokens: dict[str, Any]) -> None:
    """Never another store's."""
    with pytest.raises(ConfigurationError):
        shopify(StoreSettings(urls), tokens, "eu")
