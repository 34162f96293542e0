"""What a Klaviyo profile's owner refused: every combination by a table, and random pairs of whole standings."""

from itertools import product
from typing import Any

import pytest
from commerce_sync.duplicates.klaviyo_refusals import profile_refusals
from commerce_sync.duplicates.survivors import why_not
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.duplicates import entry

UNKNOWN = "unknown"
CAN_RECEIVE = {
    "email.marketing": "can_receive_email_marketing",
    "email.open_tracking": "can_receive",
    "email.click_tracking": "can_receive",
    "sms.marketing": "can_receive_sms_marketing",
    "sms.transactional": "can_receive_sms_transactional",
    "mobile_push.marketing": "can_receive_push_marketing",
    "whatsapp.marketing": "can_receive",
    "whatsapp.transactional": "can_receive",
    "whatsapp.conversational": "can_receive",
}
"""What each permission calls its flag (Klaviyo 2026-10-15)."""
CONSENTS = ("SUBSCRIBED", "NEVER_SUBSCRIBED", "UNSUBSCRIBED", "HELD", None)
FLAGS = (True, False, None)
SUPPRESSIONS = ((), ("HARD_BOUNCE",), ("SPAM_COMPLAINT",), ("HARD_BOUNCE", "SPAM_COMPLAINT"), ("L1/UNSUBSCRIBE",))
REFUSED = {
    ("SUBSCRIBED", True): "",
    ("SUBSCRIBED", False): "blocked",
    ("NEVER_SUBSCRIBED", True): "",
    ("NEVER_SUBSCRIBED", False): "",
    ("UNSUBSCRIBED", True): "refused, and yet not blocked",
    ("UNSUBSCRIBED", False): "refused",
}
"""What a permission means where nobody is messaged who never subscribed."""
REFUSED_BY_EMAIL = REFUSED | {("NEVER_SUBSCRIBED", False): "blocked"}
"""Those who never subscribed may get email unless something suppresses it."""

Standing = tuple[str | None, bool | None, tuple[str, ...]]


def meant(name: str, standing: Standing) -> tuple[str, tuple[str, ...]]:
    """What a standing refuses, by the table; suppressions beside it, for they are independent."""
    consent, flag, suppressions = standing
    table = REFUSED_BY_EMAIL if name.startswith("email.") else REFUSED
    if consent is None or flag is None or (consent, flag) not in table:
        return UNKNOWN, ()
    return table[consent, flag], suppressions


def permission(name: str, standing: Standing) -> dict[str, Any]:
    """A standing as Klaviyo shows it; what is None is not there."""
    consent, flag, suppressions = standing
    told = {"consent": consent, CAN_RECEIVE[name]: flag, "consent_timestamp": None}
    permission: dict[str, Any] = {field: value for field, value in told.items() if value is not None}
    if name == "email.marketing":
        lists = [one.split("/") for one in suppressions if "/" in one]
        permission["suppression"] = [{"reason": one, "timestamp": "t"} for one in suppressions if "/" not in one]
        permission["list_suppressions"] = [{"list_id": one, "reason": why, "timestamp": "t"} for one, why in lists]
    return permission


def attributes(standings: dict[str, Standing], **more: Any) -> dict[str, Any]:
    """A profile's attributes."""
    subscriptions: dict[str, dict[str, Any]] = {}
    for name, standing in standings.items():
        channel, purpose = name.split(".")
        subscriptions.setdefault(channel, {})[purpose] = permission(name, standing)
    return {"subscriptions": subscriptions, **more}


