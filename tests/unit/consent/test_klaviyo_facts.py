"""What Klaviyo shows is classed by its own method, confirmation and time, and never made more of than it is."""

from datetime import datetime, timedelta

import pytest
from commerce_sync.consent.klaviyo_events import METRICS, NEEDED, of_event
from commerce_sync.consent.klaviyo_facts import of_profile, shown_open
from commerce_sync.contracts.consent import Channel, ConsentStatement, is_opt_out
from commerce_sync.contracts.klaviyo_methods import method_of

from tests.unit.consent.vendor_states import Event, Profile, T

LATER = T + timedelta(days=3)


def said(shown: Profile, channel: Channel = "email", seen_at: datetime | None = None) -> list[ConsentStatement]:
    """What a profile says."""
    return of_profile("ana@example.com" if channel == "email" else "+12025550100", channel, shown, seen_at)


@pytest.mark.parametrize(
    ("method", "double_optin", "at", "strength"),
    [
        ("FORM", None, T, "strong_in"),
        ("Klaviyo Form", False, T, "strong_in"),
        ("PREFERENCE_PAGE", None, T, "strong_in"),
        ("Shopify Checkout", None, T, "strong_in"),
        ("KEYWORD", None, T, "verified_in"),
        ("INBOUND_MESSAGE", None, T, "strong_in"),
        ("FORM", True, T, "verified_in"),
        ("API", True, T, "verified_in"),
        ("API", False, T, "weak_in"),
        ("api form", False, T, "weak_in"),
        ("PLATFORM_INTEGRATION", None, T, "weak_in"),
        ("CSV_IMPORT", None, T, "weak_in"),
        ("", None, T, "weak_in"),
        ("FORM", None, None, "weak_in"),
        ("KEYWORD", True, None, "weak_in"),
    ],
)
def test_a_subscription_is_as_strong_as_it_was_collected(
    method: str,
    double_optin: bool | None,  # noqa: FBT001 # a case of the table
    at: datetime | None,
    strength: str,
) -> None:
    """Confirmed or by keyword: verified; a person's dated own act: strong; the rest is weak."""
    (one,) = said(Profile("SUBSCRIBED", at, method=method, double_optin=double_optin))
    assert (one.action, one.strength, one.occurred_at) == ("grant", strength, at)
    assert one.actor == ("system" if strength == "weak_in" else "subject")


@pytest.mark.parametrize("consent", ["", "NEVER_SUBSCRIBED", "never subscribed", "NOT_SUBSCRIBED", " "])
def test_no_information_is_not_an_event(consent: str) -> None:
    """Whatever stands beside it."""
    assert said(Profile(consent, T, T, "FORM", double_optin=True)) == []
    assert said(Profile(consent), "sms") == []


@pytest.mark.parametrize("consent", ["UNCONFIRMED", "PENDING", "subscribed?", "OUI"])
@pytest.mark.parametrize("channel", ["email", "sms"])
def test_a_word_that_nobody_knows_is_held(consent: str, channel: Channel) -> None:
    """Never an opt-in."""
    (one,) = said(Profile(consent, T, T), channel)
    assert (one.action, one.purpose) == ("hold", "*")


def test_an_unsubscribe_is_dated_by_what_there_is() -> None:
    """Its own time, else the last change, else when the profile changed; the last two are derived."""
    assert [(one.occurred_at, one.occurred_trust) for one in said(Profile("UNSUBSCRIBED", T, LATER))] == [(T, "vendor")]
    (one,) = said(Profile("UNSUBSCRIBED", None, LATER))
    assert (one.occurred_at, one.occurred_trust) == (LATER, "derived")
    (one,) = said(Profile("UNSUBSCRIBED"), seen_at=LATER)
    assert (one.occurred_at, one.occurred_trust) == (LATER, "derived")
    (one,) = said(Profile("UNSUBSCRIBED"))
    assert (one.action, one.strength, one.occurred_at, one.subscription) == ("withdraw", "pref_out", None, "account")


