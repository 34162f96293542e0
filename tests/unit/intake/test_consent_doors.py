"""The routes about consent: preference forms, staff, texts, support mail."""

from typing import Any

import pytest
from commerce_sync.contracts import Store
from commerce_sync.contracts.consent import ConsentStatement, is_opt_out
from commerce_sync.intake import Translation, translate

from tests.unit.intake.bodies import RECEIVED, Body, encoded, refused, stated

PREFERENCE = {
    "id": "pref-1",
    "email": "ada@example.com",
    "channel": "email",
    "choice": "subscribe",
    "occurred_at": "2026-11-02T08:30:00Z",
    "form": "footer",
    "language": "de",
    "country": "AT",
    "notice_sha256": "a" * 64,
}
REVOCATION = {
    "id": "rev-1",
    "email": "ada@example.com",
    "phone": "0151 12345678",
    "choice": "unsubscribe",
    "reason": "called us",
    "staff_id": "kim",
}
TEXT = {
    "id": "SM1",
    "from": "+12025550123",
    "to": "+12025550100",
    "text": "STOP",
    "received_at": "2026-11-02T08:30:00Z",
    "provider": "twilio",
}
MAIL = {
    "id": "m-1",
    "email": "ada@example.com",
    "subject": "please",
    "text": "unsubscribe me",
    "received_at": "2026-11-02T08:30:00Z",
}


def at_door(door: str, body: Any) -> Translation:
    """The translation of one body."""
    store = Store(source=door, id="main", country="DE")
    return translate(door, "", store, body if isinstance(body, bytes) else encoded(body), received_at=RECEIVED)


def said(door: str, body: Body, **changes: object) -> ConsentStatement:
    """Its one statement."""
    return stated(at_door(door, body | changes))


def test_a_preference_says_who_chose_what_where_and_when() -> None:
    """An opt-in at a form whose notice can be looked up."""
    one = said("preferences", PREFERENCE)
    assert (one.action, one.strength, one.method, one.form) == (
        *("grant", "strong_in", "preference_page", "preferences:main:footer"),
    )
    assert (one.purpose, one.country, one.notice_sha256, one.actor) == (None, "AT", "a" * 64, "subject")
    assert one.statement_id == "preferences:pref-1:email:grant::1793608200000"
    assert one.evidence == {"choice": "subscribe", "language": "de"}


def test_a_confirmed_preference_is_verified() -> None:
    """The link was opened from the address."""
    assert said("preferences", PREFERENCE, verification="double_opt_in").strength == "verified_in"
    assert said("preferences", PREFERENCE, verification="certainly").strength == "strong_in"


def test_an_unsubscribe_is_of_every_purpose_unless_it_names_one() -> None:
    """Whoever says no to nothing in particular says no."""
    one = said("preferences", PREFERENCE, choice="Unsubscribe")
    assert (one.action, one.strength, one.purpose) == ("withdraw", "pref_out", "*")
    assert said("preferences", PREFERENCE, choice="unsubscribe", purpose="offers").purpose == "offers"


@pytest.mark.parametrize("choice", ["pause", "", None, 5, {}])
@pytest.mark.parametrize(("door", "body"), [("preferences", PREFERENCE), ("staff", {**REVOCATION, "phone": None})])
def test_a_choice_that_is_not_known_is_held(door: str, body: Body, choice: object) -> None:
    """R4: it may have been an opt-out."""
    assert said(door, body, choice=choice).action == "hold"


def test_an_unsubscribe_on_no_known_channel_is_of_every_address() -> None:
    """A subscription there is refused."""
    both = PREFERENCE | {"channel": "fax", "phone": "+12025550123"}
    assert [one.channel for one in at_door("preferences", both | {"choice": "unsubscribe"}).consent] == ["email", "sms"]
    assert refused(at_door("preferences", both)).path == "channel"


def test_a_revocation_is_of_every_address_purpose_and_brand() -> None:
    """As the person told the staff, who are the actor."""
    email, sms = at_door("staff", REVOCATION).consent
    for one in (email, sms):
        assert (one.action, one.strength, one.actor, one.method) == ("withdraw", "pref_out", "staff", "staff")
        assert (one.purpose, one.sender) == ("*", "*")
        assert one.evidence == {"choice": "unsubscribe", "reason": "called us", "staff_id": "kim"}
    assert (sms.address, sms.regions) == ("0151 12345678", ("DE",))
    assert email.statement_id == "staff:rev-1:email:withdraw:*:1795284000000"