def is_planned(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two profiles with one address would be merged."""
    records = [
        entry(f"{position}", "email:a", opt_outs=profile_refusals(told)) for position, told in enumerate((one, other))
    ]
    return why_not(*records) is None


@pytest.mark.parametrize("name", CAN_RECEIVE)
def test_two_profiles_are_planned_only_when_both_refused_exactly_the_same(name: str) -> None:
    """Every pair of consent, flag and suppressions on every channel; what we have no word for is never planned."""
    standings = list(product(CONSENTS, FLAGS, SUPPRESSIONS if name == "email.marketing" else ((),)))
    wrong = []
    for one, other in product(standings, repeat=2):
        expected = meant(name, one) == meant(name, other) != (UNKNOWN, ())
        if is_planned(attributes({name: one}), attributes({name: other})) != expected:
            wrong.append((one, other, expected))
    assert wrong == []


def test_a_subscriber_who_cannot_be_messaged_by_sms_has_refused() -> None:
    """Klaviyo has no list of suppressions for SMS: the flag is all that tells of a STOP."""
    stopped = attributes({"sms.marketing": ("SUBSCRIBED", False, ())})
    assert profile_refusals(stopped) == "sms.marketing:cannot_receive"
    assert not is_planned(stopped, attributes({"sms.marketing": ("SUBSCRIBED", True, ())}))


def test_refusals_are_named_by_channel_purpose_and_reason() -> None:
    """As the report shows them."""
    told = attributes({"email.marketing": ("SUBSCRIBED", False, ("HARD_BOUNCE", "L1/UNSUBSCRIBE"))})
    assert profile_refusals(told) == (
        "email.marketing:HARD_BOUNCE,email.marketing:L1/UNSUBSCRIBE,email.marketing:cannot_receive"
    )


STANDINGS = st.fixed_dictionaries(
    {},
    optional={
        name: st.tuples(
            st.sampled_from(CONSENTS),
            st.sampled_from(FLAGS),
            st.sampled_from(SUPPRESSIONS) if name == "email.marketing" else st.just(()),
        )
        for name in CAN_RECEIVE
    },
)


@given(STANDINGS, STANDINGS)
def test_planned_implies_equal_refusals(one: dict[str, Standing], other: dict[str, Standing]) -> None:
    """Of whole profiles: every permission that either shows means the same, or refuses nothing, on the other side."""
    if is_planned(attributes(one), attributes(other)):
        nothing: Standing = ("SUBSCRIBED", True, ())
        for name in one.keys() | other.keys():
            assert meant(name, one.get(name, nothing)) == meant(name, other.get(name, nothing)) != (UNKNOWN, ())


@given(STANDINGS)
def test_a_permission_that_cannot_be_read_makes_the_whole_unknown(standings: dict[str, Standing]) -> None:
    """Whatever else is told; and nothing told at all is unknown too."""
    unknown = not standings or any(meant(name, one)[0] == UNKNOWN for name, one in standings.items())
    assert (profile_refusals(attributes(standings)) is None) == unknown


ABLE = {"consent": "SUBSCRIBED", "can_receive": True}


@pytest.mark.parametrize(
    "subscriptions",
    [
        None,
        {},
        [],
        "SUBSCRIBED",
        {"email": "SUBSCRIBED"},
        {"email": {"marketing": {}}},
        {"email": {"marketing": "SUBSCRIBED"}},
        {"email": {"marketing": None}},
        {"email": {"marketing": {**ABLE, "can_receive": "true"}}},
        {"email": {"marketing": {**ABLE, "can_receive": 1}}},
        {"email": {"marketing": {**ABLE, "can_receive_too": True}}},
        {"email": {"marketing": {**ABLE, "consent": ["SUBSCRIBED"]}}},
        {"email": {"marketing": {**ABLE, "suppression": {"reason": "UNSUBSCRIBE"}}}},
        {"email": {"marketing": {**ABLE, "suppression": ["UNSUBSCRIBE"]}}},
        {"email": {"marketing": {**ABLE, "suppression": [{"timestamp": "t"}]}}},
        {"email": {"marketing": {**ABLE, "list_suppressions": [{"reason": "UNSUBSCRIBE"}]}}},
        {"email": {"marketing": {**ABLE, "suppression": [{"reason": "A,email.marketing:B"}]}}},
        {"email": {"marketing": ABLE}, "sms": {"a,b": ABLE}},
    ],
)
def test_what_has_another_shape_is_unknown(subscriptions: Any) -> None:
    """Klaviyo changes once in a while; we never guess."""
    assert profile_refusals({"subscriptions": subscriptions}) is None


@pytest.mark.parametrize(
    ("address", "told", "refused"),
    [
        ({"email": "ana@example.com"}, {"email": {"marketing": ABLE}}, ""),
        ({"email": "ana@example.com"}, {"sms": {"marketing": ABLE}}, None),
        ({"phone_number": "+12125550123"}, {"sms": {"marketing": ABLE}, "email": None}, ""),
        ({"phone_number": "+12125550123"}, {"email": {"marketing": ABLE}, "sms": {"marketing": None}}, None),
    ],
)
def test_consent_to_an_address_must_be_told_where_there_is_one(
    address: dict[str, str], told: dict[str, Any], refused: str | None
) -> None:
    """A profile with a phone number, of whose SMS consent nothing is told, may have said STOP."""
    assert profile_refusals({**address, "subscriptions": told}) == refused


def test_a_channel_that_we_do_not_know_yet_is_compared_like_any_other() -> None:
    """Klaviyo adds channels."""
    told = {"consent": "UNSUBSCRIBED", "can_receive_rcs": False}
    refusals = profile_refusals({"subscriptions": {"rcs": {"marketing": told}}})
    assert refusals == "rcs.marketing:UNSUBSCRIBED,rcs.marketing:cannot_receive"
