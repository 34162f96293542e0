"""Consent in the own system's words."""

from datetime import UTC, datetime

import pytest
from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.intake import Translation, translate

from tests.unit.intake.bodies import OWN, RECEIVED, encoded, refused, stated
from tests.unit.intake.test_own import DATA

ADA: dict[str, object] = {"channel": "email", "email": "ada@example.com", "method": "form", "form": "newsletter"}


def told(kind: str, data: dict[str, object], **attributes: object) -> Translation:
    """The translation of one CloudEvent about consent."""
    event = {"specversion": "1.0", "id": "evt_1", "type": f"com.example.{kind}", "time": "2026-11-01T00:00:00Z"}
    return translate("own", "", OWN, encoded({**event, "data": data, **attributes}), received_at=RECEIVED)


def said(kind: str, **changes: object) -> ConsentStatement:
    """Its one statement."""
    return stated(told(kind, ADA | changes))


def test_a_grant_says_who_how_and_at_which_form() -> None:
    """The form is named with its source and store, as notices.toml names it."""
    one = said("consent.granted", notice_sha256="a" * 64, language="de", country="AT", purpose="offers", sender="shop")
    assert (one.action, one.strength, one.method, one.form) == ("grant", "strong_in", "form", "own:main:newsletter")
    assert (one.purpose, one.sender, one.notice_sha256, one.country) == ("offers", "shop", "a" * 64, "AT")
    assert (one.occurred_at, one.statement_id) == (
        datetime(2026, 11, 1, tzinfo=UTC),
        "consent:evt_1:email:granted:1793491200000",
    )
    assert one.evidence["language"] == "de"


@pytest.mark.parametrize(
    ("changes", "strength"),
    [
        ({"verification": "double_opt_in"}, "verified_in"),
        ({"verification": "handset"}, "strong_in"),
        ({"verification": "a promise"}, "strong_in"),
        ({"method": "import"}, "weak_in"),
        ({"method": "import", "verification": "double_opt_in"}, "weak_in"),
        ({"method": "api"}, "weak_in"),
        ({"method": "telepathy"}, "weak_in"),
        ({"method": None}, "weak_in"),
        ({"actor": "staff"}, "weak_in"),
        ({"actor": "system"}, "weak_in"),
        ({"method": "paid_lead"}, "strong_in"),
        ({"method": "keyword"}, "weak_in"),
        ({"channel": "sms", "phone": "+12025550123", "verification": "handset", "method": "keyword"}, "verified_in"),
    ],
)
def test_a_grant_is_as_strong_as_what_proves_it(changes: dict[str, object], strength: str) -> None:
    """And never stronger."""
    assert said("consent.granted", **changes).strength == strength


@pytest.mark.parametrize(
    ("changes", "strength"),
    [
        ({}, "pref_out"),
        ({"method": "one_click"}, "pref_out"),
        ({"method": "complaint"}, "hard_out"),
        ({"method": "legal"}, "hard_out"),
        ({"channel": "sms", "phone": "+12025550123", "method": "keyword"}, "hard_out"),
        ({"channel": "email", "method": "keyword"}, "pref_out"),
    ],
)
def test_a_withdrawal_is_one_and_of_every_purpose_unless_it_names_one(
    changes: dict[str, object], strength: str
) -> None:
    """STOP by phone, complaints and legal requests are hard."""
    one = said("consent.withdrawn", **changes)
    assert (one.action, one.strength, one.purpose) == ("withdraw", strength, "*")
    assert said("consent.withdrawn", purpose="offers").purpose == "offers"


@pytest.mark.parametrize(
    ("state", "action"),
    [("granted", "grant"), ("Withdrawn", "withdraw"), ("paused", "hold"), (None, "hold"), (5, "hold")],
)
def test_an_update_says_its_state_and_one_that_is_not_known_is_held(state: object, action: str) -> None:
    """R4."""
    assert said("consent.updated", state=state).action == action


def test_a_kind_of_consent_event_that_is_not_known_is_held() -> None:
    """It may have been an opt-out."""
    assert said("consent.revoked").action == "hold"


