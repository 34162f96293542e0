"""The BigCommerce sandbox, and our client against it: as strict as the store, and the list is never deleted whole."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from commerce_sync.errors import PausedError, PermanentError, RefusedByVendorError, RetriableError
from commerce_sync.vendors.bigcommerce import BigCommerce, BigCommerceRecords
from commerce_sync.vendors.bigcommerce.consent import BigCommerceConsent
from commerce_sync.vendors.bigcommerce.records import SUBSCRIBERS
from standardwebhooks import Webhook

from local.sandboxes.base import Fault
from local.sandboxes.server import Sandboxes
from tests.sandboxes.listening import listening, wait_until
from tests.unit.intake.bigcommerce_bodies import bigcommerce_order

pytestmark = pytest.mark.network
ANA, BEN = {"email": "ana@example.com"}, {"email": "ben@example.com", "source": "order", "order_id": 250}


@pytest.fixture
def store(sandboxes: Sandboxes) -> BigCommerce:
    """A store with two people on its list."""
    sandboxes.bigcommerce.state.configure({"sign_up": [ANA, BEN]})
    return connected(sandboxes)


def connected(sandboxes: Sandboxes, token: str = "bc_local") -> BigCommerce:  # noqa: S107 # the sandbox's
    """Our client."""
    return BigCommerce(f"{sandboxes.urls['bigcommerce']}/stores/sandbox", token, 5.0)


def rows(sandboxes: Sandboxes) -> list[str]:
    """Who is on the list."""
    return [row["email"] for row in sandboxes.bigcommerce.state.snapshot()["subscribers"]]


def test_an_address_is_found_in_any_spelling_with_what_it_consents_to(store: BigCommerce) -> None:
    """The list's own spelling is kept."""
    found = BigCommerceConsent(store).find("ANA@example.com")

    assert found is not None
    assert (found.email, found.source, found.consents, found.order_id) == (
        "ana@example.com",
        "storefront",
        ("marketing_newsletter",),
        None,
    )
    assert found.is_subscribed
    assert found.created_at is not None
    assert abs((datetime.now(UTC) - found.created_at).total_seconds()) < 60


def test_who_is_not_on_the_list_is_not_found(store: BigCommerce) -> None:
    """Nobody else in their place."""
    assert BigCommerceConsent(store).find("cy@example.com") is None


def test_an_answer_that_ignored_the_filter_finds_nobody_else(sandboxes: Sandboxes, store: BigCommerce) -> None:
    """A list of everybody must not make somebody else of an address."""
    everybody = {"data": sandboxes.bigcommerce.state.snapshot()["subscribers"], "meta": {}}
    sandboxes.bigcommerce.faults.append(Fault("GET", status=200, body=everybody))

    assert BigCommerceConsent(store).find("cy@example.com") is None


def test_to_opt_out_takes_one_row_off_the_list_and_may_be_repeated(sandboxes: Sandboxes, store: BigCommerce) -> None:
    """The others stay."""
    subscribers = BigCommerceConsent(store)
    found = subscribers.find("ana@example.com")
    assert found is not None

    assert subscribers.unsubscribe(found.subscriber_id)
    assert not subscribers.unsubscribe(found.subscriber_id)
    assert rows(sandboxes) == ["ben@example.com"]


@pytest.mark.parametrize("record_id", ["", " ", "?", "1/", "../", "1?x", "-1", "None", "1.0", "\u0661"])
def test_the_whole_list_is_never_deleted(sandboxes: Sandboxes, store: BigCommerce, record_id: str) -> None:
    """Without an id the path would be the list's, whose deletion without a filter deletes everybody."""
    with pytest.raises(PermanentError):
        BigCommerceConsent(store).unsubscribe(record_id)
    with pytest.raises(PermanentError):
        BigCommerceRecords(store).read("subscriber", record_id)

    assert len(rows(sandboxes)) == 2


