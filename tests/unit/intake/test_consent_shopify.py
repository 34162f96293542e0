"""What Shopify says of consent: its two topics, customers' bodies of old versions, boxes at the checkout."""

from datetime import UTC, datetime
from typing import Any

import pytest
from commerce_sync.intake import Translation, translate

from tests.unit.intake.bodies import RECEIVED, SHOP, Body, checkout, customer, encoded, order, refused, shopify, stated

EMAIL, SMS = "customers_email_marketing_consent/update", "customers_marketing_consent/update"
AT = "2026-11-02T09:30:00+01:00"
MOMENT = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)


def email_body(state: object, **consent: object) -> Body:
    """A change of email consent."""
    said = {"state": state, "opt_in_level": "single_opt_in", "consent_updated_at": AT, **consent}
    return {"customer_id": 77, "email_address": " Ada@example.com ", "email_marketing_consent": said}


def sms_body(state: object, **consent: object) -> Body:
    """A change of SMS consent."""
    known = {"opt_in_level": "single_opt_in", "consent_collected_from": "SHOPIFY"}
    said = {"state": state, "consent_updated_at": AT, **known, **consent}
    return {"id": 77, "phone": "+4915112345678", "sms_marketing_consent": said}


@pytest.mark.parametrize(
    ("state", "action", "strength"),
    [
        ("subscribed", "grant", "strong_in"),
        ("unsubscribed", "withdraw", "pref_out"),
        ("UNSUBSCRIBED", "withdraw", "pref_out"),
        ("not_subscribed", "info", "info"),
        ("pending", "info", "info"),
        ("redacted", "info", "info"),
        ("invalid", "info", "info"),
        ("opted_sideways", "hold", "info"),
    ],
)
@pytest.mark.parametrize(("topic", "body", "channel"), [(EMAIL, email_body, "email"), (SMS, sms_body, "sms")])
def test_every_state_is_classed(  # noqa: PLR0917 # a table's columns
    topic: str, body: Any, channel: str, state: str, action: str, strength: str
) -> None:
    """A state that is not known is held for a person."""
    said = stated(shopify(topic, body(state)))
    assert (said.channel, said.action, said.strength) == (channel, action, strength)
    assert (said.occurred_at, said.occurred_trust, said.actor) == (MOMENT, "vendor", "subject")


def test_an_email_statement_says_who_when_and_at_which_box() -> None:
    """Its id is made of the customer, the time and the state, so a second delivery says the same."""
    said = stated(shopify(EMAIL, email_body("subscribed")))
    assert said.statement_id == "customers_email_marketing_consent:77:1793608200000:subscribed"
    assert (said.address, said.form, said.country) == ("Ada@example.com", "shopify:shop-1:checkout", "DE")
    assert said.evidence == {"state": "subscribed", "opt_in_level": "single_opt_in"}
    assert shopify(EMAIL, email_body("subscribed")).consent == (said,)


@pytest.mark.parametrize("collected", ["OTHER", "other", None, 5])
def test_sms_consent_that_was_not_collected_by_shopify_is_weak(collected: object) -> None:
    """An app or an import wrote it."""
    said = stated(shopify(SMS, sms_body("subscribed", consent_collected_from=collected)))
    assert (said.strength, said.method) == ("weak_in", "import")


@pytest.mark.parametrize(("topic", "body"), [(EMAIL, email_body), (SMS, sms_body)])
@pytest.mark.parametrize("level", ["unknown", None, "", 5, "some_opt_in"])
def test_an_opt_in_at_no_level_is_weak(topic: str, body: Any, level: object) -> None:
    """An import or the staff wrote it; what they opt out is out all the same."""
    said = stated(shopify(topic, body("subscribed", opt_in_level=level)))
    assert (said.strength, said.method, said.actor) == ("weak_in", "import", "system")
    out = stated(shopify(topic, body("unsubscribed", opt_in_level=level)))
    assert (out.action, out.strength, out.actor) == ("withdraw", "pref_out", "subject")


def test_an_opt_in_that_was_confirmed_is_strong() -> None:
    """Shopify's word for it is not verified: that is for the notice and the rules."""
    assert stated(shopify(EMAIL, email_body("subscribed", opt_in_level="CONFIRMED_OPT_IN"))).strength == "strong_in"


def test_sms_consent_that_shopify_collected_was_typed_at_the_checkout() -> None:
    """So it must be confirmed."""
    said = stated(shopify(SMS, sms_body("subscribed")))
    assert (said.strength, said.method, said.regions) == ("strong_in", "checkout", ("DE",))


