"""BigCommerce: what its newsletter's list says of consent, what it does not, and topics that say nothing."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.intake import Translation, translate
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.intake.bodies import RECEIVED
from tests.unit.intake.store_bodies import NEWSLETTER, OUTLET, bigcommerce, subscriber, thin

CREATED, UPDATED, DELETED = (f"store/subscriber/{verb}" for verb in ("created", "updated", "deleted"))
MADE_AT, CHANGED_AT = datetime(2026, 11, 1, 9, tzinfo=UTC), datetime(2026, 11, 2, 10, tzinfo=UTC)


def listed(scope: str, **changes: object) -> Translation:
    """A webhook about a row of the list."""
    return bigcommerce(scope, {"subscriber": subscriber(**changes)})


def stated(translation: Translation) -> ConsentStatement:
    """The only statement."""
    (statement,) = translation.consent
    return statement


def codes(translation: Translation) -> list[str]:
    """Why it gave no more."""
    return [rejection.code for rejection in translation.rejections]


@pytest.mark.parametrize(
    ("source", "method", "form"),
    [("storefront", "form", "newsletter"), ("order", "checkout", "checkout")],
)
def test_who_comes_on_the_list_by_an_act_of_their_own_has_opted_in(source: str, method: str, form: str) -> None:
    """With the form, by which its notice is found, and the time at which the row was made."""
    said = stated(listed(CREATED, source=source, order_id=250))

    assert (said.action, said.strength, said.method) == ("grant", "strong_in", method)
    assert said.form == f"bigcommerce:outlet:{form}"
    assert (said.address, said.occurred_at, said.country) == ("Ada@example.com", MADE_AT, "US")
    assert said.evidence == {"subscriber_id": "5", "order_id": "250"}


@pytest.mark.parametrize("source", ["custom", "", None, "import", 7])
def test_who_was_put_on_the_list_has_not_opted_in_by_it(source: object) -> None:
    """An API or an import proves no act of the person: weak, and nobody's own."""
    said = stated(listed(CREATED, source=source))

    assert (said.strength, said.occurred_at, said.actor, said.method) == ("weak_in", None, "system", "import")


def test_an_opt_in_is_told_once_and_never_dated_by_a_change() -> None:
    """A change of a name is no new opt-in: dated anew it would outdo an opt-out that came between."""
    at_once = stated(listed(CREATED))
    later = stated(listed(UPDATED, first_name="Adah", date_modified="2027-01-01T00:00:00Z"))

    assert at_once == later
    assert later.occurred_at == MADE_AT


def test_an_answer_that_knows_no_consents_means_that_who_is_on_the_list_is_subscribed() -> None:
    """The list had none before; an empty list of them is something else."""
    row = {name: value for name, value in subscriber().items() if name != "consents"}

    assert stated(bigcommerce(UPDATED, {"subscriber": row})).strength == "strong_in"


@pytest.mark.parametrize("consents", [[], ["abandoned_cart"]])
def test_a_new_row_without_the_newsletter_says_nothing(consents: list[str]) -> None:
    """The box at the checkout was not ticked: a default is neither consent nor a withdrawal."""
    translation = listed(CREATED, source="order", consents=consents)

    assert (translation.consent, codes(translation)) == ((), ["consent_says_nothing"])


@pytest.mark.parametrize("consents", [[], ["abandoned_cart"]])
def test_who_had_signed_up_in_the_shop_and_left_has_opted_out(consents: list[str]) -> None:
    """Nobody fills in the newsletter's form without subscribing, so a row without it was left."""
    said = stated(listed(UPDATED, consents=consents))

    assert (said.action, said.strength, said.occurred_at) == ("withdraw", "pref_out", CHANGED_AT)
    assert said.statement_id == "subscriber:5:left:1793613600000"


@pytest.mark.parametrize("source", ["order", "custom", None])
def test_a_changed_row_that_may_never_have_held_the_newsletter_is_held(source: str | None) -> None:
    """It may be an opt-out or a box that was not ticked twice: nobody writes until a person has decided."""
    said = stated(listed(UPDATED, source=source, consents=[]))

    assert (said.action, said.strength) == ("hold", "info")


def test_leaving_twice_is_two_statements() -> None:
    """The second one must not be taken for the first."""
    first = stated(listed(UPDATED, consents=[]))
    second = stated(listed(UPDATED, consents=[], date_modified="2026-11-03T10:00:00Z"))

    assert first.statement_id != second.statement_id