def test_the_sandbox_deletes_everybody_where_a_client_asks_for_it(sandboxes: Sandboxes, store: BigCommerce) -> None:
    """As documented; a client that gets it wrong is caught here."""
    store.call("DELETE", SUBSCRIBERS)

    assert rows(sandboxes) == []


def test_to_opt_in_puts_an_address_on_the_list_and_may_be_repeated(sandboxes: Sandboxes, store: BigCommerce) -> None:
    """By us it is ``custom``: no act of the person at the store."""
    subscribers = BigCommerceConsent(store)
    first = subscribers.subscribe("cy@example.com")

    assert (first.source, first.consents) == ("custom", ("marketing_newsletter",))
    assert subscribers.subscribe("cy@example.com") == first
    assert rows(sandboxes) == ["ana@example.com", "ben@example.com", "cy@example.com"]


def test_to_opt_in_never_overwrites_who_left(sandboxes: Sandboxes, store: BigCommerce) -> None:
    """A row without the newsletter may be an opt-out that we did not hear of yet (R8)."""
    sandboxes.bigcommerce.state.configure({"leave": ["ana@example.com"]})
    subscribers = BigCommerceConsent(store)

    with pytest.raises(RefusedByVendorError) as refused:
        subscribers.subscribe("ana@example.com")
    assert (refused.value.status, refused.value.fields) == (409, ("email",))
    left = subscribers.find("ana@example.com")
    assert left is not None
    assert not left.is_subscribed


def test_the_list_is_read_page_by_page_from_the_last_to_the_first(sandboxes: Sandboxes, store: BigCommerce) -> None:
    """So a row that is deleted while it is read hides no other."""
    sandboxes.bigcommerce.state.configure({"sign_up": [{"email": f"p{n}@example.com"} for n in range(598)]})
    subscribers = BigCommerceConsent(store)
    found: list[str] = []
    part, cursor = subscribers.page(None)
    found += [row.email for row in part]
    while cursor is not None:
        gone = sandboxes.bigcommerce.state.snapshot()["subscribers"][0]["email"]
        sandboxes.bigcommerce.state.configure({"remove": [gone]})
        part, cursor = subscribers.page(cursor)
        found += [row.email for row in part]

    assert set(rows(sandboxes)) <= set(found)
    assert len(rows(sandboxes)) == 598


def test_an_empty_list_is_one_empty_page(sandboxes: Sandboxes) -> None:
    """The end is said."""
    assert BigCommerceConsent(connected(sandboxes)).page(None) == ([], None)


def test_records_are_read_by_kind(sandboxes: Sandboxes, store: BigCommerce) -> None:
    """V3 wraps them, V2 does not; what is gone is none."""
    sandboxes.bigcommerce.state.configure({"put_orders": [bigcommerce_order()]})
    records = BigCommerceRecords(store)
    row = records.read("subscriber", "1")

    assert isinstance(row, dict)
    assert row["email"] == "ana@example.com"
    assert records.read("order", "250") == bigcommerce_order()
    assert records.read("subscriber", "99") is None
    assert records.read("order", "99") is None


def test_an_older_list_without_consents_means_subscribed(sandboxes: Sandboxes, store: BigCommerce) -> None:
    """Whoever is on it."""
    sandboxes.bigcommerce.state.configure({"knows_consents": False})
    found = BigCommerceConsent(store).find("ana@example.com")

    assert found is not None
    assert (found.consents, found.is_subscribed) == (None, True)


def test_a_wrong_token_pauses_the_store(sandboxes: Sandboxes) -> None:
    """Nothing else will be answered either."""
    with pytest.raises(PausedError):
        BigCommerceConsent(connected(sandboxes, "bc_other")).find("ana@example.com")


