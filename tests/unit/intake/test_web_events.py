"""Any web event: the snippet's, several in one body, and what nobody may tell through a public token."""

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from commerce_sync.contracts import Person
from commerce_sync.intake import translate
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.intake.bodies import only, refused
from tests.unit.intake.test_translation_properties import VALUES, places, put
from tests.unit.intake.web_bodies import (
    OWN_PAGES,
    PAGES,
    RECEIVED,
    Body,
    added,
    browser,
    snippet,
    started,
    variant,
    viewed,
)


def test_the_snippets_view_is_worth_its_products() -> None:
    """2 x 14.95 + 1.10."""
    event = only(browser(snippet(), OWN_PAGES))
    assert (event.source, event.store) == ("own", "wholesale")
    assert event.event_id == "own:wholesale:web-0001:viewed_product"
    assert (event.value, event.currency) == (Decimal("31.00"), "USD")
    assert [(one.product_id, one.quantity) for one in event.line_items] == [("MUG", 2), ("7", 1)]
    assert event.properties == {"collected_by": "snippet"}


def test_the_snippets_checkout_is_worth_its_total_and_says_where_it_does_not_sum() -> None:
    """31.00 - 1.00 + 5.00 = 35.00."""
    sums = {"total": "35.00", "discount": "1.00", "shipping": "5.00", "tax": "3.00"}
    event = only(browser(snippet("started_checkout", **sums), OWN_PAGES))
    assert (event.value, event.discount, event.imbalance) == (Decimal("35.00"), Decimal("1.00"), None)
    assert only(browser(snippet("started_checkout", total="40.00"), OWN_PAGES)).imbalance is not None
    assert only(browser(snippet("started_checkout"), OWN_PAGES)).value == Decimal("31.00")


def test_a_checkout_id_that_could_be_guessed_takes_no_place_of_a_true_event() -> None:
    """A Shopify token is random, another shop's number is the next one: whoever reads the token would block it."""
    body = snippet("started_checkout", checkout_id="1001")
    assert only(browser(body, OWN_PAGES)).event_id == "own:wholesale:web-0001:started_checkout"
    assert only(browser(body, PAGES)).event_id == "shopify:us:1001:started_checkout"


def test_one_bad_event_spoils_no_other() -> None:
    """And the reason says which one."""
    translation = browser([viewed(id="a"), added(id="b", timestamp="yesterday"), viewed(id="c")])
    assert [event.event_id.split(":")[2] for event in translation.events] == ["web-a", "web-c"]
    (rejection,) = translation.rejections
    assert (rejection.code, rejection.path, rejection.waits) == ("web_event_unreadable", "[1].timestamp", False)
    assert Person(email="ada@example.com") in translation.people


@pytest.mark.parametrize("name", ["checkout_completed", "page_viewed", "placed_order", "refunded_order", "consent", ""])
def test_other_names_are_settled(name: str) -> None:
    """Orders above all: revenue comes from the store."""
    rejection = refused(browser(viewed(name=name)))
    assert (rejection.code, rejection.path, rejection.waits) == ("topic_not_used", "name", False)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (viewed(data={"productVariant": variant(id="<script>alert(1)</script>")}), "data.productVariant.id"),
        (viewed(data={"productVariant": variant(sku="https://evil.example/?win=1")}), "data.productVariant.sku"),
        (snippet(products=[{"product_id": "x" * 65, "price": 1}]), "products[0].product_id"),
        (snippet(products=[{"price": -1}]), "products[0].price"),
        (snippet(products=[{"price": 1, "quantity": 0}]), "products[0].quantity"),
        (snippet(products=[{"price": 1, "quantity": 10**9}]), "products[0].quantity"),
        (snippet(products=[]), "products"),
        (snippet(products=[{"price": "1e5"}]), "products[0].price"),
        (snippet(currency="usd"), "currency"),
        (snippet(id=None), "id"),
        (snippet(id=" "), "id"),
        (snippet(timestamp="2026-11-21T18:00:00"), "timestamp"),
        ("no event", ""),
    ],
)
def test_what_cannot_be_an_event_is_settled_with_its_place(body: object, path: str) -> None:
    """It alarms nobody: anybody could ring."""
    rejection = refused(browser(body))
    assert (rejection.code, rejection.path, rejection.waits) == ("web_event_unreadable", path, False)


def test_no_words_of_a_browser_go_on() -> None:
    """A title or an address that anybody may write must not end up in a mail of the shop's."""
    for body in (viewed(), added(), started()):
        (event,) = browser(body).events
        assert "script" not in event.model_dump_json()
        assert "evil" not in event.model_dump_json()


EVERY: list[Body] = [viewed(), added(), started(), snippet(), snippet("added_to_cart"), snippet("started_checkout")]


@settings(deadline=None, max_examples=400)
@given(st.data())
def test_no_mutation_makes_consent_revenue_or_a_joined_person(data: st.DataObject) -> None:
    """Whatever a browser says: three kinds of event, of its own shop, by one name, never an order."""
    body: Any = data.draw(st.sampled_from(EVERY))
    body = put(deepcopy(body), data.draw(st.sampled_from(places(body))), data.draw(VALUES))
    translation = browser([body, data.draw(VALUES)])
    assert (translation.consent, translation.same, translation.privacy) == ((), (), ())
    for event in translation.events:
        assert event.name in {"viewed_product", "added_to_cart", "started_checkout"}
        assert (event.source, event.store) == ("shopify", "us")
        assert (event.order_id, event.order, event.refund) == (None, None, None)
        assert event.person is not None
        assert (event.person.email is None) is not (event.person.customer_id is None)
        assert event.value is not None
        assert event.value >= 0
    assert not any(rejection.waits for rejection in translation.rejections)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise(raw: bytes) -> None:
    """As of any source."""
    translate("web", "events", PAGES, raw, received_at=RECEIVED)
    translate("web", "events", PAGES, b"[" + raw + b"]", received_at=RECEIVED)
