"""Shopify's web pixel: views, carts and checkouts of known visitors, to the cent."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from commerce_sync.contracts import Person

from tests.unit.intake import bodies
from tests.unit.intake.bodies import only, refused, shopify
from tests.unit.intake.web_bodies import RECEIVED, TOKEN, added, browser, pixel, started, variant, viewed


def test_a_view_is_one_variant_at_its_price() -> None:
    """Of the shop whose pages these are."""
    event = only(browser(viewed()))
    assert (event.name, event.event_id) == ("viewed_product", "shopify:us:web-sh-0001:viewed_product")
    assert (event.source, event.store, event.value, event.currency) == ("shopify", "us", Decimal("14.95"), "USD")
    assert event.occurred_at == RECEIVED - timedelta(seconds=3)
    (line,) = event.line_items
    assert (line.product_id, line.variant_id, line.sku, line.quantity) == ("70", "4300", "MUG-B", 1)
    assert event.properties == {"collected_by": "shopify_pixel"}


def test_a_cart_event_is_what_was_added() -> None:
    """Two at 14.95 for 27.90: the discount is the difference."""
    event = only(browser(added()))
    assert event.event_id == "shopify:us:web-sh-0001:added_to_cart"
    assert (event.value, event.discount, event.imbalance) == (Decimal("27.90"), Decimal("2.00"), None)
    assert [(one.quantity, one.unit_price, one.discount) for one in event.line_items] == [
        (2, Decimal("14.95"), Decimal("2.00"))
    ]


def test_a_checkout_sums_up() -> None:
    """29.90 - 3.00 + 4.95 + 2.39 = 34.24."""
    event = only(browser(started()))
    assert (event.value, event.discount, event.shipping, event.tax) == (
        Decimal("34.24"),
        Decimal("3.00"),
        Decimal("4.95"),
        Decimal("2.39"),
    )
    assert (event.imbalance, event.order_id, event.order) == (None, None, None)
    assert event.properties == {"collected_by": "shopify_pixel", "checkout_token": TOKEN}


def test_prices_may_include_the_tax() -> None:
    """29.90 - 3.00 + 4.95 = 31.85, with 2.39 tax in it."""
    assert only(browser(started(totalPrice={"amount": 31.85}))).imbalance is None
    off = only(browser(started(totalPrice={"amount": 99.0}))).imbalance
    assert off == "the total differs by 64.76 USD from lines, discounts, tax, shipping and fees"


def test_the_webhook_of_a_checkout_and_the_pixel_are_one_event() -> None:
    """Whichever comes first; Klaviyo keeps one of them."""
    told = bodies.checkout(token=TOKEN)
    by_webhook = only(shopify("checkouts/create", told))
    by_browser = only(browser(started()))
    assert by_webhook.event_id.replace("shop-1", "us") == by_browser.event_id
    assert by_browser.event_id == f"shopify:us:{TOKEN}:started_checkout"


def test_what_javascript_computed_is_read_to_the_cent() -> None:
    """3 x 19.99 is 59.97 there, and 2 x 29.99 + 0.000000000000004."""
    noisy = {"amount": 59.980000000000004, "currencyCode": "USD"}
    assert only(browser(viewed(data={"productVariant": variant(price=noisy)}))).value == Decimal("59.98")
    yen = {"amount": 2000, "currencyCode": "JPY"}
    event = only(browser(viewed(data={"productVariant": variant(price=yen)})))
    assert (event.value, event.currency) == (Decimal(2000), "JPY")
    text = {"amount": "59.980000000000004"}
    assert only(browser(viewed(data={"productVariant": variant(price=text)}))).value == Decimal("59.980000000000004")


def test_amounts_without_a_currency_are_in_the_shops() -> None:
    """And those with two currencies in none."""
    assert only(browser(viewed(data={"productVariant": variant(price={"amount": 1})}))).currency == "USD"
    for odd in ("EUR", "XXX"):
        rejection = refused(browser(started(totalTax={"amount": 2.39, "currencyCode": odd})))
        assert (rejection.code, rejection.path) == ("web_event_unreadable", "data.checkout.currencyCode")


@pytest.mark.parametrize(
    ("customer", "person"),
    [
        ({"id": "7700", "email": " ada@example.com "}, Person(email="ada@example.com")),
        ({"id": "7700", "email": None}, Person(customer_id="7700")),
        ({"id": 7700}, Person(customer_id="7700")),
        ({"id": "gid://shopify/Customer/7700"}, Person(customer_id="7700")),
        ({"id": "7700", "email": "x" * 400 + "@example.com"}, Person(customer_id="7700")),
    ],
)
def test_one_name_names_the_visitor(customer: object, person: Person) -> None:
    """Two would join whoever they name, and anybody can write them."""
    translation = browser(viewed(customer=customer))
    assert only(translation).person == person
    assert person in translation.people


def test_a_typed_address_counts_before_the_account() -> None:
    """It is what this buyer wrote for this checkout; an erasure of either finds the delivery."""
    translation = browser(started())
    assert only(translation).person == Person(email="typed@example.com")
    assert set(translation.people) == {
        Person(email="ada@example.com"),
        Person(email="typed@example.com"),
        Person(customer_id="7700"),
    }


@pytest.mark.parametrize("customer", [None, {}, {"email": ""}, {"email": "nobody"}, {"id": ""}, "ada@example.com", [1]])
def test_a_browser_alone_is_nobody(customer: object) -> None:
    """A clientId is no name; it is settled and counted, and nothing waits."""
    rejection = refused(browser(viewed(customer=customer)))
    assert (rejection.code, rejection.path, rejection.waits) == ("nobody_named", "customer", False)
    assert refused(browser(pixel("checkout_started", started(email=None)["data"], customer=customer))).code == (
        "nobody_named"
    )


@pytest.mark.parametrize(
    ("off", "is_believed"),
    [
        (timedelta(minutes=5), True),
        (timedelta(minutes=5, seconds=1), False),
        (timedelta(hours=-1), True),
        (timedelta(hours=-1, seconds=-1), False),
        (timedelta(days=400), False),
        (timedelta(days=-4000), False),
    ],
)
def test_a_clock_that_is_off_is_corrected_to_receipt(off: timedelta, *, is_believed: bool) -> None:
    """A browser sends at once, so a time that is far away is a wrong clock. The event says that it was corrected."""
    event = only(browser(viewed(timestamp=(RECEIVED + off).isoformat())))
    assert event.occurred_at == (RECEIVED + off if is_believed else RECEIVED)
    assert ("clock" in event.properties) is not is_believed


def test_without_a_receipt_the_browser_is_believed() -> None:
    """There is nothing to compare it with."""
    assert only(browser(viewed(), received_at=None)).occurred_at == RECEIVED - timedelta(seconds=3)
    assert isinstance(RECEIVED, datetime)