def test_a_full_quota_pauses_for_as_long_as_the_store_says(sandboxes: Sandboxes, store: BigCommerce) -> None:
    """In milliseconds, in a header of its own."""
    sandboxes.bigcommerce.state.configure({"quota": 2, "window": 30.0})
    subscribers = BigCommerceConsent(store)
    for _ in range(2):
        subscribers.find("ana@example.com")

    with pytest.raises(PausedError) as paused:
        subscribers.find("ana@example.com")
    assert paused.value.retry_after is not None
    assert 25 < paused.value.retry_after <= 30
    sandboxes.bigcommerce.clock.advance(31)
    assert subscribers.find("ana@example.com") is not None


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_passing_fault_is_to_be_tried_again(sandboxes: Sandboxes, store: BigCommerce, status: int) -> None:
    """And is no answer."""
    sandboxes.bigcommerce.faults.append(Fault("GET", status=status))

    with pytest.raises(RetriableError):
        BigCommerceRecords(store).read("subscriber", "1")


@pytest.mark.parametrize("body", [None, {}, {"data": None}, {"data": []}, [], "text"])
def test_an_answer_without_a_record_is_to_be_tried_again(sandboxes: Sandboxes, store: BigCommerce, body: Any) -> None:
    """Something between us and the store answered."""
    sandboxes.bigcommerce.faults.append(Fault("GET", status=200, body=body))

    with pytest.raises(RetriableError):
        BigCommerceRecords(store).read("subscriber", "1")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "nobody"},
        {"email": "cy@example.com", "consent": []},
        {"email": "cy@example.com", "consents": ["x"]},
    ],
)
def test_the_sandbox_refuses_what_it_does_not_know(store: BigCommerce, body: dict[str, Any]) -> None:
    """A misspelt field is caught here rather than ignored there."""
    with pytest.raises(RefusedByVendorError) as refused:
        store.call("POST", SUBSCRIBERS, body)
    assert refused.value.status == 422
    assert refused.value.fields


@pytest.mark.parametrize("query", [{"mail": "x"}, {"limit": "251"}, {"page": "0"}])
def test_the_sandbox_refuses_filters_that_there_are_not(store: BigCommerce, query: dict[str, str]) -> None:
    """The real one would answer with everybody."""
    with pytest.raises(RefusedByVendorError):
        store.call("GET", SUBSCRIBERS, params=query)


def test_every_change_is_told_by_a_thin_signed_webhook(sandboxes: Sandboxes) -> None:
    """Also our own: whoever writes hears of it."""
    with listening() as heard:
        sandboxes.bigcommerce.state.configure({"webhook_url": heard.url, "webhook_secret": "bc-secret"})
        sandboxes.bigcommerce.state.configure({"sign_up": [ANA], "leave": ["ana@example.com"]})
        BigCommerceConsent(connected(sandboxes)).unsubscribe("1")
        sandboxes.bigcommerce.state.configure({"put_orders": [bigcommerce_order()]})
        requests = heard.wait_for(4)
        wait_until(lambda: sandboxes.bigcommerce.state.snapshot()["pending_webhooks"] == 0)

    bodies = [json.loads(body) for _, body in requests]
    assert [body["scope"] for body in bodies] == [
        "store/subscriber/created",
        "store/subscriber/updated",
        "store/subscriber/deleted",
        "store/order/created",
    ]
    assert bodies[0]["data"] == {"type": "subscriber", "id": 1}
    package = Webhook("YmMtc2VjcmV0")
    for headers, body in requests:
        package.verify(body, headers)


def test_a_webhook_is_tried_again_until_it_is_taken(sandboxes: Sandboxes) -> None:
    """And nothing is lost."""
    with listening() as heard:
        heard.failures = 1
        sandboxes.bigcommerce.state.configure({"webhook_url": heard.url, "webhook_secret": "bc-secret"})
        sandboxes.bigcommerce.state.configure({"sign_up": [ANA]})
        first, second = heard.wait_for(2)

    assert first[1] == second[1]
    assert sandboxes.bigcommerce.state.snapshot()["lost_webhooks"] == 0


def test_an_unknown_setting_is_a_mistake_of_the_test(sandboxes: Sandboxes) -> None:
    """And is said."""
    with pytest.raises(ValueError, match="unknown settings"):
        sandboxes.bigcommerce.state.configure({"quotas": 1})
