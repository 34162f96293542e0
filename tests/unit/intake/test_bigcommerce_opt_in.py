"""The box at BigCommerce's checkout: an opt-in, whatever else of the order can be read."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.intake import Translation
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.intake.bigcommerce_bodies import bigcommerce_order, ordered, parts, product
from tests.unit.intake.bodies import named
from tests.unit.intake.store_bodies import bigcommerce
from tests.unit.intake.test_bigcommerce import JSON, codes


def stated(translation: Translation) -> ConsentStatement:
    """The only statement."""
    (statement,) = translation.consent
    return statement


@pytest.mark.parametrize("scope", ["store/order/created", "store/order/updated", "store/order/statusUpdated"])
def test_a_box_that_was_ticked_at_the_checkout_is_one_statement_however_often_it_is_told(scope: str) -> None:
    """Dated as the order, and told beside its events."""
    translation = ordered(scope)
    said = stated(translation)

    assert (said.statement_id, said.strength, said.method) == ("order:250:email", "strong_in", "checkout")
    assert (said.form, said.occurred_at) == ("bigcommerce:outlet:checkout", datetime(2026, 11, 1, 9, 30, tzinfo=UTC))
    assert codes(translation) == []
    assert named(translation, "placed_order")


@pytest.mark.parametrize("ticked", [False, None])
def test_a_box_that_was_not_ticked_says_nothing(ticked: object) -> None:
    """False is the default."""
    assert ordered(is_email_opt_in=ticked).consent == ()


@pytest.mark.parametrize("source", ["manual", "external", "amazon", None])
def test_a_tick_in_an_order_that_no_buyer_placed_here_is_weak(source: str | None) -> None:
    """Staff, APIs and marketplaces tick for others."""
    assert stated(ordered(order_source=source)).strength == "weak_in"


def test_a_checkout_that_was_only_begun_says_nothing() -> None:
    """Status 0: the box may still be unticked."""
    translation = ordered(status_id=0)

    assert (translation.consent, codes(translation)) == ((), ["incomplete_order"])


def test_a_guest_has_no_customer_id() -> None:
    """0 is everybody who did not sign in."""
    assert {event.person.customer_id for event in ordered(customer_id=0).events if event.person} == {None}


def test_a_tick_without_an_address_is_settled() -> None:
    """Nothing can come of it."""
    assert codes(ordered(billing_address=None)) == ["opt_in_without_address"]


@pytest.mark.parametrize(
    "broken",
    [
        parts(bigcommerce_order(total_inc_tax="free")),
        parts(bigcommerce_order(), products=[product(quantity="two")]),
        {"order": bigcommerce_order()},
        parts(bigcommerce_order(date_modified=None)),
        parts(bigcommerce_order(default_currency_code="")),
    ],
)
def test_an_order_that_cannot_be_counted_opts_in_all_the_same(broken: Mapping[str, object]) -> None:
    """What was agreed to does not depend on an amount; its person is known for an erasure."""
    translation = bigcommerce("store/order/created", broken)

    assert stated(translation).statement_id == "order:250:email"
    assert (translation.events, len(translation.rejections)) == ((), 1)
    (person,) = translation.people
    assert (person.email, person.phone, person.customer_id) == ("ada@example.com", "202-555-0130", "11")


@given(changes=st.dictionaries(st.sampled_from(sorted(bigcommerce_order())), JSON, max_size=5))
def test_whatever_an_order_holds_it_opts_in_only_by_a_tick(changes: Mapping[str, object]) -> None:
    """True and nothing else."""
    row = {**bigcommerce_order(), **changes}
    translation = bigcommerce("store/order/created", parts(row))

    assert translation.rejections or translation.events
    assert not translation.consent or row["is_email_opt_in"] is True