def test_by_phone_it_may_have_been_stop() -> None:
    """So it is hard, and of every purpose."""
    (one,) = said(Profile("UNSUBSCRIBED", T), "sms")
    assert (one.strength, one.purpose) == ("hard_out", "*")


@pytest.mark.parametrize(
    ("reason", "action", "strength", "actor"),
    [
        ("UNSUBSCRIBE", "withdraw", "pref_out", "subject"),
        ("SPAM_COMPLAINT", "withdraw", "hard_out", "subject"),
        ("SPAM_REPORT", "withdraw", "hard_out", "subject"),
        ("USER_SUPPRESSED", "hold", "info", "staff"),
        ("HARD_BOUNCE", "info", "info", "system"),
        ("INVALID_EMAIL", "info", "info", "system"),
        ("SOMETHING_NEW", "hold", "info", "system"),
    ],
)
def test_a_suppression_says_why(reason: str, action: str, strength: str, actor: str) -> None:
    """Beside a state that says nothing; and a subscription beside it is a weak word, but for a bounce."""
    (one,) = said(Profile("NEVER_SUBSCRIBED", suppressions=((reason, T),)))
    assert (one.action, one.strength, one.actor, one.occurred_at) == (action, strength, actor, T)
    grant = said(Profile("SUBSCRIBED", LATER, method="FORM", suppressions=((reason, T),)))[-1]
    assert grant.strength == ("strong_in" if action == "info" else "weak_in")


def test_an_unsubscribe_that_is_shown_twice_is_said_once() -> None:
    """As state and as suppression of one time; another time is another act."""
    assert len(said(Profile("UNSUBSCRIBED", T, suppressions=(("UNSUBSCRIBE", T),)))) == 1
    assert len(said(Profile("UNSUBSCRIBED", T, suppressions=(("UNSUBSCRIBE", LATER),)))) == 2


def test_lists_are_said_one_by_one() -> None:
    """A complaint is about all."""
    shown = Profile(list_suppressions=(("Y6nRLr", "UNSUBSCRIBE", T), ("Z1", "SPAM_COMPLAINT", T), ("Z2", "ODD", None)))
    assert [(one.action, one.subscription, one.purpose) for one in said(shown)] == [
        ("withdraw", "Y6nRLr", None),
        ("withdraw", None, "*"),
        ("hold", "Z2", None),
    ]


def test_the_same_state_makes_the_same_statements_and_another_state_others() -> None:
    """By the profile, the channel, what it shows and when."""
    states = [
        Profile("SUBSCRIBED", T, method="FORM"),
        Profile("SUBSCRIBED", T, method="FORM", double_optin=True),
        Profile("SUBSCRIBED", LATER, method="FORM"),
        Profile("UNSUBSCRIBED", T),
        Profile("UNSUBSCRIBED", LATER),
        Profile("UNSUBSCRIBED", T, profile_id="01OTHER"),
    ]
    ids = [one.statement_id for state in states for one in said(state)]
    assert len(set(ids)) == len(ids)
    assert ids == [one.statement_id for state in states for one in said(state)]
    assert not any("@" in one for one in ids)


def test_words_count_as_a_whole() -> None:
    """A platform is no form; what proves less comes first."""
    assert [method_of(one) for one in ("PLATFORM", "csv form", "Form", "Text keyword", "")] == [
        *("api", "import", "form", "keyword", "api")
    ]


@pytest.mark.parametrize("metric", sorted(METRICS))
def test_no_event_grants(metric: str) -> None:
    """An event does not say how an opt-in was collected: the profile does."""
    one = of_event(metric, Event(properties={"list_id": "Y6nRLr", "method": "FORM"}), str)
    assert one is None or one.action in {"withdraw", "info"}
    assert (one is None) == (METRICS[metric].action is None)