@pytest.mark.parametrize("kind", ["com.example.Consent.Withdrawn", "CONSENT.WITHDRAWN", " consent.withdrawn\n"])
def test_an_opt_out_is_one_however_its_type_is_written(kind: str) -> None:
    """As an order's type is: capitals and space around it change nothing."""
    assert stated(told("", ADA, type=kind)).action == "withdraw"


def test_an_opt_out_is_one_though_its_type_is_escaped() -> None:
    """JSON may write any letter by its number."""
    body = encoded({"id": "evt_1", "type": "consent.withdrawn", "data": ADA}).replace(b"consent.", b"consent\\u002e")
    assert stated(translate("own", "", OWN, body, received_at=RECEIVED)).action == "withdraw"


def test_what_is_odd_beside_an_opt_out_never_refuses_it() -> None:
    """Times, numbers and texts of the wrong kind; the time it arrived is its time then."""
    odd = {"occurred_at": 5, "method": {}, "purpose": [], "sender": 7, "country": [], "placed_at": "?", "total": []}
    one = stated(told("consent.withdrawn", {"email": "ada@example.com", **odd}, time="?"))
    assert (one.action, one.strength, one.occurred_at) == ("withdraw", "pref_out", None)
    assert one.statement_id == "consent:evt_1:email:withdrawn:1795284000000"


def test_an_opt_out_on_no_known_channel_holds_for_every_address() -> None:
    """An opt-in there is refused."""
    both: dict[str, object] = {"channel": "pigeon", "email": "ada@example.com", "phone": "+12025550123"}
    assert [(one.channel, one.action) for one in told("consent.withdrawn", both).consent] == [
        ("email", "withdraw"),
        ("sms", "withdraw"),
    ]
    assert refused(told("consent.granted", both)).code == "wrong_type"


@pytest.mark.parametrize(
    ("data", "channel"),
    [
        ({"address": "ada@example.com"}, "email"),
        ({"address": "+12025550123"}, "sms"),
        ({"address": "+12025550123", "channel": "sms"}, "sms"),
        ({"phone": "+12025550123"}, "sms"),
    ],
)
def test_an_opt_out_is_of_the_channel_that_its_address_is_on(data: dict[str, object], channel: str) -> None:
    """Where none is named."""
    assert stated(told("consent.withdrawn", data)).channel == channel


def test_a_consent_event_about_nobody_is_set_aside() -> None:
    """An opt-out waits for a person."""
    assert refused(told("consent.withdrawn", {"channel": "sms", "email": "ada@example.com"})).code == (
        "address_not_usable"
    )
    assert refused(told("consent.granted", {"channel": "email"})).code == "opt_in_without_address"


def test_two_acts_under_one_id_are_two() -> None:
    """A sender that uses an id twice is heard both times."""
    first = said("consent.withdrawn", occurred_at="2026-11-02T00:00:00Z")
    second = said("consent.withdrawn", occurred_at="2026-11-03T00:00:00Z")
    assert first.statement_id != second.statement_id


def test_ticked_boxes_of_orders_and_checkouts_are_opt_ins() -> None:
    """Every body of an order states the same; what is not ticked says nothing."""
    data = DATA | {"accepts_marketing": True, "accepts_sms": True, "phone": "+12025550123", "country": "US"}
    email, sms = told("order.completed", data).consent
    assert (email.statement_id, sms.statement_id) == ("accepts:order%3AA-1001:email", "accepts:order%3AA-1001:sms")
    assert (email.strength, email.method, email.form, email.country) == (
        *("strong_in", "checkout", "own:main:checkout"),
        "US",
    )
    assert (sms.address, sms.regions) == ("+12025550123", ("US", "DE"))
    started = told("checkout.started", data | {"checkout_id": "c1"})
    assert [one.statement_id for one in started.consent] == ["accepts:checkout%3Ac1:email", "accepts:checkout%3Ac1:sms"]
    for ticked in (False, None, "yes", 1):
        assert told("order.completed", DATA | {"accepts_marketing": ticked}).consent == ()
    assert told("order.cancelled", data).consent == ()
