"""What HubSpot says: opt-outs with the times that are known, and statuses of one address."""

from datetime import datetime, timedelta

import pytest
from commerce_sync.consent.hubspot_facts import of_contact, of_statuses, unconfirmed
from commerce_sync.consent.naming import is_ignored, named_by
from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.contracts.consent_policy import ConsentPolicy, Purpose

from tests.unit.consent.vendor_states import Contact, Status, T

LATER = T + timedelta(days=1)
ANA = "ana@example.com"
POLICY = ConsentPolicy(
    default_purpose="marketing",
    default_sender="main",
    senders=("main",),
    purposes=(Purpose(id="marketing", channels=("email",), hubspot=("Marketing Information",), klaviyo="account"),),
    ignored_hubspot=("One to One",),
    ignored_klaviyo=("Staff",),
)
NAMED = named_by(POLICY, "hubspot", {"1": "Marketing Information", "2": "One to One", "3": "News", "4": "News"})


def test_an_opt_out_of_everything_is_said_once() -> None:
    """HubSpot shows every kind as opted out then, too."""
    (one,) = of_contact(Contact(frozenset({"*", "1", "2"}), {"*": T, "1": T, "2": T}), ANA, NAMED)
    assert (one.action, one.strength, one.purpose, one.occurred_at) == ("withdraw", "pref_out", "*", T)


def test_an_opt_out_of_one_kind_has_the_name_that_is_configured() -> None:
    """Else its id."""
    said = of_contact(Contact(frozenset({"1", "3"}), {"1": T}), ANA, NAMED)
    assert [(one.subscription, one.occurred_at) for one in said] == [("Marketing Information", T), ("3", None)]


def test_an_additional_address_has_no_time() -> None:
    """Which of a contact's addresses said it, HubSpot does not tell."""
    contact = Contact(frozenset({"*"}), {"*": T}, additional_emails=("a@example.com",))
    (one,) = of_contact(contact, "a@example.com", NAMED)
    assert (one.action, one.occurred_at) == ("withdraw", None)
    assert one.statement_id != of_contact(contact, ANA, NAMED)[0].statement_id


def test_polled_the_second_opt_out_of_an_additional_address_is_another_one() -> None:
    """By when the contact's began; read again after some other change it is the same one."""

    def polled(since: datetime | None, changed_at: datetime) -> ConsentStatement:
        contact = Contact(frozenset({"*"}), {"*": since} if since else {}, additional_emails=("a@example.com",))
        (one,) = of_contact(contact, "a@example.com", NAMED, changed_at)
        return one

    first, again, second = polled(T, T), polled(T, LATER), polled(LATER, LATER)
    assert first.statement_id == again.statement_id != second.statement_id
    assert {one.occurred_at for one in (first, second)} == {None}
    assert polled(None, T).statement_id != polled(None, LATER).statement_id


def test_nothing_opted_out_of_says_nothing() -> None:
    """False is a default."""
    assert of_contact(Contact(frozenset()), ANA, NAMED) == []


def test_statuses_keep_their_own_times() -> None:
    """An opt-out without one is dated by its contact's change; a subscription is a weak word."""
    statuses = [Status("1", "UNSUBSCRIBED"), Status("3", "UNSUBSCRIBED", None), Status("2", "SUBSCRIBED")]
    said = list(of_statuses("501", ANA, statuses, LATER, NAMED))
    assert [(one.action, one.strength, one.occurred_at, one.occurred_trust) for one in said] == [
        ("withdraw", "pref_out", T, "vendor"),
        ("withdraw", "pref_out", LATER, "derived"),
        ("grant", "weak_in", T, "vendor"),
    ]


def test_whoever_left_everything_left_each_kind() -> None:
    """It is said once; that everything is not opted out of says nothing."""
    out = [Status("*", "UNSUBSCRIBED"), Status("1", "UNSUBSCRIBED"), Status("2", "SUBSCRIBED")]
    (one,) = of_statuses("501", ANA, out, LATER, NAMED)
    assert (one.action, one.purpose) == ("withdraw", "*")
    assert list(of_statuses("501", ANA, [Status("*", "SUBSCRIBED")], LATER, NAMED)) == []


@pytest.mark.parametrize(
    ("statuses", "left"),
    [
        ([], {"1", "2"}),
        ([Status("1", "UNSUBSCRIBED"), Status("2", "SUBSCRIBED")], {"2"}),
        ([Status("1", " unsubscribed "), Status("2", "NOT_SPECIFIED"), Status("2", "UNSUBSCRIBED")], set()),
        ([Status("*", "UNSUBSCRIBED")], set()),
        ([Status("*", "SUBSCRIBED")], {"1", "2"}),
    ],
)
def test_an_opt_out_of_the_contact_is_confirmed_by_a_status_that_says_so(
    statuses: list[Status], left: set[str]
) -> None:
    """No other word takes it back."""
    assert unconfirmed(frozenset({"1", "2"}), statuses) == left


@pytest.mark.parametrize("word", ["NOT_SPECIFIED", ""])
def test_no_status_is_no_information(word: str) -> None:
    """Of any kind."""
    assert list(of_statuses("501", ANA, [Status("1", word), Status("*", word)], T, NAMED)) == []


def test_an_unknown_status_is_held() -> None:
    """Never an opt-in."""
    (one,) = of_statuses("501", ANA, [Status("1", "RESUBSCRIBED_MAYBE")], T, NAMED)
    assert (one.action, one.strength) == ("hold", "info")


def test_no_id_names_anybody() -> None:
    """Ids stand in the ledger where everybody may read them."""
    said = [
        *of_contact(Contact(frozenset({"*"}), {"*": T}), ANA, NAMED),
        *of_statuses("501", ANA, [Status("1", "SUBSCRIBED")], T, NAMED),
    ]
    assert [one.statement_id for one in said if "@" in one.statement_id] == []


def test_names_that_several_have_mean_none_of_them() -> None:
    """By id or by name, as it is configured."""
    assert [NAMED(one) for one in ("1", "Marketing Information", "2", "News", "9")] == [
        *("Marketing Information", "Marketing Information", "One to One", "News", "9")
    ]
    of_lists = named_by(POLICY, "klaviyo", {"Y6nRLr": "Staff", "Z1": "News"})
    assert [of_lists(one) for one in ("Y6nRLr", "Staff", "News", "account")] == ["Staff", "Staff", "Z1", "account"]
    assert is_ignored(POLICY, "2", "One to One")
    assert not is_ignored(POLICY, "1", "Marketing Information")
