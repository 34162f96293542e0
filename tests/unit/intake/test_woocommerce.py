"""WooCommerce: what plugins' fields say of consent, what they do not, and the store's own errors."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.intake import Translation
from commerce_sync.intake.woocommerce.topics import TRANSLATORS
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.intake.bodies import RECEIVED
from tests.unit.intake.store_bodies import (
    EMAIL_KEY,
    OTHER_KEY,
    SMS_KEY,
    woocommerce,
    woocommerce_customer,
    woocommerce_order,
)
from tests.unit.intake.test_bigcommerce import JSON

PLACED_AT, CHANGED_AT = datetime(2026, 11, 1, 9, 30, tzinfo=UTC), datetime(2026, 11, 2, 10, tzinfo=UTC)
YES = ["1", 1, True, "yes", "YES", " true ", "on"]
NO = ["0", 0, False, "no", "", None, "off", "false"]
UNKNOWN: list[Any] = ["maybe", "subscribed", 2, 1.0, [], ["1"], {}, {"optin": "1"}]


def ordered(*fields: tuple[str, Any], topic: str = "order.created", **changes: object) -> Translation:
    """An order."""
    return woocommerce(topic, woocommerce_order(*fields, **changes))


def known(*fields: tuple[str, Any], **changes: object) -> Translation:
    """A customer."""
    return woocommerce("customer.updated", woocommerce_customer(*fields, **changes))


def codes(translation: Translation) -> list[str]:
    """Why it gave no more."""
    return [one.code for one in translation.rejections]


def stated(translation: Translation) -> ConsentStatement:
    """The only statement."""
    (statement,) = translation.consent
    return statement


@pytest.mark.parametrize("value", YES)
@pytest.mark.parametrize("topic", ["order.created", "order.updated"])
def test_a_box_that_was_ticked_at_the_checkout_is_one_statement_however_often_it_is_told(
    topic: str, value: object
) -> None:
    """Dated as the order, in UTC although it does not say so."""
    said = stated(ordered((EMAIL_KEY, value), topic=topic))

    assert (said.statement_id, said.action, said.strength) == ("order:727:email", "grant", "strong_in")
    assert (said.method, said.form, said.occurred_at) == ("checkout", "woocommerce:uk:checkout", PLACED_AT)
    assert (said.address, said.country, said.actor) == ("ann@example.com", "GB", "subject")


def test_several_fields_that_say_yes_are_one_statement() -> None:
    """Two plugins, one box."""
    assert stated(ordered((EMAIL_KEY, "1"), (OTHER_KEY, "yes"))).statement_id == "order:727:email"


def test_a_box_for_texts_is_about_the_phone() -> None:
    """With the countries in which its digits may be read."""
    said = stated(ordered((SMS_KEY, "1"), billing={"phone": "06 12 34 56 78", "country": "FR"}))

    assert (said.channel, said.address, said.regions) == ("sms", "06 12 34 56 78", ("FR", "GB"))
    assert (said.country, said.method) == (None, "checkout")


@pytest.mark.parametrize("value", NO)
@pytest.mark.parametrize("read", [ordered, known])
def test_a_box_that_was_not_ticked_says_nothing(read: Any, value: object) -> None:
    """No is the default: neither consent nor a withdrawal."""
    translation = read((EMAIL_KEY, value), (SMS_KEY, value))

    assert (translation.consent, codes(translation)) == ((), [])


def test_a_field_that_nobody_configured_says_nothing() -> None:
    """Whose field it is, only the shop knows."""
    assert ordered(("_some_other_plugin", "yes")).consent == ()


@pytest.mark.parametrize("value", [*UNKNOWN, "unsubscribed"])
def test_a_value_that_nobody_knows_is_never_yes_and_alarms(value: object) -> None:
    """Refused with a reason. It is a shop's free text and no vendor's word, so nobody is held by it."""
    translation = ordered((EMAIL_KEY, value))

    assert (translation.consent, codes(translation)) == ((), ["unknown_consent"])


@pytest.mark.parametrize("how", ["admin", "rest-api", "", None, "importer", [], {}])
def test_a_tick_in_an_order_that_no_buyer_placed_is_weak(how: object) -> None:
    """Staff and APIs tick for others."""
    said = stated(ordered((EMAIL_KEY, "1"), created_via=how))

    assert (said.strength, said.occurred_at, said.actor) == ("weak_in", None, "system")


@pytest.mark.parametrize(
    "renewal", [{"created_via": "subscription"}, {"meta": ("_subscription_renewal", "17")}], ids=["by how", "by field"]
)
def test_a_renewal_that_carries_the_first_orders_tick_says_nothing(renewal: Mapping[str, Any]) -> None:
    """Dated each month anew it would outdo every opt-out."""
    fields = [(EMAIL_KEY, "1")] + ([renewal["meta"]] if "meta" in renewal else [])
    changes = {name: value for name, value in renewal.items() if name != "meta"}

    assert ordered(*fields, **changes).consent == ()


@pytest.mark.parametrize("odd", [None, "", "yesterday", 7])
def test_a_tick_without_a_time_is_weak(odd: object) -> None:
    """An undated opt-in clears nothing."""
    assert stated(ordered((EMAIL_KEY, "1"), date_created_gmt=odd)).strength == "weak_in"


@pytest.mark.parametrize("status", ["checkout-draft", "wc-checkout-draft", "auto-draft", "draft", "new"])
def test_a_draft_of_a_checkout_says_nothing(status: str) -> None:
    """Blocks write one while the buyer still types."""
    translation = ordered((EMAIL_KEY, "1"), status=status)

    assert (translation.consent, codes(translation)) == ((), ["incomplete_order"])


@pytest.mark.parametrize("status", ["pending", "failed", "trash", "cancelled"])
@pytest.mark.parametrize("odd", [{}, {"total": "?"}, {"line_items": None}])
def test_a_tick_counts_whatever_becomes_of_the_order(status: str, odd: Mapping[str, Any]) -> None:
    """It was ticked by the person, and the order may be refused for its own reasons."""
    said = stated(ordered((EMAIL_KEY, "1"), status=status, **odd))

    assert (said.statement_id, said.occurred_at) == ("order:727:email", PLACED_AT)


@pytest.mark.parametrize("billing", [None, [], {}, {"email": " ", "phone": ""}])
def test_a_tick_without_an_address_is_settled(billing: object) -> None:
    """PHP writes an empty list where there is nothing."""
    translation = ordered((EMAIL_KEY, "1"), (SMS_KEY, "1"), billing=billing)

    assert (translation.consent, codes(translation)) == ((), ["opt_in_without_address"] * 2)


def test_an_order_names_its_people_so_that_an_erasure_finds_it() -> None:
    """In its events, or beside them where it gives none; customer 0 is a guest."""
    person = ordered().events[0].person
    assert person is not None
    assert (person.email, person.phone, person.customer_id, person.country) == (
        "ann@example.com",
        "020 7946 0018",
        "26",
        "GB",
    )
    assert ordered(status="pending", customer_id=0).people == (person.model_copy(update={"customer_id": None}),)


@pytest.mark.parametrize("value", YES)
def test_a_yes_at_a_customer_is_a_mirror_and_weak(value: object) -> None:
    """Plugins write it from their lists and write it anew when they sync (mailchimp/mc-woocommerce 1264)."""
    said = stated(known((EMAIL_KEY, value)))

    assert (said.strength, said.occurred_at, said.actor, said.method) == ("weak_in", None, "system", "profile_state")
    assert said == stated(known((EMAIL_KEY, value), date_modified_gmt="2027-01-01T00:00:00"))


def test_a_customer_who_left_is_opted_out_at_the_latest_time_that_it_can_have_been() -> None:
    """Mailchimp's word; leaving again later is another statement."""
    said = stated(known((EMAIL_KEY, "unsubscribed")))

    assert (said.action, said.strength, said.occurred_at) == ("withdraw", "pref_out", CHANGED_AT)
    later = stated(known((EMAIL_KEY, "unsubscribed"), date_modified_gmt="2026-12-01T00:00:00"))
    assert said.statement_id != later.statement_id