@pytest.mark.parametrize(("topic", "body"), [(EMAIL, email_body), (SMS, sms_body)])
@pytest.mark.parametrize("state", [None, "", 5, {}])
def test_no_state_is_no_information(topic: str, body: Any, state: object) -> None:
    """Settled, and counted."""
    rejection = refused(shopify(topic, body(state)))
    assert (rejection.code, rejection.waits) == ("consent_says_nothing", False)


@pytest.mark.parametrize(
    ("state", "code", "waits"),
    [
        ("unsubscribed", "address_not_usable", True),
        ("opted_sideways", "address_not_usable", True),
        ("subscribed", "opt_in_without_address", False),
        ("not_subscribed", "opt_in_without_address", False),
    ],
)
def test_an_opt_out_without_an_address_waits_for_a_person(state: str, code: str, waits: bool) -> None:  # noqa: FBT001 # a table's column
    """An opt-in without one is nothing."""
    for topic, body in ((EMAIL, email_body(state) | {"email_address": None}), (SMS, sms_body(state) | {"phone": None})):
        rejection = refused(shopify(topic, body))
        assert (rejection.code, rejection.waits) == (code, waits)


@pytest.mark.parametrize("when", [None, "", "yesterday", "2026-11-02", 5])
def test_an_undated_opt_out_is_dated_by_its_delivery(when: object) -> None:
    """Else the next undated one would be taken for a repeat, and lost."""
    body = encoded(email_body("unsubscribed", consent_updated_at=when))
    headers = {"x-shopify-triggered-at": "2026-11-20T12:00:00Z"}
    first = stated(translate("shopify", EMAIL, SHOP, body, headers, received_at=RECEIVED))
    later = stated(translate("shopify", EMAIL, SHOP, body, received_at=RECEIVED))
    bare = stated(translate("shopify", EMAIL, SHOP, body))
    assert (first.occurred_at, first.occurred_trust) == (datetime(2026, 11, 20, 12, tzinfo=UTC), "derived")
    assert (later.occurred_at, bare.occurred_at, bare.occurred_trust) == (RECEIVED, None, "untrusted")
    assert len({first.statement_id, later.statement_id, bare.statement_id}) == 3


def test_an_undated_opt_in_stays_undated() -> None:
    """It is weak, whatever it claims."""
    assert stated(shopify(EMAIL, email_body("subscribed", consent_updated_at=None))).occurred_at is None


def test_an_old_customer_body_mirrors_consent() -> None:
    """An opt-out is one; an opt-in proves nothing, and is told apart from the topic's own."""
    body = customer(
        phone="+4915112345678",
        email_marketing_consent={"state": "subscribed", "consent_updated_at": AT},
        sms_marketing_consent={"state": "unsubscribed", "consent_updated_at": AT},
        accepts_marketing=True,
    )
    translation = shopify("customers/update", body)
    email, sms = translation.consent
    assert (email.action, email.strength, email.method, email.actor) == ("grant", "weak_in", "profile_state", "system")
    assert (sms.action, sms.strength, sms.actor) == ("withdraw", "pref_out", "subject")
    assert email.statement_id == "email_marketing_consent:77:1793608200000:subscribed"
    assert [event.name for event in translation.events] == ["profile_updated"]
    assert [person.phone for person in translation.people] == []


def test_an_opt_out_in_a_customer_body_holds_whatever_else_is_wrong_with_it() -> None:
    """The rest is set aside with its reason."""
    body = customer(email_marketing_consent={"state": "unsubscribed", "consent_updated_at": AT})
    translation = shopify("customers/update", body | {"updated_at": "?"})
    assert [one.action for one in translation.consent] == ["withdraw"]
    assert [one.code for one in translation.rejections] == ["bad_time"]
    assert [person.email for person in translation.people] == ["ada@example.com"]


@pytest.mark.parametrize(("accepts", "count"), [(True, 1), (False, 0), (None, 0), ("true", 0)])
def test_accepts_marketing_of_still_older_bodies_is_weak_or_says_nothing(accepts: object, count: int) -> None:
    """False is the default, and no opt-out."""
    said = shopify("customers/update", customer(accepts_marketing=accepts)).consent
    assert [(one.action, one.strength) for one in said] == [("grant", "weak_in")] * count


@pytest.mark.parametrize("state", ["not_subscribed", "pending", None, ""])
def test_a_customer_body_without_an_act_says_nothing(state: object) -> None:
    """Each change of a customer repeats the default."""
    assert shopify("customers/create", customer(email_marketing_consent={"state": state})).consent == ()