@pytest.mark.parametrize(
    ("metric", "properties", "expected"),
    [
        ("Unsubscribed from SMS Marketing", {"phone_number": "+12025550101"}, "+12025550101"),
        ("Unsubscribed from SMS Marketing", {"phone_number": " ", "email_address": "old@example.com"}, "+12025550100"),
        ("Unsubscribed from SMS Marketing", {"phone_number": 5}, "+12025550100"),
        ("Marked Email as Spam", {"email_address": " old@example.com "}, "old@example.com"),
        ("Marked Email as Spam", {}, "ana@example.com"),
    ],
)
def test_an_act_is_of_the_address_that_it_names(metric: str, properties: dict[str, object], expected: str) -> None:
    """The profile may have another one by now, and that one said nothing."""
    said_of = of_event(metric, Event(properties=properties), str)
    assert said_of is not None
    assert said_of.address == expected


def test_where_the_profile_is_gone_the_event_still_names_somebody() -> None:
    """A merge or a deletion takes no opt-out away."""
    gone = Event(email="", phone="", properties={"phone_number": "+12025550101"})
    stop = of_event("Unsubscribed from SMS Marketing", gone, str)
    assert stop is not None
    assert stop.address == "+12025550101"


def test_events_tell_whose_what_and_when() -> None:
    """An address that the profile lacks is empty, so that it is counted and not lost from sight."""
    stop = of_event("Unsubscribed from SMS Marketing", Event(), str)
    assert stop is not None
    assert (stop.address, stop.strength, stop.purpose, stop.occurred_at) == ("+12025550100", "hard_out", "*", T)
    left = of_event("Unsubscribed from List", Event(properties={"List": "News"}), {"News": "Y6nRLr"}.__getitem__)
    assert left is not None
    assert (left.address, left.strength, left.subscription) == ("ana@example.com", "pref_out", "Y6nRLr")
    assert of_event("Unsubscribed from List", Event(), str) is None
    nobody = of_event("Marked Email as Spam", Event(email=""), str)
    assert nobody is not None
    assert (nobody.address, nobody.strength) == ("", "hard_out")
    bounced = of_event("Bounced Email", Event(properties={"Bounce Type": "Hard"}), str)
    assert bounced is not None
    assert (bounced.action, bounced.evidence["bounce"]) == ("info", "Hard")
    assert not is_opt_out(bounced)


def test_opt_outs_are_read_first() -> None:
    """Nothing that subscribes or bounces stands before what takes permission back."""
    actions = [one.action for one in METRICS.values()]
    assert actions[: actions.count("withdraw")] == ["withdraw"] * actions.count("withdraw")
    assert {METRICS[one].action for one in NEEDED} == {"withdraw"}


@pytest.mark.parametrize("channel", ["email", "sms"])
@pytest.mark.parametrize("consent", ["", "NEVER_SUBSCRIBED", "SUBSCRIBED", "Not Subscribed"])
def test_a_profile_that_stands_in_nobodys_way_is_named_and_says_nothing(channel: Channel, consent: str) -> None:
    """R4: no event of either kind; and one for each time that the profile changed."""
    (one,) = shown_open("ana@example.com", channel, Profile(consent), T)
    (later,) = shown_open("ana@example.com", channel, Profile(consent), LATER)
    assert (one.action, one.strength, one.occurred_at, is_opt_out(one)) == ("info", "info", T, False)
    assert one.statement_id != later.statement_id


@pytest.mark.parametrize(
    "shown",
    [
        Profile("UNSUBSCRIBED"),
        Profile("a word that nobody knows"),
        Profile("SUBSCRIBED", suppressions=(("UNSUBSCRIBE", T),)),
        Profile("", suppressions=(("USER_SUPPRESSED", T),)),
        Profile("", suppressions=(("SPAM_REPORT", None),)),
        Profile("SUBSCRIBED", is_held=True),
    ],
)
def test_a_profile_that_is_closed_or_that_nobody_can_read_does_not_stand_open(shown: Profile) -> None:
    """Whatever closes it."""
    assert shown_open("ana@example.com", "email", shown, T) == []
