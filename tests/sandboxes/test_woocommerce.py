"""The WooCommerce sandbox, and our client against it: every order that changed is found."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from commerce_sync.contracts import Store
from commerce_sync.errors import (
    ConfigurationError,
    PausedError,
    PermanentError,
    RefusedByVendorError,
    RetriableError,
)
from commerce_sync.intake import translate
from commerce_sync.vendors import factory
from commerce_sync.vendors.woocommerce import WooCommerce, WooCommerceOrders, WooCommerceWebhooks

from local.sandboxes.base import Fault
from local.sandboxes.server import Sandboxes
from tests.unit.intake.store_bodies import woocommerce_order

pytestmark = pytest.mark.network
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def connected(sandboxes: Sandboxes, secret: str = "cs_local") -> WooCommerce:  # noqa: S107 # the sandbox's
    """Our client."""
    return WooCommerce(sandboxes.urls["woocommerce"], "ck_local", secret, 5.0)


def put(sandboxes: Sandboxes, *ids: int, at: str = "2026-11-02T12:30:00", **changes: object) -> None:
    """Orders that changed at a time (UTC)."""
    orders = [woocommerce_order(id=order_id, date_modified_gmt=at, **changes) for order_id in ids]
    sandboxes.woocommerce.state.configure({"put_orders": orders})


def read_all(orders: WooCommerceOrders, since: datetime = NOON) -> list[str]:
    """The ids of every page."""
    found, cursor = orders.modified_since(since, None)
    ids = [one.record_id for one in found]
    while cursor is not None:
        found, cursor = orders.modified_since(since, cursor)
        ids += [one.record_id for one in found]
    return ids


def test_orders_that_changed_are_read_page_by_page_to_the_last_one(sandboxes: Sandboxes) -> None:
    """A hundred at a time by id; those that did not change stay away."""
    put(sandboxes, *range(1, 252))
    put(sandboxes, 900, at="2026-11-02T11:59:59")

    assert read_all(WooCommerceOrders(connected(sandboxes))) == [str(number) for number in range(1, 252)]
    assert read_all(WooCommerceOrders(connected(sandboxes)), datetime(2027, 1, 1, tzinfo=UTC)) == []


def test_an_order_of_the_api_is_what_a_webhook_carries(sandboxes: Sandboxes) -> None:
    """So both give the same events, with its time in UTC."""
    put(sandboxes, 727)
    ((found,), cursor) = WooCommerceOrders(connected(sandboxes)).modified_since(NOON, None)
    store = Store(source="woocommerce", id="uk")
    polled, told = (
        translate("woocommerce", "order.updated", store, json.dumps(body).encode())
        for body in (found.body, woocommerce_order(date_modified_gmt="2026-11-02T12:30:00"))
    )

    assert (found.modified_at, cursor) == (datetime(2026, 11, 2, 12, 30, tzinfo=UTC), None)
    assert polled == told
    assert len(polled.events) == 3


def test_the_moment_is_meant_in_utc_wherever_the_shop_stands(sandboxes: Sandboxes) -> None:
    """In its own time, three hours behind, this order would have been missed; one in the bin is no change."""
    put(sandboxes, 1, at="2026-11-02T12:00:01")
    put(sandboxes, 2, status="trash")

    assert read_all(WooCommerceOrders(connected(sandboxes)), NOON.astimezone()) == ["1"]


def test_an_order_that_changes_while_pages_are_read_hides_no_other(sandboxes: Sandboxes) -> None:
    """It moves others to a later page, where they are read twice; one that is new stands at the end."""
    put(sandboxes, *range(100, 350))
    put(sandboxes, 5, at="2026-11-01T00:00:00")
    orders = WooCommerceOrders(connected(sandboxes))
    first, cursor = orders.modified_since(NOON, None)
    put(sandboxes, 5, 400)
    ids = {one.record_id for one in first}
    while cursor is not None:
        found, cursor = orders.modified_since(NOON, cursor)
        ids |= {one.record_id for one in found}

    assert ids == {str(number) for number in (*range(100, 350), 400)}


def test_an_order_that_is_deleted_while_pages_are_read_hides_no_other(sandboxes: Sandboxes) -> None:
    """It moves others to a page that was read: the last order that was seen is not there, so that is read again."""
    put(sandboxes, *range(1, 251))
    orders = WooCommerceOrders(connected(sandboxes))
    first, cursor = orders.modified_since(NOON, None)
    sandboxes.woocommerce.state.configure({"delete": [1, 2], "trash": [3]})
    ids = {one.record_id for one in first}
    while cursor is not None:
        found, cursor = orders.modified_since(NOON, cursor)
        ids |= {one.record_id for one in found}

    assert ids == {str(number) for number in range(1, 251)}


@pytest.mark.parametrize(
    ("gone", "come"), [(range(1, 151), ()), (range(1, 4), (901, 902, 903)), (range(1, 330), ()), ((100,), ())]
)
def test_orders_that_go_by_the_hundred_or_as_others_come_hide_no_other(
    sandboxes: Sandboxes, gone: Sequence[int], come: Sequence[int]
) -> None:
    """WooCommerce empties its drafts once a day; and where as many come, the total says nothing."""
    put(sandboxes, *range(1, 351))
    orders = WooCommerceOrders(connected(sandboxes))
    read, cursor = orders.modified_since(NOON, None)
    more, cursor = orders.modified_since(NOON, cursor)
    ids = {one.record_id for one in (*read, *more)}
    sandboxes.woocommerce.state.configure({"delete": list(gone)})
    put(sandboxes, *come)
    pages = 0
    while cursor is not None:
        found, cursor = orders.modified_since(NOON, cursor)
        ids |= {one.record_id for one in found}
        pages += 1

    assert ids >= {str(number) for number in (*range(1, 351), *come) if number not in gone}
    assert pages < 10


def test_a_place_of_an_older_release_is_begun_anew(sandboxes: Sandboxes) -> None:
    """A backfill that is under way while we are deployed reads some orders twice, and none never."""
    put(sandboxes, *range(1, 251))
    found, cursor = WooCommerceOrders(connected(sandboxes)).modified_since(NOON, "2.250")

    assert (found[0].record_id, cursor) == ("1", "99:100")


def test_a_shop_that_does_not_know_when_orders_changed_is_not_read(sandboxes: Sandboxes) -> None:
    """Older versions ignore the parameter and would show all their orders, each time."""
    put(sandboxes, 1, at="2020-01-01T00:00:00")
    sandboxes.woocommerce.state.configure({"knows_modified_after": False})

    with pytest.raises(PermanentError, match="modified_after"):
        WooCommerceOrders(connected(sandboxes)).modified_since(NOON, None)


@pytest.mark.parametrize("cursor", ["", "x", "1", "1.", "0.x", "1:", ":1", "-1:1"])
def test_what_is_no_cursor_is_refused(sandboxes: Sandboxes, cursor: str) -> None:
    """So a window is begun anew rather than read from somewhere."""
    with pytest.raises(PermanentError, match="cursor"):
        WooCommerceOrders(connected(sandboxes)).modified_since(NOON, cursor)


@pytest.mark.parametrize("body", [{}, {"code": "x"}, [1], [{"no": "id"}], "text"])
def test_an_answer_that_is_no_list_is_to_be_tried_again(sandboxes: Sandboxes, body: Any) -> None:
    """Something between us and the shop answered."""
    sandboxes.woocommerce.faults.append(Fault("GET", status=200, body=body))
    with pytest.raises(RetriableError):
        WooCommerceOrders(connected(sandboxes)).modified_since(NOON, None)


def test_an_answer_without_its_number_of_pages_is_no_end(sandboxes: Sandboxes) -> None:
    """A cache that drops the header must not make a cursor pass what was not read."""
    sandboxes.woocommerce.faults.append(Fault("GET", status=200, body=[]))
    with pytest.raises(RetriableError, match="X-WP-Total"):
        WooCommerceOrders(connected(sandboxes)).modified_since(NOON, None)


def test_a_refund_has_its_time_in_the_api_alone(sandboxes: Sandboxes) -> None:
    """The order shows it, and need not have changed by it."""
    put(sandboxes, 727)
    refund = {"id": 51, "amount": "5.00", "reason": "Broken", "date_created_gmt": "2026-11-20T08:00:00"}
    sandboxes.woocommerce.state.configure({"refund": [{"order_id": 727, "refund": refund}]})
    orders = WooCommerceOrders(connected(sandboxes))
    order, refunds = orders.read("727"), orders.refunds("727")

    assert order is not None
    assert (order["refunds"][0]["total"], order["date_modified_gmt"]) == ("-5.00", "2026-11-02T12:30:00")
    store, body = Store(source="woocommerce", id="uk"), json.dumps(order).encode()
    told = translate("woocommerce", "order.updated", store, body, {}, {"refunds": refunds}).events[-1]
    assert (str(told.value), told.occurred_at) == ("5.00", datetime(2026, 11, 20, 8, tzinfo=UTC))


def test_what_the_shop_does_not_know_is_nothing(sandboxes: Sandboxes) -> None:
    """And an id is a number, or nobody is asked."""
    orders = WooCommerceOrders(connected(sandboxes))

    assert (orders.read("404"), orders.refunds("404")) == (None, [])
    for odd in ("", "1/refunds", "../webhooks", "\u0661"):
        with pytest.raises(PermanentError):
            orders.read(odd)


def test_a_wrong_secret_pauses_the_shop(sandboxes: Sandboxes) -> None:
    """Nothing else will be answered either."""
    with pytest.raises(PausedError):
        read_all(WooCommerceOrders(connected(sandboxes, "cs_other")))


@pytest.mark.parametrize(("status", "error"), [(429, PausedError), (500, RetriableError), (503, RetriableError)])
def test_a_passing_fault_is_to_be_tried_again(sandboxes: Sandboxes, status: int, error: type[Exception]) -> None:
    """A host's own limit pauses; the page is asked for again."""
    put(sandboxes, 1)
    sandboxes.woocommerce.faults.append(Fault("GET", status=status))
    orders = WooCommerceOrders(connected(sandboxes))
    with pytest.raises(error):
        orders.modified_since(NOON, None)

    assert read_all(orders) == ["1"]


