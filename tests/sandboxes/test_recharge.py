"""The Recharge sandbox, our client against it, and its webhooks against our verification."""

import json
import time
from datetime import UTC, datetime

import pytest
import requests
from commerce_sync.errors import NotAllowedError, PausedError, PermanentError, RefusedByVendorError, RetriableError
from commerce_sync.vendors.recharge import Recharge, RechargeRecords, RechargeSubscriptions
from commerce_sync.webhooks.request import Delivery
from commerce_sync.webhooks.schemes import scheme_of

from local.sandboxes.base import Fault
from local.sandboxes.server import Sandboxes
from tests.sandboxes.listening import listening
from tests.unit.intake.recharge_bodies import recharge_customer, subscription

pytestmark = pytest.mark.network
SECRET = "rc-client-secret-for-tests"


def records(sandboxes: Sandboxes, token: str = "sk_local", version: str = "2021-11") -> RechargeRecords:  # noqa: S107
    """Our client."""
    sandboxes.recharge.state.configure({"put_customers": [recharge_customer()]})
    return RechargeRecords(Recharge(sandboxes.urls["recharge"], token, version, 5.0))


def test_a_customer_is_read_out_of_its_resources_key(sandboxes: Sandboxes) -> None:
    """As the API shows it."""
    assert records(sandboxes).read("customer", "333") == recharge_customer()


def test_a_customer_who_is_gone_is_nobody(sandboxes: Sandboxes) -> None:
    """404 is an answer."""
    assert records(sandboxes).read("customer", "334") is None


@pytest.mark.parametrize("record_id", ["", "../subscriptions/1", "3?x", "٣"])
def test_nothing_but_a_number_is_ever_asked_for(sandboxes: Sandboxes, record_id: str) -> None:
    """An id comes from a body."""
    with pytest.raises(PermanentError):
        records(sandboxes).read("customer", record_id)


def test_another_record_than_the_one_that_was_asked_for_is_not_believed(sandboxes: Sandboxes) -> None:
    """Somebody else's address on this subscription would be told to the wrong person."""
    client = records(sandboxes)
    bodies: list[object] = [{"customer": recharge_customer(id=334)}, {"customer": None}, [], {}]
    for body in bodies:
        sandboxes.recharge.faults.append(Fault("GET", status=200, body=body))
        with pytest.raises(RetriableError):
            client.read("customer", "333")


def test_what_stands_before_the_api_is_as_strict_as_recharge(sandboxes: Sandboxes) -> None:
    """Token, version, scope and quota, each as its own error."""
    with pytest.raises(PausedError):
        records(sandboxes, token="another").read("customer", "333")
    with pytest.raises(RefusedByVendorError):
        records(sandboxes, version="2020-01").read("customer", "333")
    sandboxes.recharge.state.configure({"missing_scopes": ["read_customers"]})
    with pytest.raises(NotAllowedError):
        records(sandboxes).read("customer", "333")
    sandboxes.recharge.state.configure({"missing_scopes": [], "quota": 2})
    client = records(sandboxes)
    for _ in range(2):
        client.read("customer", "333")
    with pytest.raises(PausedError):
        client.read("customer", "333")


@pytest.mark.parametrize("signs_as_before", [False, True])
def test_its_webhooks_name_their_topic_by_the_address_and_verify(
    sandboxes: Sandboxes,
    signs_as_before: bool,  # noqa: FBT001
) -> None:
    """Both ways of signing; whatever the sandbox sends, our scheme believes."""
    switches = {"webhook_secret": SECRET, "signs_as_before": signs_as_before}
    with listening() as heard:
        sandboxes.recharge.state.configure({"webhook_url": heard.url, **switches})
        sandboxes.recharge.state.configure({"put_subscriptions": [subscription()]})
        sandboxes.recharge.state.configure({"tell": [["subscription/paused", 11111]]})
        heard.wait_for(2)
    assert heard.paths == ["/webhooks/subscription/created", "/webhooks/subscription/paused"]
    for headers, body in heard.requests:
        given = Delivery("recharge", "us", "", "POST", heard.url, headers, body, 0.0)
        scheme_of("recharge").verify(given, [SECRET], now=time.time(), tolerance=300.0)
        assert json.loads(body) == {"subscription": subscription()}


def listed(sandboxes: Sandboxes, page: int = 2, version: str = "2021-11") -> RechargeSubscriptions:
    """Our client of an account with five subscriptions, three of which changed in one second."""
    hours = {1: 9, 2: 12, 3: 12, 4: 12, 5: 10}
    rows = [subscription(id=one, updated_at=f"2026-11-01T{hour:02}:00:00+00:00") for one, hour in hours.items()]
    sandboxes.recharge.state.configure({"put_subscriptions": rows})
    return RechargeSubscriptions(Recharge(sandboxes.urls["recharge"], "sk_local", version, 5.0), page)


def test_subscriptions_that_changed_are_read_page_by_page(sandboxes: Sandboxes) -> None:
    """By the time of change, those of one second at the edge of a page too; earlier ones are not asked for."""
    client, cursor, ids, pages = listed(sandboxes), None, list[str](), 0
    while True:
        found, cursor = client.modified_since(datetime(2026, 11, 1, 10, tzinfo=UTC), cursor)
        ids, pages = ids + [one.record_id for one in found], pages + 1
        if cursor is None:
            break
    assert (ids, pages) == (["5", "2", "3", "4"], 2)
    assert found[-1].modified_at == datetime(2026, 11, 1, 12, tzinfo=UTC)


def test_a_version_without_cursors_is_not_read(sandboxes: Sandboxes) -> None:
    """Its first page would be taken for all."""
    with pytest.raises(PermanentError, match="2021-11"):
        listed(sandboxes, version="2021-01").modified_since(datetime(2026, 11, 1, tzinfo=UTC), None)


@pytest.mark.parametrize(
    "query",
    [
        "updated_at_min=2026-11-01T00:00:00Z",
        "updated_at_min=soon&sort_by=updated_at-asc",
        "updated_at_min=2026-11-01T00:00:00Z&sort_by=updated_at-asc&limit=251",
        "updated_at_min=2026-11-01T00:00:00Z&sort_by=updated_at-asc&page=2",
        "cursor=bm9uZQ==&sort_by=updated_at-asc",
        "cursor=none",
    ],
)
def test_the_list_takes_only_what_is_documented(sandboxes: Sandboxes, query: str) -> None:
    """Beside a cursor nothing but the limit."""
    headers = {"X-Recharge-Access-Token": "sk_local", "X-Recharge-Version": "2021-11"}
    answer = requests.get(f"{sandboxes.urls['recharge']}/subscriptions?{query}", headers=headers, timeout=5)
    assert answer.status_code == 422


def test_a_list_that_is_none_is_not_believed(sandboxes: Sandboxes) -> None:
    """The cursor stands where it was."""
    client = listed(sandboxes)
    bodies: list[object] = [{"subscriptions": None}, {"subscriptions": [1]}, [], {}]
    for body in bodies:
        sandboxes.recharge.faults.append(Fault("GET", status=200, body=body))
        with pytest.raises(RetriableError):
            client.modified_since(datetime(2026, 11, 1, tzinfo=UTC), None)
