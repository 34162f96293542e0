"""What a Shopify customer's state says of consent."""

import pytest
from commerce_sync.consent.shopify_facts import of_customer
from commerce_sync.contracts.consent import Channel, ConsentStatement

from tests.unit.consent.vendor_states import Customer, T


def said(shown: Customer, channel: Channel = "email") -> list[ConsentStatement]:
    """What the customer says."""
    return of_customer("us", "gid://shopify/Customer/7", channel, "ana@example.com", shown)


@pytest.mark.parametrize(
    ("state", "action", "strength"),
    [
        ("SUBSCRIBED", "grant", "strong_in"),
        ("UNSUBSCRIBED", "withdraw", "pref_out"),
        ("PENDING", "info", "info"),
        ("INVALID", "info", "info"),
        ("REDACTED", "info", "info"),
        ("MAYBE", "hold", "info"),
    ],
)
@pytest.mark.parametrize("channel", ["email", "sms"])
def test_a_state_says_what_it_says(state: str, action: str, strength: str, channel: Channel) -> None:
    """With its own time, and the form that the notice is looked up by."""
    (one,) = said(Customer(state), channel)
    assert (one.action, one.strength, one.occurred_at, one.form) == (action, strength, T, "shopify:us:checkout")


@pytest.mark.parametrize("state", ["NOT_SUBSCRIBED", "", "not_subscribed"])
def test_the_default_says_nothing(state: str) -> None:
    """Not even that."""
    assert said(Customer(state, updated_at=T)) == []


def test_what_has_no_time_or_comes_from_elsewhere_is_weak() -> None:
    """The channel decides what elsewhere is: email shows none."""
    (undated,) = said(Customer("SUBSCRIBED", None))
    (elsewhere,) = said(Customer("SUBSCRIBED", collected_from="OTHER"), "sms")
    (email,) = said(Customer("SUBSCRIBED", collected_from=""))
    assert [one.strength for one in (undated, elsewhere, email)] == ["weak_in", "weak_in", "strong_in"]
    (out,) = said(Customer("UNSUBSCRIBED", None))
    assert (out.strength, out.occurred_at) == ("pref_out", None)


@pytest.mark.parametrize(
    ("level", "strength", "actor"),
    [
        ("SINGLE_OPT_IN", "strong_in", "subject"),
        ("CONFIRMED_OPT_IN", "strong_in", "subject"),
        ("UNKNOWN", "weak_in", "system"),
        ("", "weak_in", "system"),
        ("DOUBLE_SOMETHING", "weak_in", "system"),
    ],
)
def test_only_a_level_that_a_person_opted_in_at_is_strong(level: str, strength: str, actor: str) -> None:
    """Imports and staff leave none, or one that is not known."""
    (one,) = said(Customer("SUBSCRIBED", opt_in_level=level))
    assert (one.strength, one.actor) == (strength, actor)
    (out,) = said(Customer("UNSUBSCRIBED", opt_in_level=level))
    assert (out.strength, out.actor) == ("pref_out", "subject")


def test_the_same_state_is_the_same_statement() -> None:
    """By the customer, the channel, the state and its time."""
    states = [Customer("SUBSCRIBED"), Customer("UNSUBSCRIBED"), Customer("UNSUBSCRIBED", None)]
    ids = [one.statement_id for state in states for channel in ("email", "sms") for one in said(state, channel)]
    assert len(set(ids)) == 6
