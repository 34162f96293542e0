"""BigCommerce: what its newsletter's list and its checkouts say of consent, and what they do not."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.errors import RetriableError
from commerce_sync.intake import Translation, hydrate, translate
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.intake.bodies import RECEIVED
from tests.unit.intake.store_bodies import NEWSLETTER, OUTLET, bigcommerce, bigcommerce_order, subscriber, thin

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


def ordered(scope: str = "store/order/created", **changes: object) -> Translation:
    """A webhook about an order."""
    return bigcommerce(scope, {"order": bigcommerce_order(**changes)})


@pytest.mark.parametrize("scope", ["store/order/created", "store/order/updated", "store/order/statusUpdated"])
def test_a_box_that_was_ticked_at_the_checkout_is_one_statement_however_often_it_is_told(scope: str) -> None:
    """Dated as the order. The order itself is translated later."""
    translation = ordered(scope)
    said = stated(translation)

    assert (said.statement_id, said.strength, said.method) == ("order:250:email", "strong_in", "checkout")
    assert (said.form, said.occurred_at) == ("bigcommerce:outlet:checkout", datetime(2026, 11, 1, 9, 30, tzinfo=UTC))
    assert codes(translation) == ["not_yet_translated"]
    (person,) = translation.people
    assert (person.email, person.phone, person.customer_id) == ("ada@example.com", "202-555-0130", "11")


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
    assert ordered(customer_id=0).people[0].customer_id is None


def test_a_tick_without_an_address_is_settled() -> None:
    """Nothing can come of it."""
    assert codes(ordered(billing_address=None)) == ["not_yet_translated", "opt_in_without_address"]


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
        ("store/order/archived", "not_yet_translated"),
        ("store/order/refund/created", "not_yet_translated"),
        ("store/cart/lineItem/created", "not_yet_translated"),
        ("store/shipment/created", "not_yet_translated"),
        ("store/customer/updated", "not_yet_translated"),
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
    """Kept for later, or not used at all."""
    body = json.dumps(thin("store/order/created")).encode()
    assert codes(translate("bigcommerce", topic, OUTLET, body)) == [code]


class Store:
    """A store that knows some records and counts who asks."""

    def __init__(self, records: Mapping[tuple[str, str], Mapping[str, object]]) -> None:
        self.records = records
        self.asked: list[tuple[str, str]] = []

    def read(self, kind: str, record_id: str) -> Mapping[str, object] | None:
        """One of them."""
        self.asked.append((kind, record_id))
        if record_id == "500":
            raise RetriableError("away")
        return self.records.get((kind, record_id))


def asked_for(store: Store, topic: str, body: object, source: str = "bigcommerce") -> Mapping[str, object] | None:
    """What is fetched for a body."""
    return hydrate(source, topic, body if isinstance(body, bytes) else json.dumps(body).encode(), lambda: store)


def test_what_stands_behind_an_id_is_fetched_by_its_kind() -> None:
    """The topic says which kind; ids may be text or numbers."""
    store = Store({("subscriber", "5"): subscriber(), ("order", "250"): bigcommerce_order()})

    assert asked_for(store, CREATED, thin(CREATED)) == {"subscriber": subscriber()}
    assert asked_for(store, "store/order/statusUpdated", thin("store/order/statusUpdated", "250")) == {
        "order": bigcommerce_order()
    }
    assert asked_for(store, CREATED, thin(CREATED, 6)) == {}


@pytest.mark.parametrize(
    ("source", "topic", "body"),
    [
        ("shopify", "orders/create", {"id": 1}),
        ("woocommerce", "order.created", {"id": 1}),
        ("bigcommerce", DELETED, thin(DELETED)),
        ("bigcommerce", "store/product/updated", thin("store/product/updated")),
        ("bigcommerce", CREATED, thin(CREATED, "")),
        ("bigcommerce", CREATED, thin(CREATED, "5/../../orders")),
        ("bigcommerce", CREATED, thin(CREATED, -5)),
        ("bigcommerce", CREATED, thin(CREATED, "\u0665")),
        ("bigcommerce", CREATED, {"data": None}),
        ("bigcommerce", CREATED, []),
        ("bigcommerce", CREATED, b"<html>"),
    ],
)
def test_no_store_is_asked_for_what_would_not_be_translated(source: str, topic: str, body: object) -> None:
    """Nor by an id that is no number: it would lead to another place of the API."""
    store = Store({})

    assert asked_for(store, topic, body, source) is None
    assert store.asked == []


def test_a_store_that_does_not_answer_is_an_error_to_try_again() -> None:
    """The delivery comes back; nothing is settled by silence."""
    with pytest.raises(RetriableError):
        asked_for(Store({}), CREATED, thin(CREATED, 500))


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


@given(changes=st.dictionaries(st.sampled_from(sorted(bigcommerce_order())), JSON, max_size=5))
def test_whatever_an_order_holds_it_opts_in_only_by_a_tick(changes: Mapping[str, object]) -> None:
    """True and nothing else."""
    row = {**bigcommerce_order(), **changes}
    translation = bigcommerce("store/order/created", {"order": row})

    assert translation.rejections
    assert not translation.consent or row["is_email_opt_in"] is True