@pytest.mark.parametrize(("legal", "strength"), [(True, "hard_out"), (False, "pref_out"), ("yes", "pref_out")])
def test_a_legal_request_is_hard(legal: object, strength: str) -> None:
    """Only a verified opt-in clears it."""
    assert said("staff", {**REVOCATION, "phone": None}, legal=legal).strength == strength


def test_a_tick_of_the_staff_is_weak() -> None:
    """Nobody else saw the person agree."""
    one = said("staff", {**REVOCATION, "phone": None}, choice="subscribe", occurred_at="2026-11-02T08:30:00Z")
    assert (one.action, one.strength, one.purpose, one.sender) == ("grant", "weak_in", None, None)


def test_an_unread_text_goes_ahead_of_everything_else() -> None:
    """What it means is for the consent rules to say."""
    one = said("sms", TEXT)
    assert (one.channel, one.address, one.action, one.strength, one.method) == (
        *("sms", "+12025550123", "info", "info", "keyword"),
    )
    assert one.evidence == {"text": "STOP", "to": "+12025550100", "provider": "twilio"}
    assert one.statement_id == "sms:SM1:1793608200000"
    assert is_opt_out(one)


def test_an_unread_mail_goes_ahead_of_everything_else() -> None:
    """With its subject."""
    one = said("support", MAIL)
    assert (one.channel, one.action, one.method) == ("email", "info", "free_text")
    assert one.evidence == {"text": "unsubscribe me", "subject": "please"}
    assert is_opt_out(one)


def test_a_long_mail_is_cut_to_what_travels() -> None:
    """A queue's message has an end."""
    cut = said("support", MAIL, text="x" * 100_000).evidence
    assert (len(cut["text"]), cut["cut"]) == (20_000, "yes")
    quoting = said("support", MAIL, text="> you wrote\n" * 10_000 + "please stop").evidence
    assert quoting == {"text": "please stop", "subject": "please"}


@pytest.mark.parametrize(
    ("door", "body", "code"),
    [
        ("preferences", PREFERENCE | {"email": None, "choice": "unsubscribe"}, "address_not_usable"),
        ("preferences", PREFERENCE | {"email": None}, "opt_in_without_address"),
        ("preferences", PREFERENCE | {"channel": "sms", "choice": "unsubscribe"}, "address_not_usable"),
        ("staff", {"choice": "unsubscribe"}, "address_not_usable"),
        ("staff", {"choice": "subscribe"}, "opt_in_without_address"),
        ("staff", {}, "address_not_usable"),
        ("sms", TEXT | {"from": None}, "address_not_usable"),
        ("sms", TEXT | {"text": None}, "missing_field"),
        ("support", MAIL | {"email": 5}, "address_not_usable"),
        ("support", MAIL | {"text": None, "subject": ""}, "missing_field"),
    ],
)
def test_what_names_nobody_or_says_nothing_is_set_aside(door: str, body: Body, code: str) -> None:
    """With a reason that says whether somebody must look."""
    assert refused(at_door(door, body)).code == code


@pytest.mark.parametrize("door", ["preferences", "staff", "sms", "support"])
@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'"x"', b"{", b"\xff"])
def test_a_body_that_is_no_object_is_set_aside(door: str, body: bytes) -> None:
    """And never raises."""
    assert refused(at_door(door, body)).waits


@pytest.mark.parametrize(("door", "body"), [("preferences", PREFERENCE), ("sms", TEXT), ("support", MAIL)])
def test_without_an_id_the_body_itself_is_one(door: str, body: Body) -> None:
    """The same body again is the same act; another body is another."""
    bare = {name: value for name, value in body.items() if name != "id"}
    first, again, other = said(door, bare), said(door, bare), said(door, bare | {"more": 1})
    assert first.statement_id == again.statement_id != other.statement_id


@pytest.mark.parametrize(
    ("door", "body"),
    [("preferences", PREFERENCE), ("staff", REVOCATION), ("sms", TEXT), ("support", MAIL)],
)
def test_whoever_is_named_is_found_by_an_erasure(door: str, body: Body) -> None:
    """The delivery stays in the archive."""
    named = [(person.email, person.phone) for person in at_door(door, body).people]
    addresses = [one.address for one in at_door(door, body).consent]
    assert sorted(filter(None, (part for pair in named for part in pair))) == sorted(addresses)