@pytest.mark.parametrize("topic", ["orders/create", "orders/updated", "orders/paid", "orders/cancelled"])
def test_a_ticked_box_of_an_order_is_one_statement_whichever_topic_brings_it(topic: str) -> None:
    """At the time of the order, by the address that was typed."""
    said = stated(shopify(topic, order(buyer_accepts_marketing=True, updated_at="2026-11-09T10:00:00Z")))
    assert said.statement_id == "buyer_accepts_marketing:order%3A9007199254740993:email"
    assert (said.address, said.action, said.strength, said.method) == (
        *("ada@example.com", "grant", "strong_in", "checkout"),
    )
    assert (said.form, said.country) == ("shopify:shop-1:checkout", "DE")
    assert said.occurred_at == datetime(2026, 11, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize("source", ["subscription_contract", "pos", "shopify_draft_order", "294517", None])
def test_an_order_without_a_checkout_repeats_a_yes_and_is_no_act(source: object) -> None:
    """A renewal years later is nobody's opt-in of that day: it is weak, undated, and outdoes no opt-out."""
    said = stated(shopify("orders/create", order(buyer_accepts_marketing=True, source_name=source)))
    assert (said.action, said.strength, said.occurred_at) == ("grant", "weak_in", None)
    assert (said.address, said.method, said.actor) == ("ada@example.com", "api", "system")
    assert shopify("orders/create", order(buyer_accepts_marketing=True, source_name=source, email=None)).consent == ()


@pytest.mark.parametrize("ticked", [False, None, "true", 1, [], {}])
def test_a_box_that_was_not_ticked_says_nothing(ticked: object) -> None:
    """No information is no event."""
    assert shopify("orders/create", order(buyer_accepts_marketing=ticked)).consent == ()
    body = checkout(buyer_accepts_marketing=ticked, completed_at="2026-11-01T09:10:00Z")
    assert shopify("checkouts/update", body).consent == ()


def test_a_box_beside_no_address_says_nothing() -> None:
    """The customer's own address was not typed here."""
    assert shopify("orders/create", order(buyer_accepts_marketing=True, email=None)).consent == ()


def test_a_test_order_opts_nobody_in() -> None:
    """Nobody bought anything."""
    assert shopify("orders/create", order(buyer_accepts_marketing=True, test=True)).consent == ()


BOXES: dict[str, object] = {
    "buyer_accepts_marketing": True,
    "buyer_accepts_sms_marketing": True,
    "sms_marketing_phone": "0151 12345678",
    "billing_address": {"country_code": "AT"},
}


@pytest.mark.parametrize("completed_at", [None, ""])
def test_a_box_of_a_checkout_that_is_still_being_filled_in_says_nothing(completed_at: object) -> None:
    """It may be unticked before anybody buys, and an unticked box withdraws nothing. Who was named is still found."""
    translation = shopify("checkouts/create", checkout(**BOXES, completed_at=completed_at))
    assert translation.consent == ()
    assert translation.rejections == ()
    assert [event.name for event in translation.events] == ["started_checkout"]
    assert [(person.phone, person.country) for person in translation.people] == [("0151 12345678", "AT")]


def test_a_checkout_has_a_box_for_each_channel() -> None:
    """The phone beside the box is somebody, too: an erasure must find it."""
    translation = shopify("checkouts/update", checkout(**BOXES, completed_at="2026-11-01T09:10:00Z"))
    email, sms = translation.consent
    assert (email.statement_id, sms.statement_id) == (
        "buyer_accepts_marketing:checkout%3Aabc123:email",
        "buyer_accepts_marketing:checkout%3Aabc123:sms",
    )
    assert (email.country, sms.country, sms.regions) == ("AT", None, ("AT", "DE"))
    assert (sms.address, sms.method, sms.strength) == ("0151 12345678", "checkout", "strong_in")
    assert [(person.email, person.phone, person.country) for person in translation.people] == [
        (None, "0151 12345678", "AT")
    ]


def test_a_ticked_sms_box_without_its_phone_says_nothing() -> None:
    """Another phone is not the one that was ticked for."""
    said = {**BOXES, "buyer_accepts_marketing": False, "sms_marketing_phone": None, "phone": "+4915112345678"}
    body = checkout(**said, completed_at="2026-11-01T09:10:00Z")
    assert shopify("checkouts/update", body).consent == ()


def test_odd_values_beside_the_boxes_refuse_no_order() -> None:
    """They are read only where they are what they should be."""
    translation: Translation = shopify("orders/create", order(buyer_accepts_marketing={"x": 1}))
    assert translation.events[0].name == "placed_order"