def test_a_customer_who_left_texts_has_left_for_good() -> None:
    """By phone it may have been STOP."""
    assert stated(known((SMS_KEY, "unsubscribed"))).strength == "hard_out"


@pytest.mark.parametrize("odd", [None, "", "yesterday", 7, []])
def test_an_opt_out_is_not_refused_for_an_odd_time(odd: object) -> None:
    """It is as late as its arrival then."""
    said = stated(known((EMAIL_KEY, "unsubscribed"), date_modified_gmt=odd, meta_data_extra=odd))

    assert said.occurred_at == RECEIVED


def test_leaving_is_heard_beside_a_field_that_says_yes() -> None:
    """What ends comes before everything else."""
    assert stated(known((EMAIL_KEY, "1"), (OTHER_KEY, "unsubscribed"))).action == "withdraw"


@pytest.mark.parametrize("value", UNKNOWN)
def test_a_value_at_a_customer_that_nobody_knows_is_never_yes_and_alarms(value: object) -> None:
    """The same as in orders."""
    translation = known((EMAIL_KEY, value))

    assert (translation.consent, codes(translation)) == ((), ["unknown_consent"])


@pytest.mark.parametrize("topic", [*sorted(TRANSLATORS), "order.deleted", "product.updated", ""])
@pytest.mark.parametrize("code", ["woocommerce_rest_cannot_view", "rest_no_route"])
def test_a_signed_error_in_place_of_a_record_alarms(topic: str, code: str) -> None:
    """The webhook's owner may not read records any more; nothing else says that the shop has gone silent."""
    translation = woocommerce(topic, {"code": code, "message": "Sorry", "data": {"status": 401}})

    assert [(one.code, one.waits) for one in translation.rejections] == [("store_error", True)]


