"""What a HubSpot contact's owner refused: the properties that say so, and random pairs of contacts."""

from hashlib import sha256

import pytest
from commerce_sync.duplicates.hubspot_refusals import contact_refusals, refusal_properties
from commerce_sync.duplicates.survivors import why_not
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.duplicates import entry

STANDARD = (
    "hs_email_bad_address",
    "hs_email_bounce",
    "hs_email_customer_quarantined_reason",
    "hs_email_hard_bounce_reason",
    "hs_email_hard_bounce_reason_enum",
    "hs_email_optout",
    "hs_email_optout_77",
    "hs_email_optout_survey_reason",
    "hs_email_quarantined",
    "hs_email_quarantined_reason",
)
CUSTOM = (
    "do_not_contact",
    "donotcall",
    "sms_consent",
    "SMS_Opt_Out",
    "opted_out_of_everything",
    "newsletter_unsubscribed",
    "no_more_emails",
    "blocklisted",
    "dnc",
    "gdpr_objection",
    "klaviyo_suppressed",
)
OTHERS = ("email", "firstname", "orthodontist", "donation_amount", "hs_email_open", "hs_email_last_open_date", "notes")
TRUTHS = {"": False, "false": False, "False": False, "true": True, "True": True}
BOOLEAN = ("hs_email_optout", "hs_email_optout_77", "hs_email_quarantined", "hs_email_bad_address")


def key(value: str) -> str:
    """A hash, without its key."""
    return sha256(value.encode()).hexdigest()


def refusals(properties: dict[str, str], *asked: str) -> str | None:
    """The refusals of a contact that was read with these properties, asked for all of them and some more."""
    return contact_refusals(properties, [*properties, *asked], key)


def test_what_may_hold_a_refusal_is_found_among_the_accounts_properties() -> None:
    """HubSpot's own, and by their names those that staff or other tools made."""
    assert refusal_properties([*OTHERS, *CUSTOM, *STANDARD]) == sorted([*STANDARD, *CUSTOM])


def test_opting_out_is_always_asked_for() -> None:
    """An account that does not list it has contacts of which nobody knows."""
    assert refusal_properties([]) == ["hs_email_optout"]


@pytest.mark.parametrize(
    ("properties", "refused"),
    [
        ({}, ""),
        ({"hs_email_optout": "false", "hs_email_optout_77": "false"}, ""),
        ({"hs_email_optout": "true", "hs_email_optout_77": "true"}, "77,all"),
        ({"hs_email_optout_77": "true"}, "77"),
        ({"hs_email_optout": "TRUE"}, "all"),
        ({"hs_email_optout": "perhaps"}, None),
        ({"hs_email_optout_77": "NOT_SPECIFIED"}, None),
        ({"hs_email_quarantined": "true"}, "hs_email_quarantined"),
        ({"hs_email_quarantined": "1"}, None),
        ({"hs_email_bounce": "0"}, ""),
        ({"hs_email_bounce": "2"}, "hs_email_bounce"),
        ({"hs_email_hard_bounce_reason_enum": "SPAM"}, f"hs_email_hard_bounce_reason_enum:{key('SPAM')}"),
        ({"do_not_contact": "true", "sms_consent": ""}, f"do_not_contact:{key('true')}"),
        ({"sms_consent": "false"}, f"sms_consent:{key('false')}"),
    ],
)
def test_what_a_contact_refused_is_named(properties: dict[str, str], refused: str | None) -> None:
    """All mail, single subscriptions, and whatever else speaks against a message; a word we do not know is unknown."""
    assert refusals({"hs_email_optout": "", **properties}) == refused


@pytest.mark.parametrize("missing", STANDARD)
def test_a_property_that_was_asked_for_and_is_not_there_makes_refusals_unknown(missing: str) -> None:
    """HubSpot shows an empty property as null; one that is left out was not read."""
    read = {name: "" for name in STANDARD if name != missing}
    assert refusals(read, missing) is None
    assert refusals({**read, missing: ""}, missing) == ""


CONTACTS = st.fixed_dictionaries(
    {name: st.sampled_from([*TRUTHS, "perhaps"]) for name in BOOLEAN}
    | {"hs_email_bounce": st.sampled_from(["", "0", "1", "7"])}
    | {
        name: st.sampled_from(["", "true", "false", "SPAM", "OTHER"])
        for name in (*STANDARD, *CUSTOM)
        if name not in (*BOOLEAN, "hs_email_bounce")
    }
)


@given(CONTACTS, CONTACTS, st.data())
def test_planned_implies_equal_refusals(one: dict[str, str], other: dict[str, str], data: st.DataObject) -> None:
    """Property by property: the same truth, bounced or not on both, or the very same text."""
    alike = data.draw(st.sets(st.sampled_from(sorted(one))))
    other = other | {name: one[name] for name in alike}
    records = [entry(f"{number}", "email:a", opt_outs=refusals(told)) for number, told in enumerate((one, other))]
    same = {name: _said(name, one[name]) == _said(name, other[name]) is not None for name in one}
    assert (why_not(*records) is None) == all(same.values())


def _said(name: str, value: str) -> str | bool | None:
    """What a property says, by the test's own reading; None where nobody knows."""
    if name in BOOLEAN:
        return TRUTHS.get(value)
    return value not in {"", "0"} if name == "hs_email_bounce" else value