@pytest.mark.parametrize("address", ["http://shop.example.com", "ftp://shop.example.com", "shop.example.com"])
def test_a_secret_never_travels_in_the_clear(address: str) -> None:
    """Over http a shop wants another proof."""
    with pytest.raises(ConfigurationError):
        WooCommerce(address, "ck", "cs", 5.0)


@dataclass(frozen=True)
class Settings:
    """Where stores are."""

    store_base_urls: str
    vendor_timeout: float = 5.0


@pytest.mark.parametrize("token", ["ck_local", "ck_local:", ":cs_local", ""])
def test_a_client_is_made_of_a_key_and_a_secret(sandboxes: Sandboxes, token: str) -> None:
    """Both in one text, by store."""
    settings = Settings(f"woocommerce:uk={sandboxes.urls['woocommerce']}")
    shop = factory.woocommerce(settings, {"woocommerce": {"uk": "ck_local:cs_local"}}, "uk")

    assert WooCommerceWebhooks(shop).all() == []
    with pytest.raises(ConfigurationError):
        factory.woocommerce(settings, {"woocommerce": {"uk": token}}, "uk")


@pytest.mark.parametrize(
    "params",
    [
        {"modified_since": "2026-11-02T12:00:00"},
        {"per_page": "101"},
        {"page": "0"},
        {"orderby": "modified"},
        {"order": "up"},
        {"modified_after": "yesterday"},
    ],
)
def test_the_sandbox_refuses_what_orders_cannot_be_asked(sandboxes: Sandboxes, params: Mapping[str, str]) -> None:
    """With WordPress's code; the real one ignores a parameter that it does not know."""
    with pytest.raises(RefusedByVendorError) as refused:
        connected(sandboxes).call("GET", "/orders", params=params)
    assert (refused.value.status, refused.value.code) == (400, "rest_invalid_param")