@pytest.mark.parametrize(
    ("topic", "code"),
    [
        ("order.deleted", "record_deleted"),
        ("subscription.deleted", "record_deleted"),
        ("customer.deleted", "record_deleted"),
        ("order.paid", "topic_not_used"),
        ("product.created", "topic_not_used"),
        ("coupon.updated", "topic_not_used"),
        ("action.woocommerce_add_to_cart", "topic_not_used"),
        ("banana.peeled", "unknown_topic"),
        ("orders/create", "unknown_topic"),
        ("", "unknown_topic"),
    ],
)
def test_a_topic_that_is_not_translated_says_why(topic: str, code: str) -> None:
    """Gone, or not used at all."""
    translation = woocommerce(topic, {"id": 5})

    assert [one.code for one in translation.rejections] == [code]


def test_a_customer_that_is_gone_is_named_by_its_id() -> None:
    """Its other deliveries lie in the archive under it."""
    assert [one.customer_id for one in woocommerce("customer.deleted", {"id": 26}).people] == ["26"]


@given(value=JSON, changes=st.dictionaries(st.sampled_from(sorted(woocommerce_order())), JSON, max_size=5))
def test_whatever_a_shop_sends_it_opts_in_only_by_a_yes(value: Any, changes: Mapping[str, object]) -> None:
    """Never an error, never silence."""
    translation = woocommerce("order.updated", {**woocommerce_order((EMAIL_KEY, value)), **changes})

    assert translation.rejections or translation.events
    is_yes = str(value).strip().lower() in {"1", "yes", "true", "on"} and not isinstance(value, float)
    assert "meta_data" in changes or is_yes or not translation.consent


def test_fields_with_gaps_are_read_as_a_list_is() -> None:
    """PHP writes a list that a plugin took something out of as an object of numbers."""
    left = woocommerce_customer((EMAIL_KEY, "unsubscribed"))
    left["meta_data"] = {"0": {"key": "x", "value": "1"}, "2": left["meta_data"][0]}

    assert stated(woocommerce("customer.updated", left)).action == "withdraw"