@pytest.mark.parametrize("odd", [None, "", "yesterday", 7, []])
def test_an_opt_out_is_not_refused_for_an_odd_time(odd: object) -> None:
    """It is as late as the webhook that tells of it."""
    said = stated(listed(UPDATED, consents=[], date_modified=odd, date_created=odd, order_id={}))

    assert (said.action, said.occurred_at) == ("withdraw", datetime.fromtimestamp(1_795_000_000, UTC))
    assert said.occurred_trust == "derived"


def test_an_undated_opt_out_of_an_undated_webhook_is_as_late_as_its_arrival() -> None:
    """There is always a time by which the next one differs."""
    row = {"subscriber": subscriber(consents=[], date_modified=None)}

    assert stated(bigcommerce(UPDATED, row, created_at="soon")).occurred_at == RECEIVED


@pytest.mark.parametrize("consents", [["newsletter_2"], "marketing_newsletter", None, {}, [None]])
@pytest.mark.parametrize("scope", [CREATED, UPDATED])
def test_consents_that_nobody_knows_are_held_and_alarm(scope: str, consents: object) -> None:
    """Never an opt-in, and never silence."""
    translation = listed(scope, consents=consents)

    assert stated(translation).action == "hold"
    assert codes(translation) == ["unknown_consent"]
    assert translation.rejections[0].waits


def test_a_word_that_nobody_knows_beside_the_newsletter_takes_nothing_away() -> None:
    """The newsletter is there; the other word is for somebody to look at."""
    translation = listed(UPDATED, consents=[NEWSLETTER, "texts"])

    assert stated(translation).strength == "strong_in"
    assert codes(translation) == ["unknown_consent"]


def test_a_deleted_subscriber_is_no_withdrawal() -> None:
    """Only its id is told; staff tidy lists, and to be on no list is no information (R4)."""
    translation = bigcommerce(DELETED, None)

    assert (translation.consent, codes(translation)) == ((), ["record_deleted"])
    assert not translation.rejections[0].waits


def test_a_subscriber_without_an_address_waits_for_a_person() -> None:
    """It may have been an opt-out."""
    translation = listed(UPDATED, email=" ", consents=[])

    assert (translation.consent, codes(translation)) == ((), ["address_not_usable"])
    assert translation.rejections[0].waits


@pytest.mark.parametrize("scope", [CREATED, UPDATED, "store/order/created"])
def test_a_thin_body_whose_store_was_not_asked_waits(scope: str) -> None:
    """It says nothing by itself, and is replayed once the store can be asked."""
    translation = bigcommerce(scope, None)

    assert (translation.consent, codes(translation)) == ((), ["not_asked"])
    assert translation.rejections[0].waits


@pytest.mark.parametrize("scope", [CREATED, UPDATED, "store/order/created"])
def test_a_record_that_is_gone_is_settled(scope: str) -> None:
    """Deleted before it was asked for: no information, and nothing to be done."""
    translation = bigcommerce(scope, {})

    assert (translation.consent, codes(translation)) == ((), ["record_unknown"])
    assert not translation.rejections[0].waits


@pytest.mark.parametrize(
    ("topic", "code"),
    [
        ("store/order/message/created", "topic_not_used"),
        ("store/order/transaction/created", "topic_not_used"),
        ("store/cart/abandoned", "topic_not_used"),
        ("store/cart/converted", "topic_not_used"),
        ("store/cart/deleted", "topic_not_used"),
        ("store/cart/couponApplied", "topic_not_used"),
        ("store/shipment/deleted", "topic_not_used"),
        ("store/customer/deleted", "record_deleted"),
        ("store/customer/address/created", "topic_not_used"),
        ("store/product/updated", "topic_not_used"),
        ("store/priceList/created", "topic_not_used"),
        ("store/app/uninstalled", "topic_not_used"),
        ("store/banana/peeled", "unknown_topic"),
        ("orders/create", "unknown_topic"),
        ("", "unknown_topic"),
    ],
)
def test_a_topic_that_is_not_translated_says_why(topic: str, code: str) -> None:
    """Not used, not known, or a record that is gone."""
    body = json.dumps(thin("store/order/created")).encode()
    assert codes(translate("bigcommerce", topic, OUTLET, body)) == [code]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(
    scope=st.sampled_from([CREATED, UPDATED]),
    changes=st.dictionaries(st.sampled_from(sorted(subscriber())), JSON, max_size=5),
)
def test_whatever_a_row_holds_it_is_a_statement_or_a_reason(scope: str, changes: Mapping[str, object]) -> None:
    """Never an error, never silence, and an opt-in only where the newsletter stands."""
    row = {**subscriber(), **changes}
    translation = bigcommerce(scope, {"subscriber": row})

    assert translation.consent or translation.rejections
    for said in translation.consent:
        assert said.action != "grant" or (isinstance(row["consents"], list) and NEWSLETTER in row["consents"])
